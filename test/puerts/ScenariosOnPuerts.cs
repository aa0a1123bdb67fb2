using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Testing;

[assembly: NonParallelizable]

namespace TimChatBridge.PuertsTests
{
    /// <summary>The same scenarios, by name, as on the Node host: see test/e2e/scenarios.</summary>
    [TestFixture("V8")]
    [TestFixture("QuickJS")]
    public sealed class ScenariosOnPuerts
    {
        private readonly string backend;

        public ScenariosOnPuerts(string backend)
        {
            this.backend = backend;
        }

        private static IEnumerable<TestCaseData> Names() =>
            File.ReadLines(Path.Combine(AppContext.BaseDirectory, "scripts/scenarios.txt"))
                .Select(line => new TestCaseData(line).SetName(line.TrimStart('*')));

        [TestCaseSource(nameof(Names))]
        public void Scenario(string line)
        {
            bool standIn = StandIn.IsThere();
            if (line.StartsWith("*", StringComparison.Ordinal) && !standIn)
            {
                Assert.Ignore("the stand-in for libImSDK is not built: there is no C compiler on this machine");
            }

            TestGame.Restart();
            using var run = new ScriptRun(backend);
            // Of the two, only V8 has WebAssembly.
            Assert.That(run.Environment.Eval<string>("typeof WebAssembly"), Is.EqualTo(backend == "V8" ? "object" : "undefined"));
            string outcome = run.Play(line.TrimStart('*'));
            Assert.That(outcome == "passed", outcome);
        }
    }
}
