using System;
using System.Linq;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Puerts;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>Whole script environments that are disposed, replaced and made anew while calls are under way.</summary>
    [TestFixture("V8")]
    [TestFixture("QuickJS")]
    public sealed class EnvironmentTests
    {
        private const int Late = 3;
        private const int ConvDelete = 5;
        private readonly string backend;

        public EnvironmentTests(string backend)
        {
            this.backend = backend;
        }

        [SetUp]
        public void FreshGame()
        {
            StandIn.IsThere();
            TestGame.Restart();
        }

        [Test]
        public void DisposedBeforeItSawCSharpsRequestThatEndsAsNotSent()
        {
            using (var script = new Script(backend))
            {
                script.ConnectEmbedded();
                TestGame.Tick();
                Assert.That(TestGame.ConvDelete("alice", 1, "C#"), Is.Zero);
            }

            string[] received = TickAndReceive();
            Assert.That(received.Count(line => line.StartsWith("Callback ", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(received.Single(line => line.StartsWith("DeleteCompleted ", StringComparison.Ordinal)), Does.Contain("OUTCOME_NOT_SENT"));
        }

        [Test]
        public void DisposedWithANativeCallUnderWayLeavesNothingBehind()
        {
            RequireStandIn();
            using (var script = new Script(backend))
            {
                SignIn(script);
                StandIn.SetFault(Late, ConvDelete, 0);
                Assert.That(script.Remove("alice"), Is.Zero);
                Assert.That(TestGame.ConvDelete("bob", 1, "C#"), Is.Zero);
                TestGame.Tick();
                Assert.That(StandIn.WaitIdle());
            }

            string[] atDeath = TickAndReceive();
            Assert.That(atDeath.Single(line => line.StartsWith("DeleteCompleted ", StringComparison.Ordinal)), Does.Contain("OUTCOME_UNKNOWN"));
            Assert.That(StandIn.ReleaseHeld(), Is.EqualTo(2));
            Assert.That(StandIn.WaitIdle());
            Assert.That(TickAndReceive(), Is.Empty, "answers of a script that is gone are dropped");
            Assert.That(CoreLibrary.LiveBuffers, Is.Zero);
            Assert.That(CoreLibrary.LiveTokens, Is.Zero);
        }

        [Test]
        public void DisposedAndMadeAgainTheNextOneWorks()
        {
            using (var first = new Script(backend))
            {
                first.ConnectEmbedded();
                Assert.That(first.Remove("alice"), Is.Zero);
            }

            TickAndReceive();
            using var second = new Script(backend);
            second.ConnectEmbedded();
            Assert.That(second.Remove("alice"), Is.Zero);
            TickAndReceive();
            Assert.That(second.Called(), Is.EqualTo("0"));
        }

        [Test]
        public void ASecondEnvironmentTakesOverAndTheFirstIsToldSo()
        {
            using var first = new Script(backend);
            first.ConnectEmbedded();
            Assert.That(first.Remove("alice"), Is.Zero);
            using var second = new Script(backend);
            second.ConnectEmbedded();
            TickAndReceive();
            Assert.That(first.Called(), Is.Not.Empty, "its call has ended");
            Assert.That(first.Reported(), Does.Contain("took over"));
            Assert.That(first.Remove("bob"), Is.Not.Zero);
            Assert.That(second.Remove("bob"), Is.Zero);
            TickAndReceive();
            Assert.That(second.Called(), Is.EqualTo("0"));
        }

        [Test]
        public void TheReplacedEnvironmentMayBeDisposedAtOnce()
        {
            var first = new Script(backend);
            first.ConnectEmbedded();
            Assert.That(first.Remove("alice"), Is.Zero);
            using var second = new Script(backend);
            second.ConnectEmbedded();
            first.Dispose();
            TickAndReceive();
            Assert.That(second.Remove("bob"), Is.Zero);
            TickAndReceive();
            Assert.That(second.Called(), Is.EqualTo("0"));
        }

        [Test]
        public void FiftyEnvironmentsOneAfterAnother()
        {
            for (int round = 0; round < 50; round++)
            {
                using var script = new Script(backend);
                script.ConnectEmbedded();
                Assert.That(script.Remove("alice"), Is.Zero, $"round {round}");
                string[] received = TickAndReceive();
                Assert.That(received.Count(line => line.StartsWith("DeleteCompleted ", StringComparison.Ordinal)), Is.EqualTo(1), $"round {round}");
                Assert.That(script.Called(), Is.EqualTo("0"), $"round {round}");
            }
        }

        private static void SignIn(Script script)
        {
            StandIn.Load("[{\"conv_id\":\"alice\",\"conv_type\":1},{\"conv_id\":\"bob\",\"conv_type\":1}]");
            script.ConnectNative();
            Assert.That(StandIn.WaitIdle());
            TickAndReceive();
        }

        private static void RequireStandIn()
        {
            if (!StandIn.IsThere())
            {
                Assert.Ignore("the stand-in for libImSDK is not built: there is no C compiler on this machine");
            }
        }

        private static string[] TickAndReceive()
        {
            for (int frame = 0; frame < 5; frame++)
            {
                TestGame.Tick();
            }

            string received = TestGame.TakeReceived();
            return received.Length == 0 ? Array.Empty<string>() : received.Split('\n');
        }

        private sealed class Script : IDisposable
        {
            private readonly ScriptEnv environment;
            private readonly ScriptObject module;

            public Script(string backend)
            {
                RuntimeHelpers.RunClassConstructor(typeof(ScriptPort).TypeHandle);
                var files = new ScriptFiles();
                environment = new ScriptEnv(backend == "V8" ? (Backend)new BackendV8(files) : new BackendQuickJS(files));
                module = environment.ExecuteModule("environment.mjs");
            }

            public void ConnectEmbedded() => module.Get<Action>("connectEmbedded")();

            public void ConnectNative() => module.Get<Action>("connectNative")();

            public int Remove(string id) => module.Get<Func<string, int>>("remove")(id);

            public string Called() => module.Get<Func<string>>("called")();

            public string Reported() => module.Get<Func<string>>("reported")();

            public void Dispose() => environment.Dispose();
        }
    }
}
