using System;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Testing;
using TimChatBridge.Tests;
using UnityEditor;

namespace TimChatBridge.UnityTests
{
    // An assembly reload with calls of the native core under way: on the stand-in, whose answers come when the test says so.
    public sealed class ReloadWithCoreTests
    {
        private Script script = null!;

        [SetUp]
        public void Start()
        {
            StandIn.RequireOrIgnore();
            StandInNative.standin_reset();
            StandIn.Load("[{\"conv_id\":\"alice\",\"conv_type\":1}]");
            Played.StartEditor();
            Played.EnterPlayMode();
            script = new Script(BridgeLoop.Plugin);
        }

        [TearDown]
        public void End()
        {
            StandInNative.standin_release_held(-1);
            StandIn.WaitIdle();
            Played.EditorUpdate();
            Played.ExitPlayMode();
            Assert.That(EditorApplication.Locks, Is.Zero, "reloads are held back for good");
        }

        [Test]
        public void ACoreOfTheGamesOwnHoldsReloadsBackUntilItHasAnswered()
        {
            DeletesUnanswered(attached: true);
            Played.EditorUpdate();
            Assert.That(EditorApplication.Locks, Is.EqualTo(1));
            Played.ExitPlayMode();
            Played.EditorUpdate();
            Assert.That(EditorApplication.Locks, Is.EqualTo(1), "play mode's end changes nothing about that");
            StandInNative.standin_release_held(-1);
            StandIn.WaitIdle();
            Assert.That(BridgeLoop.AwaitCore(60_000), Is.Zero, "the last callback has returned");
            Played.EditorUpdate();
            Assert.That(EditorApplication.Locks, Is.Zero);
            Assert.That(Errors(), Is.Empty);
        }

        [Test]
        public void AReloadThatComesAllTheSameIsSaidToBeUnsafe()
        {
            DeletesUnanswered(attached: true);
            Played.EditorUpdate();
            Played.ReloadAssemblies();
            Assert.That(EditorApplication.Locks, Is.Zero);
            Assert.That(Errors().Single(), Does.Contain("owes 1 answers"));
        }

        [Test]
        public void ACoreOfScriptsOwnIsLetGoOfInstead()
        {
            DeletesUnanswered(attached: false);
            Played.EditorUpdate();
            Assert.That(EditorApplication.Locks, Is.Zero);
            long events = StandInNative.standin_callbacks(StandIn.OnConvEvent);
            Played.ReloadAssemblies();
            Assert.That(StandInNative.standin_calls(StandIn.Uninit), Is.EqualTo(1));
            Assert.That((CoreLibrary.LiveTokens, CoreLibrary.LiveBuffers), Is.EqualTo((0, 0)));
            StandInNative.standin_fire_conv_event(3, null);
            StandIn.WaitIdle();
            Assert.That(StandInNative.standin_callbacks(StandIn.OnConvEvent), Is.EqualTo(events), "the event slot is given back");
            Assert.That(Errors(), Is.Empty);
        }

        private void DeletesUnanswered(bool attached)
        {
            if (attached)
            {
                Assert.That(script.Send(new ToPlugin { Version = 1, Attach = new Attach() }), Is.Zero);
            }
            else
            {
                var init = new Init { SdkAppId = 1400000000 };
                Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = BridgeLoop.Plugin.Epoch, Init = init }), Is.Zero);
                Played.Frame();
            }

            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            Assert.That(script.Delete(2, "alice"), Is.Zero, BridgeLoop.Plugin.LastRefusal);
            StandIn.WaitIdle();
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(1));
            Played.Frame();
        }

        // Not what a joined session says about the event slots.
        private static string[] Errors() => Played.Logged.Where(line => !line.Contains("event slots")).ToArray();
    }
}
