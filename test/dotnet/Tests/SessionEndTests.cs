using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Testing;

namespace TimChatBridge.Tests
{
    // However a session ends, the core's callbacks into it are dropped, counted, and free what they hold. On the stand-in.
    public sealed class SessionEndTests
    {
        private const int Rounds = 1000;
        private const int CallsPerRound = 10;

        private readonly List<string> logged = new List<string>();
        private Plugin plugin = null!;
        private Script script = null!;
        private uint call;

        [SetUp]
        public void Begin()
        {
            StandIn.RequireOrIgnore();
            StandInNative.standin_reset();
            CoreLibrary.StartTokensAt(1);
            logged.Clear();
            // By the game's own code: a session that ends lets go of nothing.
            var core = new CoreLibrary();
            Assert.That(core.Init(1400000000, new byte[0]), Is.EqualTo(0));
            Assert.That(core.Login(new[] { (byte)'m' }, new[] { (byte)'s' }, new Unheard()), Is.EqualTo(0));
            StandIn.WaitIdle();
            StartPlayMode();
            Open();
            AskForTheStatus();
        }

        [TearDown]
        public void NothingIsLeft()
        {
            if (plugin == null)
            {
                return;
            }

            StandInNative.standin_release_held(-1);
            StandIn.WaitIdle();
            plugin.Shutdown();
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0), "live buffers");
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(0), "live tokens");
        }

        [Test]
        public void AThousandRoundsWithTenCallbacksFiredIntoTheNext()
        {
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            for (int round = 1; round <= Rounds; round++)
            {
                Delete(CallsPerRound);
                Logout();
                Script old = script;
                plugin.Close(old.Session);
                Open();
                FireHeld();
                Assert.That(script.Frames, Is.Empty, "delivered to the next session");
                Assert.That(old.Frames.Select(frame => frame.Result?.Code), Is.EqualTo(new int?[] { 0 }), "only the answer to its logout");
                Assert.That(plugin.Diagnostics.AnswersDropped, Is.EqualTo(round * CallsPerRound));
                Login();
                script.Frames.Clear();
            }

            Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(0));
            Assert.That(logged, Is.Empty);
        }

        [TestCase(true)]
        [TestCase(false)]
        public void AThousandPlayModesWithoutDomainReload(bool scriptOwnsTheSession)
        {
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            for (int round = 1; round <= Rounds; round++)
            {
                if (scriptOwnsTheSession)
                {
                    SignIn();
                }

                Delete(CallsPerRound);
                StandIn.WaitIdle();
                Plugin old = plugin;
                old.Shutdown();
                StartPlayMode();
                Open();
                AskForTheStatus();
                FireHeld();
                Assert.That(script.Frames, Is.Empty, "delivered to the next play mode");

                // A core that was let go of owes nothing: what it says all the same belongs to no call.
                Assert.That(old.Diagnostics.AnswersDropped, Is.EqualTo(scriptOwnsTheSession ? 0 : CallsPerRound));
                Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(scriptOwnsTheSession ? CallsPerRound : 0));
            }

            Assert.That(
                StandInNative.standin_calls(StandIn.Uninit), Is.EqualTo(scriptOwnsTheSession ? Rounds : 0), "a core that script initialised is let go of");
        }

        [TestCase("closed")]
        [TestCase("replaced")]
        [TestCase("threw")]
        [TestCase("disposed")]
        [TestCase("shut down")]
        public void TenLateAnswersAreDroppedAndFreedWhenItWas(string how)
        {
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            Delete(CallsPerRound);
            StandIn.WaitIdle();
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(CallsPerRound));
            Plugin old = plugin;
            Script first = script;
            int frames = first.Frames.Count;
            var environment = new Disposable();
            switch (how)
            {
                case "closed":
                    plugin.Close(script.Session);
                    break;
                case "replaced":
                    break;
                case "threw":
                    script.BeforeDrain = () => throw new InvalidOperationException("script died");
                    plugin.Tick();
                    break;
                case "disposed":
                    plugin.SetEnvironment(script.Session, environment);
                    environment.Dispose();
                    plugin.Tick();
                    break;
                default:
                    plugin.Shutdown();
                    StartPlayMode();
                    break;
            }

            Open();
            FireHeld();
            plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Assert.That(first.Frames.Count, Is.EqualTo(frames));
            Assert.That(old.Diagnostics.AnswersDropped, Is.EqualTo(CallsPerRound));
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0));
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(0));
        }

        [Test]
        public void EventsOfTheCoreReachNoSessionThatHasEnded()
        {
            plugin.Close(script.Session);
            long before = EventsHeard();
            StandInNative.standin_fire_conv_event(3, null);
            StandInNative.standin_network_status(1);
            StandInNative.standin_kick_offline();
            StandInNative.standin_expire_user_sig();
            StandIn.WaitIdle();
            Assert.That(EventsHeard(), Is.EqualTo(before));
        }

        // A slot that stays set is a callback into what is gone, after a domain reload.
        private static long EventsHeard() =>
            new[] { StandIn.OnConvEvent, StandIn.OnNetworkStatus, StandIn.OnKickedOffline, StandIn.OnUserSigExpired }
                .Sum(StandInNative.standin_callbacks);

        [Test]
        public void TheCoreIsAwaitedAfterShutdown()
        {
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            Delete(CallsPerRound);
            StandIn.WaitIdle();
            plugin.Shutdown();
            Assert.That(BridgeLoop.AwaitCore(1), Is.EqualTo(CallsPerRound));
            StandInNative.standin_release_held(-1);
            Assert.That(BridgeLoop.AwaitCore(60000), Is.EqualTo(0));
        }

        [Test]
        public void ACallbackThatHasNotReturnedIsAwaitedToo()
        {
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            var reply = new SlowReply();
            Assert.That(new CoreLibrary().ConvDelete(new byte[] { (byte)'a' }, 1, reply), Is.EqualTo(0));
            StandIn.WaitIdle();
            StandInNative.standin_release_held(-1);
            Assert.That(reply.Entered.Wait(60000), Is.True);
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(0), "it is answered");
            Assert.That(BridgeLoop.AwaitCore(1), Is.EqualTo(1), "and its callback runs in here still");
            reply.Leave.Set();
            Assert.That(BridgeLoop.AwaitCore(60000), Is.EqualTo(0));
        }

        [Test]
        public void StatusAndVersionOfTheCore()
        {
            Assert.That(script.Call(new CoreCall { CallId = ++call, GetLoginStatus = new GetLoginStatus() }), Is.EqualTo(0));
            Assert.That(script.Call(new CoreCall { CallId = ++call, GetSdkVersion = new GetSdkVersion() }), Is.EqualTo(0));
            plugin.Tick();
            Assert.That(script.Frames[0].Result.Json.ToStringUtf8(), Is.EqualTo("1"));
            Assert.That(script.Frames[1].Result.Json.ToStringUtf8(), Does.Match("^\"[0-9].*\"$"));
        }

        [Test]
        public void TheNetworkStatusOfTheCore()
        {
            StandInNative.standin_network_status(2);
            StandIn.WaitIdle();
            plugin.Tick();
            Assert.That(script.Frames.Single().Event.Network.Status, Is.EqualTo(2));
        }

        private void StartPlayMode()
        {
            plugin = new Plugin(new PluginOptions(new CoreLibrary()) { Log = logged.Add });
            plugin.Initialize();
        }

        private void Open()
        {
            script = new Script(plugin);
            call = 0;
        }

        // The first call takes the event slots.
        private void AskForTheStatus()
        {
            Assert.That(script.Call(new CoreCall { CallId = ++call, GetLoginStatus = new GetLoginStatus() }), Is.EqualTo(0), plugin.LastRefusal);
            plugin.Tick();
            script.Frames.Clear();
        }

        private void SignIn()
        {
            Assert.That(script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, Init = new Init { SdkAppId = 1400000000 } }), Is.EqualTo(0));
            Login();
            script.Frames.Clear();
        }

        private void Login()
        {
            var login = new Login { UserId = ByteString.CopyFromUtf8("me"), UserSig = ByteString.CopyFromUtf8("sig") };
            Assert.That(script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, Login = login }), Is.EqualTo(0), plugin.LastRefusal);
            StandIn.WaitIdle();
            plugin.Tick();
        }

        private void Logout()
        {
            Assert.That(script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, Logout = new Logout() }), Is.EqualTo(0), plugin.LastRefusal);
            StandIn.WaitIdle();
            plugin.Tick();
        }

        private void Delete(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.That(script.Delete(++call, "u" + i), Is.EqualTo(0), plugin.LastRefusal);
            }
        }

        private void FireHeld()
        {
            Assert.That(StandInNative.standin_release_held(-1), Is.EqualTo(CallsPerRound));
            StandIn.WaitIdle();
            plugin.Tick();
        }

        private sealed class SlowReply : ICoreReply
        {
            internal ManualResetEventSlim Entered { get; } = new ManualResetEventSlim();

            internal ManualResetEventSlim Leave { get; } = new ManualResetEventSlim();

            public void Answer(int code, byte[] desc, byte[] json)
            {
                Entered.Set();
                Leave.Wait(60000);
            }
        }

        private sealed class Unheard : ICoreReply
        {
            public void Answer(int code, byte[] desc, byte[] json)
            {
            }
        }

        private sealed class Disposable : IDisposable
        {
#pragma warning disable CS0414 // Read by reflection, as PuerTS's own.
            private bool disposed;
#pragma warning restore CS0414

            public void Dispose() => disposed = true;
        }
    }
}
