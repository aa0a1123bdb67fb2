using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // test/golden/id-vectors.json through every door that an id can come by.
    public sealed class IdVectorTests : PluginFixture
    {
        private static readonly Dictionary<IdFlaw, string> Names = new Dictionary<IdFlaw, string>
        {
            [IdFlaw.Empty] = "empty",
            [IdFlaw.Nul] = "nul",
            [IdFlaw.TooLong] = "too-long",
            [IdFlaw.NotUtf8] = "not-utf8",
            [IdFlaw.NotUnicode] = "not-unicode",
            [IdFlaw.BadType] = "bad-type",
        };

        [TestCaseSource(nameof(TextVectors))]
        public void TextThroughTheApi(JToken vector)
        {
            string id = new string(vector["utf16"]!.Select(unit => (char)(int)unit).ToArray());
            int type = (int)vector["type"]!;
            string? refusal = (string?)vector["refusal"];
            IdFlaw flaw = ConversationIds.CheckText(id, type, out byte[] utf8);
            Assert.That(flaw == IdFlaw.None ? null : Names[flaw], Is.EqualTo(refusal));
            Assert.That(utf8, Is.EqualTo(refusal == null ? System.Text.Encoding.UTF8.GetBytes(id) : new byte[0]));

            var script = new Script(Plugin);
            var completed = new List<DeleteCompleted>();
            Plugin.Listeners.DeleteCompleted += completed.Add;
            TIMResult result = Plugin.Requests.ConvDelete(id, (TIMConvType)type, null, null);
            Assert.That(result, Is.EqualTo(refusal == null ? TIMResult.TIM_SUCC : TIMResult.TIM_ERR_PARAM));
            Assert.That(Plugin.Requests.LastError == null, Is.EqualTo(refusal == null));
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(refusal == null ? 1 : 0));
            if (refusal == null)
            {
                Assert.That(script.Frames[0].Request.ConvDelete.ConvId.ToByteArray(), Is.EqualTo(utf8));
            }

            Plugin.Tick();
            Assert.That(completed, Is.Empty, "nothing has ended, or was refused");
        }

        [TestCaseSource(nameof(ByteVectors))]
        public void BytesThroughAFrame(JToken vector)
        {
            byte[] id = Vectors.FromHex((string)vector["hex"]!);
            int type = (int)vector["type"]!;
            string? refusal = (string?)vector["refusal"];
            var script = new Script(Plugin);
            CoreCall call = script.NewDelete(1, "x", type);
            call.ConvDelete.ConvId = ByteString.CopyFrom(id);
            Assert.That(script.Call(call), Is.EqualTo(refusal == null ? 0 : -(int)SendResult.BadId));
            Assert.That(Core.Calls.Count, Is.EqualTo(refusal == null ? 1 : 0));
        }

        [TestCaseSource(nameof(ByteVectors))]
        public void BytesThroughABatch(JToken vector)
        {
            string prefix = (int)vector["type"]! == 1 ? "c2c_" : "group_";
            byte[] id = System.Text.Encoding.ASCII.GetBytes(prefix).Concat(Vectors.FromHex((string)vector["hex"]!)).ToArray();
            string? refusal = (string?)vector["refusal"];
            var script = new Script(Plugin);
            CoreCall call = script.NewDeleteList(1, true, "c2c_good");
            call.ConvDeleteList.ConvIds.Add(ByteString.CopyFrom(id));
            Assert.That(script.Call(call), Is.EqualTo(refusal == null ? 0 : -(int)SendResult.BadId));
            Assert.That(Core.Calls.Count, Is.EqualTo(refusal == null ? 1 : 0));
        }

        [TestCaseSource(nameof(KeyVectors))]
        public void TextThroughABatchOfKeys(JToken vector)
        {
            string id = new string(vector["utf16"]!.Select(unit => (char)(int)unit).ToArray());
            int type = (int)vector["type"]!;
            string? refusal = (string?)vector["refusal"];
            var script = new Script(Plugin);
            // As script's messages bring it: this one way makes a key of any id.
            ConversationKey key = ConversationKey.FromWire(
                type == (int)TIMConvType.kTIMConv_C2C ? ConversationKeyKind.UserId : ConversationKeyKind.GroupId, id);
            TIMResult result = Plugin.Requests.ConvDeleteConversationList(new[] { ConversationKey.User("good"), key }, false, null, null);
            Assert.That(result, Is.EqualTo(refusal == null ? TIMResult.TIM_SUCC : TIMResult.TIM_ERR_PARAM));
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(refusal == null ? 1 : 0));
        }

        [TestCaseSource(nameof(TextVectors))]
        public void TextAsAKey(JToken vector)
        {
            string id = new string(vector["utf16"]!.Select(unit => (char)(int)unit).ToArray());
            var type = (TIMConvType)(int)vector["type"]!;
            string? refusal = (string?)vector["refusal"];
            if (refusal != null)
            {
                // The system's type is a type, though no call takes it.
                if (type != TIMConvType.kTIMConv_System)
                {
                    Assert.That(() => ConversationKey.FromCore(id, type), Throws.ArgumentException);
                }
            }
            else
            {
                Assert.That(ConversationKey.FromCore(id, type).Id, Is.EqualTo(id));
            }

            if (refusal == "bad-type")
            {
                return;
            }

            string[] notations = type == TIMConvType.kTIMConv_C2C ? new[] { "c2c_", "C2C" } : new[] { "group_", "GROUP" };
            foreach (string notation in notations)
            {
                bool parsed = ConversationKey.TryParse(notation + id, out ConversationKey? key);
                Assert.That(parsed, Is.EqualTo(refusal == null), notation);
                Assert.That(key?.Id, Is.EqualTo(refusal == null ? id : null));
            }

            if (refusal != null)
            {
                IdFlaw flaw = Names.Single(one => one.Value == refusal).Key;
                ArgumentException thrown = Assert.Throws<ArgumentException>(
                    () => _ = type == TIMConvType.kTIMConv_C2C ? ConversationKey.User(id) : ConversationKey.Group(id))!;
                Assert.That(thrown.Message, Does.Contain(ConversationIds.Describe(flaw)));
            }
        }

        [Test]
        public void WrittenAsJsonAnIdReadsBackAsItWas()
        {
            foreach (JToken vector in Vectors.Read("id-vectors.json")["bytes"]!.Where(one => one["refusal"] == null))
            {
                byte[] id = Vectors.FromHex((string)vector["hex"]!);
                string json = System.Text.Encoding.UTF8.GetString(JsonText.Array(new[] { id, id }));
                string text = System.Text.Encoding.UTF8.GetString(id);
                Assert.That(JArray.Parse(json).Select(one => (string)one!), Is.EqualTo(new[] { text, text }), (string)vector["name"]!);
            }
        }

        private static IEnumerable<TestCaseData> TextVectors() => Vectors.Cases(Vectors.Read("id-vectors.json")["text"]!);

        // Those that a ConversationKey can hold.
        private static IEnumerable<TestCaseData> KeyVectors() =>
            Vectors.Cases(new JArray(Vectors.Read("id-vectors.json")["text"]!.Where(
                one => one["utf16"]!.Any() && (string?)one["refusal"] != "bad-type")));

        private static IEnumerable<TestCaseData> ByteVectors() => Vectors.Cases(Vectors.Read("id-vectors.json")["bytes"]!);
    }
}
