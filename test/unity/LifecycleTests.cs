using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Tests;
using UnityEditor;
using UnityEngine;
using UnityEngine.LowLevel;

[assembly: NonParallelizable]

namespace TimChatBridge.UnityTests
{
    // Play modes with and without a domain reload, pauses, scenes, quits, and who else meddles with the player loop.
    public sealed class LifecycleTests
    {
        private const TIMConvType C2C = TIMConvType.kTIMConv_C2C;

        [SetUp]
        public void Start()
        {
            BridgeLoop.Shutdown();
            Played.StartEditor();
        }

        [TearDown]
        public void End()
        {
            if (EditorApplication.isPlaying)
            {
                Played.ExitPlayMode();
            }

            Assert.That(EditorApplication.Locks, Is.Zero, "reloads are held back for good");
        }

        [Test]
        public void TheMainThreadIsUnitysWhoeverCameFirst()
        {
            Task.Run(() =>
            {
                Conversations.Deleted += _ => { };
                CoreSession.NotifySession();
                BridgeLoop.Pause();
                BridgeLoop.Resume();
            }).Wait();
            Played.EnterPlayMode();
            Assert.That(Conversations.ConvDelete("alice", C2C), Is.EqualTo(TIMResult.TIM_ERR_SDKUNINIT), "here it is no matter of threads");
            var elsewhere = Assert.Throws<AggregateException>(() => Task.Run(() => Conversations.ConvDelete("alice", C2C)).Wait())!;
            Assert.That(elsewhere.InnerException, Is.InstanceOf<InvalidOperationException>());
            Assert.That(Played.Logged, Is.Empty);
        }

        [Test]
        public void AfterAShutdownOfTheGamesOwnTheBridgeBeginsAnewWithTheNextFrame()
        {
            Played.EnterPlayMode();
            BridgeLoop.Shutdown();
            Played.Frame();
            Played.Frame();
            Assert.That(Played.Logged, Is.Empty);
            Assert.That(Conversations.ConvDelete("alice", C2C), Is.EqualTo(TIMResult.TIM_ERR_SDKUNINIT), "asked on the main thread");
        }

        [Test]
        public void OneTickAFrameBeforeAnyUpdate()
        {
            Played.EnterPlayMode();
            Assert.That(Played.Ticks(), Is.EqualTo(new[] { "PreUpdate" }));
            var script = new Script(BridgeLoop.Plugin);
            Played.Frame();
            Played.Frame();
            Assert.That(script.Batches, Has.Count.EqualTo(2));
        }

        [Test]
        public void WithoutDomainReloadNothingOfOnePlayModeReachesTheNext()
        {
            Played.EnterPlayMode();
            var first = new Script(BridgeLoop.Plugin);
            var heard = new List<string>();
            Conversations.DeleteCompleted += e => heard.Add(e.Results[0].Outcome.ToString());
            Conversations.DeletionsAllowed = false;
            Conversations.DeletionsAllowed = true;
            CoreSession.TakesEventSlot = false;
            Assert.That(Conversations.ConvDelete("alice", C2C, (code, _, _) => heard.Add($"callback {code}")), Is.EqualTo(TIMResult.TIM_SUCC));
            Played.ExitPlayMode();
            Assert.That(heard, Is.EqualTo(new[] { $"callback {(int)TIMResult.BRIDGE_ERR_CLOSED}", "NotSent" }), "before play mode has ended");
            AssertGone();
            int batches = first.Batches.Count;

            Played.EnterPlayMode();
            Assert.That(Played.Ticks(), Is.EqualTo(new[] { "PreUpdate" }));
            Assert.That(CoreSession.TakesEventSlot, Is.True);
            var second = new Script(BridgeLoop.Plugin);
            Assert.That(Conversations.ConvDelete("bob", C2C), Is.EqualTo(TIMResult.TIM_SUCC));
            Played.Frame();
            Assert.That(second.Frames, Has.Count.EqualTo(1));
            Assert.That(second.Complete(second.Frames[0].Request.RequestId, "bob"), Is.Zero);
            Played.Frame();
            Assert.That(heard, Has.Count.EqualTo(2), "the first play mode's listeners are forgotten");
            Assert.That(first.Batches, Has.Count.EqualTo(batches), "its script is not woken");
        }

        [Test]
        public void InTheEditorAllHasEndedBeforeTheGamesObjectsGo()
        {
            Played.EnterPlayMode();
            var codes = new List<int>();
            _ = new Script(BridgeLoop.Plugin);
            Conversations.ConvDelete("alice", C2C, (code, _, _) => codes.Add(code));
            EditorApplication.Change(PlayModeStateChange.ExitingPlayMode);
            Assert.That(codes, Is.EqualTo(new[] { (int)TIMResult.BRIDGE_ERR_CLOSED }));
            AssertGone();
        }

