using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // Whether asking again can help goes by category, and by the same in both languages: test/ts/retryable.test.ts runs them too.
    public sealed class RetryableTests : PluginFixture
    {
        private static readonly JObject Categories = (JObject)Vectors.Read("retryable-vectors.json")["categories"]!;

        private static IEnumerable<TestCaseData> All() =>
            Categories.Properties().Select(one => new TestCaseData(one.Name, (bool)one.Value).SetArgDisplayNames(one.Name));

        [TestCaseSource(nameof(All))]
        public void GoesByCategory(string name, bool retryable)
        {
            var category = (ErrorCategory)Enum.Parse(typeof(ErrorCategory), name.Replace("_", string.Empty), ignoreCase: true);
            Assert.That(new BridgeError(ErrorSource.Bridge, -1, category, string.Empty).Retryable, Is.EqualTo(retryable));
        }

        [Test]
        public void EveryCategoryIsThere() =>
            Assert.That(Categories.Count, Is.EqualTo(Enum.GetValues(typeof(ErrorCategory)).Length - 1), "all but Unspecified");

        [Test]
        public void AVetoIsNotRetryable()
        {
            Plugin.DeletionsAllowed = false;
            Assert.That(Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null), Is.EqualTo(TIMResult.BRIDGE_ERR_VETOED));
            Assert.That(Plugin.Requests.LastError!.Retryable, Is.False);
        }

        [TestCase(false)]
        [TestCase(true)]
        public void TheEndOfTheSessionIsNotRetryableSentOrNot(bool sent)
        {
            var script = new Script(Plugin);
            Ask("a");
            Assert.That(sent ? script.Claim(1) : 0, Is.EqualTo(0));
            BridgeError? error = null;
            Plugin.Listeners.DeleteCompleted += completed => error = completed.Results[0].Error;
            Plugin.Close(script.Session);
            Plugin.Tick();
            Assert.That(error!.Category, Is.EqualTo(ErrorCategory.SessionEnded));
            Assert.That(error.Retryable, Is.False);
        }
    }
}
