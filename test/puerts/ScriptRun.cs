using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Puerts;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>One script environment with the scenarios in it, and the game loop that it lives in.</summary>
    public sealed class ScriptRun : IDisposable
    {
        private const int MostFrames = 200_000;
        private readonly Action<string> start;
        private readonly Action frame;
        private readonly Func<string> outcome;

        public ScriptRun(string backend)
        {
            // PuerTS finds types in loaded assemblies only. Unity loads them all; plain .NET loads this one now.
            RuntimeHelpers.RunClassConstructor(typeof(ScriptPort).TypeHandle);
            var files = new ScriptFiles();
            Environment = new ScriptEnv(backend == "V8" ? (Backend)new BackendV8(files) : new BackendQuickJS(files));
            ScriptObject scenarios = Environment.ExecuteModule("scenarios.mjs");
            start = scenarios.Get<Action<string>>("start");
            frame = scenarios.Get<Action>("frame");
            outcome = scenarios.Get<Func<string>>("outcome");
        }

        public ScriptEnv Environment { get; }

        /// <summary>Starts a scenario.</summary>
        public void Start(string name) => start(name);

        /// <summary>One game frame.</summary>
        public void Frame()
        {
            TestGame.Tick();
            Environment.Tick();
            frame();
        }

        /// <summary>Plays a scenario to its end.</summary>
        public string Play(string name)
        {
            Start(name);
            for (int frames = 0; outcome() == "running" && frames < MostFrames; frames++)
            {
                Frame();
                // The core's own thread gets its turn on a machine with few processors.
                Thread.Yield();
            }

            TestGame.Tick();
            return outcome();
        }

        public void Dispose() => Environment.Dispose();
    }
}