        [Test]
        public void APlayModeThatBeginsWithoutTheLastOnesEndBeginsAnewAllTheSame()
        {
            Played.EnterPlayMode();
            Played.EnterPlayMode();
            Assert.That(Played.Ticks(), Is.EqualTo(new[] { "PreUpdate" }));
            Assert.That(Played.Objects.Count(one => one.name == "TimChatBridge"), Is.EqualTo(1));
        }

        [Test]
        public void AnAssemblyReloadInPlayModeLeavesTheEngineNothingToCall()
        {
            Played.EnterPlayMode();
            var script = new Script(BridgeLoop.Plugin);
            int callbacks = 0;
            Conversations.ConvDelete("alice", C2C, (_, _, _) => callbacks++);
            Played.ReloadAssemblies();
            Assert.That(callbacks, Is.EqualTo(1));
            AssertGone();
            int batches = script.Batches.Count;
            Played.Frame();
            Assert.That(script.Batches, Has.Count.EqualTo(batches));
            Assert.That(Played.Logged, Is.Empty);
        }

        [Test]
        public void AnAssemblyReloadInEditModeEndsWhatAToolBegan()
        {
            BridgeLoop.Initialize();
            int callbacks = 0;
            _ = new Script(BridgeLoop.Plugin);
            Conversations.ConvDelete("alice", C2C, (_, _, _) => callbacks++);
            Played.ReloadAssemblies();
            Assert.That(callbacks, Is.EqualTo(1));
        }

