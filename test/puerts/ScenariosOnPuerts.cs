using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using NUnit.Framework.Internal;
using TimChatBridge.Testing;

[assembly: NonParallelizable]

namespace TimChatBridge.PuertsTests
{
    /// <summary>The same scenarios, by name, as on the Node host, each on both backends: see test/e2e.</summary>
    public sealed class ScenariosOnPuerts
    {
        /// <summary>
        /// Each bundle's names, in their order. Which bundles, and on which backends, is told from outside, because a process loads
        /// one library only, and one for each backend takes half the time: see tools/lib/puerts-suite.mjs.
        /// </summary>
        private static IEnumerable<TestCaseData> Cases()
        {
            int order = 0;
            string bundles = Environment.GetEnvironmentVariable("CHATBRIDGE_BUNDLES") ?? "scenarios matrix";
            string backends = Environment.GetEnvironmentVariable("CHATBRIDGE_BACKENDS") ?? "V8 QuickJS";
            foreach (string backend in backends.Split(' '))
            {
                foreach (string bundle in bundles.Split(' '))
                {
                    foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, $"scripts/{bundle}.txt")))
                    {
                        var data = new TestCaseData(backend, bundle, line).SetName($"{line.TrimStart('*')} [{backend}]");
                        data.Properties.Set(PropertyNames.Order, order++);
                        yield return data;
                    }
                }
            }
        }

        [TestCaseSource(nameof(Cases))]
        public void Scenario(string backend, string bundle, string line)
        {
            bool standIn = StandIn.IsThere();
            if (line.StartsWith("*", StringComparison.Ordinal) && !standIn)
            {
                Assert.Ignore("the stand-in for libImSDK is not built: there is no C compiler on this machine");
            }

            TestGame.Restart();
            using var run = new ScriptRun(backend, bundle);
            string outcome = run.Play(line.TrimStart('*'));
            Assert.That(outcome == "passed", outcome);
        }
    }
}
