using System.Collections.Generic;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // test/golden/protocol-vectors.json, from the plugin's side: old and new scripts on old and new plugins.
    public sealed class ProtocolAgreementTests : PluginFixture
    {
        [TestCaseSource(nameof(Pairs))]
        public void BothSidesKnowWhatWasAgreedOn(JToken pair)
        {
            Rebuild(options =>
            {
                options.LowestProtocol = (int)pair["plugin"]![0]!;
                options.HighestProtocol = (int)pair["plugin"]![1]!;
            });
            int lowest = (int)pair["script"]![0]!;
            int asked = (int)pair["script"]![1]!;
            int session = Plugin.Open(asked, asked);
            if (session < 0 && -session >= lowest && -session < asked)
            {
                asked = -session;
                session = Plugin.Open(asked, asked);
            }

            if (pair["agreed"] is JToken agreed)
            {
                Assert.That(session, Is.GreaterThan(0));
                Assert.That(asked, Is.EqualTo((int)agreed), "what script knows");
                Assert.That(Plugin.Current!.AgreedProtocol, Is.EqualTo((int)agreed), "what the plugin knows");
                Assert.That(Plugin.Current.Version, Is.EqualTo((uint)((int)agreed / 1000)));
            }
            else
            {
                Assert.That(session, Is.EqualTo(-Options.HighestProtocol));
                Assert.That(Plugin.Current, Is.Null);
                Assert.That(-session < lowest ? "plugin" : "script", Is.EqualTo((string?)pair["update"]));
            }
        }

        [TestCase(1000, 1003, 1001)]
        [TestCase(1000, 1000, 1000)]
        public void OfARangeTheHighestInCommonIsAgreedOn(int min, int max, int agreed)
        {
            Rebuild(options => options.HighestProtocol = 1001);
            Assert.That(Plugin.Open(min, max), Is.GreaterThan(0));
            Assert.That(Plugin.Current!.AgreedProtocol, Is.EqualTo(agreed));
        }

        [Test]
        public void WhatIsBehindThePluginIsKnownBeforeASessionIsOpened()
        {
            Assert.That(Plugin.Capabilities, Is.EqualTo((int)Capability.NativeCore));
            Core.IsForThisPlatform = false;
            Assert.That(Plugin.Capabilities, Is.EqualTo(0));
            Assert.That(Plugin.Current, Is.Null);
        }

        private static IEnumerable<TestCaseData> Pairs() => Vectors.Cases(Vectors.Read("protocol-vectors.json")["pairs"]!);
    }
}
