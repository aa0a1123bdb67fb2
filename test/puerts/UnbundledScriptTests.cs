using System;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Puerts;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>A game's script that nobody bundled: it imports the package by its names, from where the Unity package has its files.</summary>
    [TestFixture("V8")]
    [TestFixture("QuickJS")]
    public sealed class UnbundledScriptTests
    {
        private const string Game =
            "import { connect } from 'tim-chatbridge';\n" +
            "import { EmbeddedCore } from 'tim-chatbridge/embedded-core';\n" +
            "const core = new EmbeddedCore({ userId: 'me', conversations: [{ conv_id: 'alice', conv_type: 1 }] });\n" +
            "const codes = [];\n" +
            "connect({ core }).ConvDelete('alice', 1, (code) => codes.push(code));\n" +
            "export const called = () => codes.join();\n";

        private readonly string backend;

        public UnbundledScriptTests(string backend)
        {
            this.backend = backend;
        }

        [Test]
        public void ImportsBridgeAndCoreByTheNamesThatNpmGivesThem()
        {
            RuntimeHelpers.RunClassConstructor(typeof(ScriptPort).TypeHandle);
            TestGame.Restart();
            using ScriptEnv environment = ScriptEnvironments.New(backend, new UnbundledGame(Game));
            var called = environment.ExecuteModule("game.mjs").Get<Func<string>>("called");
            for (int frame = 0; frame < 5; frame++)
            {
                TestGame.Tick();
            }

            Assert.That(called(), Is.EqualTo("0"));
            Assert.That(TestGame.TakeReceived(), Does.Contain("DeleteCompleted").And.Contain("alice"));
        }
    }
}
