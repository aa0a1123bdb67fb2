using System;
using System.IO;
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
            using ScriptEnv environment = ScriptEnvironments.New(backend, new Resources());
            var called = environment.ExecuteModule("game.mjs").Get<Func<string>>("called");
            for (int frame = 0; frame < 5; frame++)
            {
                TestGame.Tick();
            }

            Assert.That(called(), Is.EqualTo("0"));
            Assert.That(TestGame.TakeReceived(), Does.Contain("DeleteCompleted").And.Contain("alice"));
        }

        // As PuerTS's default loader in Unity finds them: by Resources.Load, which takes a path without its extension, and
        // to which a folder is nothing.
        private sealed class Resources : ILoader, IModuleChecker
        {
            private readonly ScriptFiles own = new ScriptFiles();

            public bool FileExists(string filepath) =>
                IsOwn(filepath) ? own.FileExists(filepath) : filepath == "game.mjs" || File.Exists(Asset(filepath));

            public string ReadFile(string filepath, out string debugpath)
            {
                if (IsOwn(filepath))
                {
                    return own.ReadFile(filepath, out debugpath);
                }

                debugpath = filepath;
                return filepath == "game.mjs" ? Game : File.ReadAllText(Asset(filepath));
            }

            public bool IsESM(string filepath) => filepath.Length >= 4 && !filepath.EndsWith(".cjs", StringComparison.Ordinal);

            private static bool IsOwn(string filepath) => filepath.StartsWith("puerts/", StringComparison.Ordinal);

            private static string Asset(string filepath)
            {
                string extension = Path.GetExtension(filepath);
                string path = extension == ".mjs" || extension == ".cjs" ? filepath.Substring(0, filepath.Length - extension.Length) : filepath;
                return Path.Combine(AppContext.BaseDirectory, "resources", path + ".mjs");
            }
        }
    }
}
