using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Puerts;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>One script environment with a bundle of scenarios in it, and the game loop that it lives in.</summary>
    public sealed class ScriptRun : IDisposable
    {
        private const int MostFrames = 200_000;
        private readonly ScriptEnvironments environments;
        private readonly ScriptEnv environment;
        private readonly Action<string> start;
        private readonly Action frame;
        private readonly Func<string> order;
        private readonly Action<string> carriedOut;
        private readonly Action<string> failed;
        private readonly Func<string> outcome;

        /// <summary>Loads a bundle of test/e2e into an environment of this backend.</summary>
        public ScriptRun(string backend, string bundle)
        {
            // PuerTS finds types in loaded assemblies only. Unity loads them all; plain .NET loads this one now.
            RuntimeHelpers.RunClassConstructor(typeof(ScriptPort).TypeHandle);
            environments = new ScriptEnvironments(backend);
            environment = environments.New();
            ScriptObject scenarios = environment.ExecuteModule(bundle + ".mjs");
            start = scenarios.Get<Action<string>>("start");
            frame = scenarios.Get<Action>("frame");
            order = scenarios.Get<Func<string>>("order");
            carriedOut = scenarios.Get<Action<string>>("carriedOut");
            failed = scenarios.Get<Action<string>>("failed");
            outcome = scenarios.Get<Func<string>>("outcome");
        }

        /// <summary>Plays a scenario to its end, frame by frame, as test/e2e/host/play-scenario.mjs does on the Node host.</summary>
        public string Play(string name)
        {
            start(name);
            for (int frames = 0; outcome() == "running" && frames < MostFrames; frames++)
            {
                for (string next = order(); next.Length > 0; next = order())
                {
                    CarryOut(next.Split('\t'));
                }

                TestGame.Tick();
                environment.Tick();
                environments.Tick();
                frame();
                // The core's own thread gets its turn on a machine with few processors.
                Thread.Yield();
            }

            TestGame.Tick();
            return outcome();
        }

        public void Dispose()
        {
            environments.Dispose();
            environment.Dispose();
        }

        private void CarryOut(string[] words)
        {
            string answer = string.Empty;
            try
            {
                switch (words[0])
                {
                    case "environment":
                        answer = environments.CarryOut(words);
                        break;
                    case "inspect":
                        answer = Inspector.Inspect(words);
                        break;
                    default:
                        BetweenFrames.Do(words[1]);
                        break;
                }
            }
            catch (Exception thrown)
            {
                failed($"{string.Join(" ", words)}: {thrown}");
                return;
            }

            carriedOut(answer);
        }
    }
}