        [Test]
        public void InTheBackgroundTheClockStandsStillAndNothingIsLost()
        {
            Played.EnterPlayMode();
            var script = new Script(BridgeLoop.Plugin);
            Played.Frame();
            Played.Tell("OnApplicationPause", true);
            long atPause = BridgeLoop.Plugin.Clock.NowMs;
            Task.Run(() => CoreSession.ForwardNetworkStatus(1, 0, "gone")).Wait();
            CoreSession.ForwardNetworkStatus(0, 0, "back");
            TimePasses();
            Assert.That(BridgeLoop.Plugin.Clock.NowMs, Is.EqualTo(atPause));
            Played.Tell("OnApplicationPause", false);
            Played.Frame();
            Assert.That(script.Frames.Select(frame => frame.Event.Network.Status), Is.EqualTo(new[] { 1, 0 }));
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atPause).After(2000, 1), "it goes on");
        }

        [Test]
        public void TheEditorsPauseButtonDoesTheSame()
        {
            Played.EnterPlayMode();
            EditorApplication.Pause(PauseState.Paused);
            long atPause = BridgeLoop.Plugin.Clock.NowMs;
            TimePasses();
            Assert.That(BridgeLoop.Plugin.Clock.NowMs, Is.EqualTo(atPause));
            EditorApplication.Pause(PauseState.Unpaused);
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atPause).After(2000, 1));
        }

        // Background, button and the game's own: each in every order.
        [TestCase("background button", "background", "button")]
        [TestCase("background button", "button", "background")]
        [TestCase("button background", "button", "background")]
        [TestCase("host button", "button", "host")]
        [TestCase("host background", "background", "host")]
        [TestCase("background host background", "background", "host")]
        public void OnePausesEndDoesNotEndAnother(string begun, string first, string last)
        {
            Played.EnterPlayMode();
            string[] pauses = begun.Split(' ');
            Pause(pauses[0], true);
            long atPause = BridgeLoop.Plugin.Clock.NowMs;
            foreach (string one in pauses.Skip(1))
            {
                TimePasses();
                Pause(one, true);
            }

            Assert.That(BridgeLoop.Plugin.Clock.NowMs, Is.EqualTo(atPause), "from the first on");
            Pause(first, false);
            TimePasses();
            Assert.That(BridgeLoop.Plugin.Clock.NowMs, Is.EqualTo(atPause), "it is paused still");
            Pause(last, false);
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atPause).After(2000, 1), "it goes on");
        }

        [Test]
        public void APlayModeThatBeginsPausedIsPaused()
        {
            EditorApplication.Pause(PauseState.Paused);
            Played.EnterPlayMode();
            long atPause = BridgeLoop.Plugin.Clock.NowMs;
            TimePasses();
            Assert.That(BridgeLoop.Plugin.Clock.NowMs, Is.EqualTo(atPause));
            EditorApplication.Pause(PauseState.Unpaused);
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atPause).After(2000, 1));
        }

        [Test]
        public void WhatAnyThreadMayCallItMay()
        {
            Played.EnterPlayMode();
            var script = new Script(BridgeLoop.Plugin);
            Played.Frame();
            Task[] threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    CoreSession.DataFolder = CoreSession.DataFolder;
                    BridgeLoop.Pause();
                    CoreSession.NotifySession();
                    CoreSession.ForwardConvEvent(3, null);
                    CoreSession.ForwardNetworkStatus(1, 0, "gone");
                    BridgeLoop.Resume();
                },
                TaskCreationOptions.LongRunning)).ToArray();
            Assert.That(() => Task.WaitAll(threads), Throws.Nothing);
            Played.Frame();
            Assert.That(
                script.Frames.GroupBy(frame => frame.Event.EventCase).Select(kind => kind.Count()),
                Is.EqualTo(new[] { 4, 4, 4 }),
                "each of them has arrived");
            Assert.That(Played.Logged, Is.Empty);
        }

        [Test]
        public void ThePauseButtonOutsidePlayModeIsNoneOfOurs()
        {
            BridgeLoop.Initialize();
            EditorApplication.Pause(PauseState.Paused);
            long atPause = BridgeLoop.Plugin.Clock.NowMs;
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atPause).After(2000, 1));
        }

        [Test]
        public void AGameThatLosesTheFocusAndRunsOnIsTickedOn()
        {
            Played.EnterPlayMode();
            var script = new Script(BridgeLoop.Plugin);
            Played.Tell("OnApplicationFocus", false);
            long atLoss = BridgeLoop.Plugin.Clock.NowMs;
            Played.Frame();
            Assert.That(script.Batches, Has.Count.EqualTo(1));
            Assert.That(() => BridgeLoop.Plugin.Clock.NowMs, Is.GreaterThan(atLoss).After(2000, 1));
        }

        [Test]
        public void ASceneChangeChangesNothing()
        {
            Played.EnterPlayMode();
            var script = new Script(BridgeLoop.Plugin);
            Played.Frame();
            Played.ChangeScene();
            Played.Frame();
            Assert.That(script.Batches, Has.Count.EqualTo(2));
            Assert.That(Played.Objects.Count(one => one.name == "TimChatBridge"), Is.EqualTo(1), "it still hears of pauses");
        }

        [Test]
        public void AQuitEndsWhatCSharpAskedFor()
        {
            Played.EnterPlayMode();
            _ = new Script(BridgeLoop.Plugin);
            var codes = new List<int>();
            Conversations.ConvDelete("alice", C2C, (code, _, _) => codes.Add(code));
            Application.Quit();
            Assert.That(codes, Is.EqualTo(new[] { (int)TIMResult.BRIDGE_ERR_CLOSED }));
            AssertGone();
        }

        [Test]
        public void TheEditorsQuitDoesTheSame()
        {
            Played.EnterPlayMode();
            EditorApplication.Quit();
            AssertGone();
        }

        [Test]
        public void ATickThatOtherCodeDroppedIsPutBack()
        {
            Played.EnterPlayMode();
            PlayerLoop.SetPlayerLoop(PlayerLoop.GetDefaultPlayerLoop());
            Assert.That(Played.Ticks(), Is.Empty);
            for (int frame = 0; frame < 60; frame++)
            {
                Played.Frame();
            }

            Assert.That(Played.Ticks(), Is.EqualTo(new[] { "PreUpdate" }));
        }

        [TestCase(true)]
        [TestCase(false)]
        public void AGameThatDrivesItsOwnLoopIsToldOnce(bool hasPhases)
        {
            Played.EnterPlayMode();
            PlayerLoop.SetPlayerLoop(hasPhases
                ? new PlayerLoopSystem { subSystemList = Array.Empty<PlayerLoopSystem>() }
                : default);
            for (int frame = 0; frame < 600; frame++)
            {
                Time.frameCount++;
                Played.UpdateComponents();
                BridgeLoop.Tick();
            }

            Assert.That(Played.Logged.Single(), Does.Contain("call BridgeLoop.Tick() once a frame yourself"));
            Played.Logged.Clear();
        }

        private static void TimePasses()
        {
            Stopwatch watch = Stopwatch.StartNew();
            Assert.That(() => watch.ElapsedMilliseconds, Is.GreaterThan(5).After(2000, 1));
        }

        private static void Pause(string who, bool begins)
        {
            switch (who)
            {
                case "background":
                    Played.Tell("OnApplicationPause", begins);
                    break;
                case "button":
                    EditorApplication.Pause(begins ? PauseState.Paused : PauseState.Unpaused);
                    break;
                default:
                    (begins ? (Action)BridgeLoop.Pause : BridgeLoop.Resume)();
                    break;
            }
        }

        // Nothing of the package is left where the engine or its editor would call it.
        private static void AssertGone()
        {
            Assert.That(Played.Ticks(), Is.Empty);
            Assert.That(Application.IsHeard, Is.False);
            Assert.That(Played.Objects, Is.Empty);
        }
    }
}
