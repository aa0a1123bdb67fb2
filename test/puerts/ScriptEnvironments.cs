using System;
using System.Collections.Generic;
using NUnit.Framework;
using Puerts;

namespace TimChatBridge.PuertsTests
{
    /// <summary>Script environments of one of PuerTS's backends; those that a scenario orders it knows by name.</summary>
    public sealed class ScriptEnvironments : IDisposable
    {
        private readonly string backend;
        private readonly Dictionary<string, (ScriptEnv Environment, Func<string, string, string> Run)> named =
            new Dictionary<string, (ScriptEnv, Func<string, string, string>)>();

        /// <summary>"V8" or "QuickJS".</summary>
        public ScriptEnvironments(string backend)
        {
            this.backend = backend;
        }

        /// <summary>One more.</summary>
        public ScriptEnv New() => New(backend, new ScriptFiles());

        /// <summary>One that really is of the backend that was asked for.</summary>
        public static ScriptEnv New(string backend, ILoader files)
        {
            var environment = new ScriptEnv(backend == "V8" ? (Backend)new BackendV8(files) : new BackendQuickJS(files));
            // Of the two, only V8 has WebAssembly.
            Assert.That(environment.Eval<string>("typeof WebAssembly"), Is.EqualTo(backend == "V8" ? "object" : "undefined"));
            return environment;
        }

        /// <summary>Makes one with test/e2e/scenarios/other-script.ts in it, calls into it, or disposes it.</summary>
        public string CarryOut(string[] words)
        {
            string name = words[2];
            switch (words[1])
            {
                case "make":
                    ScriptEnv made = New();
                    named.Add(name, (made, made.ExecuteModule("other-script.mjs").Get<Func<string, string, string>>("run")));
                    return string.Empty;
                case "call":
                    return named[name].Run(words[3], words[4]);
                case "dispose":
                    named[name].Environment.Dispose();
                    named.Remove(name);
                    return string.Empty;
                default:
                    throw new ArgumentException("nobody can " + words[1] + " a script environment");
            }
        }

        /// <summary>One game frame, for script's own timers.</summary>
        public void Tick()
        {
            foreach (var (environment, _) in named.Values)
            {
                environment.Tick();
            }
        }

        public void Dispose()
        {
            foreach (var (environment, _) in named.Values)
            {
                environment.Dispose();
            }

            named.Clear();
        }
    }
}
