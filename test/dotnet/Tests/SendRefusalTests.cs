using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // Each refusal of Send, and that a refused frame reaches nothing and leaves the bridge usable.
    public sealed class SendRefusalTests : PluginFixture
    {
        private Script script = null!;

        [SetUp]
        public void Connect() => script = new Script(Plugin);

        [TearDown]
        public void TheBridgeIsStillUsable()
        {
            Core.Throws = null;
            Plugin.DeletionsAllowed = true;
            Script now = Plugin.Current == null || Plugin.Current.Id != script.Session ? new Script(Plugin) : script;
            int calls = Core.Calls.Count;
            Assert.That(now.Delete(999, "still"), Is.EqualTo(0), Plugin.LastRefusal);
            Assert.That(Core.Calls.Count, Is.EqualTo(calls + 1));
        }

        [Test]
        public void Replaced()
        {
            var later = new Script(Plugin);
            Assert.That(later.Session, Is.GreaterThan(0));
            Refused(SendResult.Replaced, script.Delete(1, "a"));
        }

        [Test]
        public void ClosedAndNeverOpened()
        {
            Plugin.Close(script.Session);
            Refused(SendResult.Closed, script.Delete(1, "a"));
            byte[] frame = Script.Frame(script.NewDelete(1, "a")).ToByteArray();
            Refused(SendResult.Closed, Plugin.Send(0, frame, frame.Length));
            Refused(SendResult.Closed, Plugin.Send(-5, frame, frame.Length));
        }

        [Test]
        public void EmptyFrame()
        {
            Refused(SendResult.BadFrame, Plugin.Send(script.Session, null, 0));
            Refused(SendResult.BadFrame, Plugin.Send(script.Session, new byte[0], 0));
            Refused(SendResult.BadFrame, Plugin.Send(script.Session, new byte[3], -1));
            Refused(SendResult.BadFrame, Plugin.Send(script.Session, new byte[3], 4));
        }

        [Test]
        public void TruncatedAnywhere()
        {
            // Version first, so that every cut but the one right behind it breaks something.
            byte[] whole = Join(Field(15, 1), Script.Frame(script.NewDelete(1, "alice")).CoreCall.ToByteArray(), 1);
            Assert.That(script.Send(whole), Is.EqualTo(0), "the whole frame is good");
            int calls = Core.Calls.Count;
            for (int length = 1; length < whole.Length; length++)
            {
                int result = Plugin.Send(script.Session, whole, length);
                Assert.That(result, Is.EqualTo(-(int)SendResult.BadFrame), $"cut at {length}");
            }

            Assert.That(Core.Calls.Count, Is.EqualTo(calls));
        }

        [Test]
        public void Rubbish()
        {
            var random = new Random(20261121);
            for (int round = 0; round < 5000; round++)
            {
                var frame = new byte[random.Next(1, 64)];
                random.NextBytes(frame);
                Assert.That(script.Send(frame), Is.LessThanOrEqualTo(-1001), Vectors.ToHex(frame));
            }

            Assert.That(Core.Calls, Is.Empty);
        }

        [Test]
        public void UnknownFieldAtTheTop() =>
            Refused(SendResult.BadFrame, script.Send(Good().Concat(Field(9, 1)).ToArray()), "field 9");

        [Test]
        public void UnknownBody() =>
            Refused(SendResult.BadFrame, script.Send(Field(15, 1).Concat(Field(7, new byte[0])).ToArray()), "field 7");

        [Test]
        public void UnknownMethod()
        {
            byte[] call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(30, new byte[0]));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "field 30");
        }

        [Test]
        public void UnknownFieldInsideACall()
        {
            byte[] method = Join(Field(1, new byte[] { (byte)'a' }), Field(2, 2), Field(7, 1));
            byte[] call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(10, method));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "ConvDelete: field 7");
        }

        [Test]
        public void UnknownFieldInsideAnEmptyMethod()
        {
            byte[] call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(12, Field(1, 1)));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "field 1");
        }

        [Test]
        public void UnknownFieldDeepInANotice()
        {
            byte[] error = Field(9, 1);
            byte[] result = Join(Field(1, Field(1, new byte[] { (byte)'a' })), Field(2, 2), Field(3, error));
            byte[] notice = Field(1, Field(2, result));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(3, notice))), "BridgeError: field 9");
        }

        [Test]
        public void UnknownFieldDoesNotPoisonTheReusedMessage()
        {
            Refused(SendResult.BadFrame, script.Send(Good().Concat(Field(9, 1)).ToArray()));
            Assert.That(script.Delete(7, "b"), Is.EqualTo(0));
        }

        [Test]
        public void FieldTwice()
        {
            byte[] method = Join(Field(1, new byte[] { (byte)'a' }), Field(2, 2), Field(1, new byte[] { (byte)'b' }));
            byte[] call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(10, method));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "conv_id: stands twice");
        }

        [Test]
        public void TwoBodies()
        {
            byte[] claim = Field(4, Field(1, 1));
            Refused(SendResult.BadFrame, script.Send(Good().Concat(claim).ToArray()), "only one may");
        }

        [Test]
        public void NumbersBeyondTheirType()
        {
            byte[] method = Join(Field(1, new byte[] { (byte)'a' }), Field(2, 2));
            byte[] call = Join(Field(1, (1UL << 32) + 1), Field(2, Plugin.Epoch), Field(10, method));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "call_id");
            byte[] list = Join(Field(1, new byte[] { (byte)'c', (byte)'2', (byte)'c', (byte)'_', (byte)'a' }), Field(2, 2));
            call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(11, list));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "clear_message");
        }

        [Test]
        public void WrongWireType()
        {
            byte[] call = Join(Field(1, 1), Field(2, Plugin.Epoch), Field(10, 5));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(1, call))), "wire type");
        }

        [TestCase("c3")]
        [TestCase("eda080")]
        [TestCase("c080")]
        public void InvalidUtf8InANotice(string hex)
        {
            byte[] result = Join(Field(1, Field(1, Vectors.FromHex(hex))), Field(2, 1));
            Refused(SendResult.BadFrame, script.Send(Join(Field(15, 1), Field(3, Field(1, Field(2, result))))), "UTF-8");
        }

        [Test]
        public void NothingButAVersion() => Refused(SendResult.BadFrame, script.Send(new ToPlugin { Version = 1 }), "body");

        [Test]
        public void MissingMethod() =>
            Refused(SendResult.BadFrame, script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch }), "method");

        [Test]
        public void MissingIdTypeAndClearMessage()
        {
            CoreCall call = script.NewDelete(1, "a");
            call.ConvDelete.ClearConvId();
            Refused(SendResult.BadFrame, script.Call(call), "conv_id: missing");
            call = script.NewDelete(1, "a");
            call.ConvDelete.ClearConvType();
            Refused(SendResult.BadFrame, script.Call(call), "conv_type: missing");
            call = script.NewDeleteList(1, true, "c2c_a");
            call.ConvDeleteList.ClearClearMessage();
            Refused(SendResult.BadFrame, script.Call(call), "clear_message: missing");
        }

        [Test]
        public void AFrameWhoseIdIsMissingRightAfterAGoodOne()
        {
            Assert.That(script.Delete(1, "alice"), Is.EqualTo(0));
            CoreCall call = script.NewDelete(2, "x");
            call.ConvDelete.ClearConvId();
            Assert.That(script.Call(call), Is.EqualTo(-(int)SendResult.BadFrame));
            Assert.That(Core.Calls, Is.EqualTo(new[] { "ConvDelete alice 1" }));
            call = script.NewDelete(3, "x");
            call.ConvDelete.ClearConvType();
            Assert.That(script.Call(call), Is.EqualTo(-(int)SendResult.BadFrame));
            Assert.That(script.Call(script.NewDeleteList(4, false, "c2c_a", "c2c_b")), Is.EqualTo(0));
            Assert.That(script.Call(script.NewDeleteList(5, true, "c2c_c")), Is.EqualTo(0));
            Assert.That(Core.Calls[2], Is.EqualTo("ConvDeleteList [\"c2c_c\"] True"), "no id of the batch before");
        }

        [Test]
        public void MissingInANotice()
        {
            Refused(SendResult.BadFrame, script.Publish(new Notice()), "message: missing");
            var completed = new Protocol.DeleteCompleted();
            completed.Results.Add(new Result { Outcome = Protocol.Outcome.Deleted });
            Refused(SendResult.BadFrame, script.Publish(new Notice { DeleteCompleted = completed }));
            completed = new Protocol.DeleteCompleted();
            completed.Results.Add(new Result { Conversation = new Key { UserId = "a" } });
            Refused(SendResult.BadFrame, script.Publish(new Notice { DeleteCompleted = completed }));
            var deleted = new Protocol.ConversationsDeleted();
            deleted.Conversations.Add(new Key());
            Refused(SendResult.BadFrame, script.Publish(new Notice { ConversationsDeleted = deleted }));
            Refused(SendResult.BadFrame, script.Send(new ToPlugin { Version = 1, EpochRaised = new EpochRaised() }));
        }

        [Test]
        public void TooLarge()
        {
            var frame = new byte[Options.MaxFrameBytes + 1];
            Refused(SendResult.TooLarge, script.Send(frame));
            Assert.That(Plugin.Send(script.Session, frame, Options.MaxFrameBytes), Is.Not.EqualTo(-(int)SendResult.TooLarge));
        }

        [TestCase(0u)]
        [TestCase(2u)]
        [TestCase(1000u)]
        public void WrongVersion(uint version)
        {
            ToPlugin frame = Script.Frame(script.NewDelete(1, "a"));
            frame.Version = version;
            Refused(SendResult.WrongVersion, script.Send(frame));
            Refused(SendResult.WrongVersion, script.Send(frame.ToByteArray().Concat(Field(99, 1)).ToArray()));
        }

        [Test]
        public void BadId() => Refused(SendResult.BadId, script.Delete(1, "a\0b"), "NUL");

        [Test]
        public void BadPrefixInABatch()
        {
            Refused(SendResult.BadId, script.Call(script.NewDeleteList(1, true, "c2c_a", "alice")), "conv_ids[1]");
            Refused(SendResult.BadId, script.Call(script.NewDeleteList(1, true, "C2Calice")));
            Refused(SendResult.BadId, script.Call(script.NewDeleteList(1, true, "c2c_")));
        }

        [TestCase(0)]
        [TestCase(3)]
        [TestCase(9)]
        [TestCase(-1)]
        public void BadType(int type) => Refused(SendResult.BadType, script.Delete(1, "a", type));

        [Test]
        public void BadCount()
        {
            Refused(SendResult.BadCount, script.Call(script.NewDeleteList(1, true)));
            string[] ids = Enumerable.Range(0, 101).Select(i => "c2c_" + i).ToArray();
            Refused(SendResult.BadCount, script.Call(script.NewDeleteList(1, true, ids)));
            Assert.That(script.Call(script.NewDeleteList(1, true, ids.Take(100).ToArray())), Is.EqualTo(0));
        }

        [Test]
        public void StaleEpoch()
        {
            uint before = Plugin.Epoch;
            Plugin.SessionChanged(SessionEventKind.Notified);
            Refused(SendResult.StaleEpoch, script.Delete(1, "a", epoch: before));
            Refused(SendResult.StaleEpoch, script.Delete(1, "a", epoch: Plugin.Epoch + 1));
            Refused(SendResult.StaleEpoch, script.Call(new CoreCall { CallId = 1, Epoch = before, ConvGetConvList = new ConvGetConvList() }));
        }

        [Test]
        public void NotQueued()
        {
            Refused(SendResult.NotQueued, script.Delete(1, "a", origin: 77));
            Refused(SendResult.NotQueued, script.Delete(1, "a", origin: uint.MaxValue));
            Refused(SendResult.NotQueued, script.Claim(77));
        }

        [Test]
        public void OriginOfWhatIsNoDeletion()
        {
            Ask("a");
            Refused(
                SendResult.BadFrame,
                script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, OriginRequestId = 1, ConvGetConvList = new ConvGetConvList() }));
        }

        [Test]
        public void Busy()
        {
            Rebuild(options => options.MaxPendingCalls = 3);
            script = new Script(Plugin);
            for (uint id = 1; id <= 3; id++)
            {
                Assert.That(script.Delete(id, "a"), Is.EqualTo(0));
            }

            int calls = Core.Calls.Count;
            Assert.That(script.Delete(4, "a"), Is.EqualTo(-(int)SendResult.Busy));
            Core.Answer(0);
            Assert.That(script.Delete(4, "a"), Is.EqualTo(-(int)SendResult.Busy), "the answer's place is taken until it is drained");
            Assert.That(Core.Calls.Count, Is.EqualTo(calls));
            Plugin.Tick();
        }

        [Test]
        public void BadCallId()
        {
            Refused(SendResult.BadCallId, script.Delete(0, "a"));
            Refused(SendResult.BadCallId, script.Delete(1u << 31, "a"));
            Assert.That(script.Delete(int.MaxValue, "a"), Is.EqualTo(0));
            int calls = Core.Calls.Count;
            Assert.That(script.Delete(int.MaxValue, "a"), Is.EqualTo(-(int)SendResult.BadCallId), "live");
            Assert.That(Core.Calls.Count, Is.EqualTo(calls));
            Assert.That(script.Send(new ToPlugin { Version = 1, Cancel = new Cancel() }), Is.EqualTo(-(int)SendResult.BadCallId));
        }

        [Test]
        public void LibraryMissing()
        {
            Core.Throws = new DllNotFoundException("no such file");
            Refused(SendResult.LibraryMissing, script.Delete(1, "a"), "libImSDK");
            Core.Throws = new BadImageFormatException("another processor's");
            Refused(SendResult.LibraryMissing, script.Delete(1, "a"));
        }

        [Test]
        public void Unsupported()
        {
            Core.Throws = new EntryPointNotFoundException("TIMConvDeleteConversationList");
            Refused(SendResult.Unsupported, script.Call(script.NewDeleteList(1, true, "c2c_a")), "TIMConvDeleteConversationList");
            Core.Throws = new PlatformNotSupportedException("WebGL");
            Refused(SendResult.Unsupported, script.Delete(1, "a"));
        }

        [Test]
        public void WrongThread() =>
            OnOtherThread(() => Refused(SendResult.WrongThread, script.Delete(1, "a")));

        [Test]
        public void Internal()
        {
            Core.Throws = new IOException("odd");
            Refused(SendResult.Internal, script.Delete(1, "a"), "odd");
            Core.Throws = null;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), "the call id was given free");
        }

        [Test]
        public void NotOwner()
        {
            Assert.That(script.Send(new ToPlugin { Version = 1, Attach = new Attach() }), Is.EqualTo(0));
            uint epoch = Plugin.Epoch;
            Refused(SendResult.NotOwner, script.Call(Call(call => call.Init = new Init { SdkAppId = 1 })));
            Refused(SendResult.NotOwner, script.Call(Call(call => call.Uninit = new Uninit())));
            Refused(SendResult.NotOwner, script.Call(Call(call => call.Login = new Login { UserId = Text("u"), UserSig = Text("s") })));
            Refused(SendResult.NotOwner, script.Call(Call(call => call.Logout = new Logout())));
            Assert.That(Plugin.Epoch, Is.EqualTo(epoch), "a refused call changes no user");
            Assert.That(Plugin.LastRefusal, Does.Contain("the game's other code owns"));
        }

        [Test]
        public void UserChanging()
        {
            var login = new Login { UserId = Text("u"), UserSig = Text("s") };
            Assert.That(script.Call(Call(call => call.Login = login)), Is.EqualTo(0));
            Assert.That(script.Delete(2, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "the login is under way");
            Assert.That(Plugin.LastRefusal, Does.Contain("is under way"));
            Assert.That(script.Call(script.NewDeleteList(2, true, "c2c_a")), Is.EqualTo(-(int)SendResult.UserChanging));
            Assert.That(script.Call(new CoreCall { CallId = 3, Epoch = Plugin.Epoch, ConvGetConvList = new ConvGetConvList() }), Is.EqualTo(0));
            Core.Answer(0);
            Assert.That(script.Delete(2, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "script has not heard of its end");
            Assert.That(Core.Replies, Has.Count.EqualTo(2), "the login and the list");
            Plugin.Tick();
            Assert.That(script.Delete(2, "a"), Is.EqualTo(0));
        }

        [Test]
        public void AGivenUpLoginHoldsNothingBack()
        {
            Assert.That(script.Call(Call(call => call.Logout = new Logout())), Is.EqualTo(0));
            Assert.That(script.Send(new ToPlugin { Version = 1, Cancel = new Cancel { CallId = 1 } }), Is.EqualTo(0));
            Assert.That(script.Delete(2, "a"), Is.EqualTo(0));
        }

        [Test]
        public void Vetoed()
        {
            Ask("a");
            Plugin.DeletionsAllowed = false;
            Refused(SendResult.Vetoed, script.Delete(1, "a"));
            Refused(SendResult.Vetoed, script.Call(script.NewDeleteList(1, false, "c2c_a")));
            Refused(SendResult.Vetoed, script.Claim(1));
            Refused(SendResult.Vetoed, script.Claim(0));
            Assert.That(
                script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, ConvGetConvList = new ConvGetConvList() }), Is.EqualTo(0));
        }

        [Test]
        public void LoginAndInitCheckTheirArguments()
        {
            uint epoch = Plugin.Epoch;
            Refused(SendResult.BadFrame, script.Call(Call(call => call.Init = new Init())), "sdk_app_id");
            Refused(
                SendResult.BadFrame,
                script.Call(Call(call => call.Init = new Init { SdkAppId = 1, JsonSdkConfig = ByteString.CopyFrom(0) })));
            Refused(SendResult.BadFrame, script.Call(Call(call => call.Login = new Login { UserSig = Text("secret") })), "user_id");
            Refused(SendResult.BadFrame, script.Call(Call(call => call.Login = new Login { UserId = Text("u") })), "user_sig");
            Refused(
                SendResult.BadId,
                script.Call(Call(call => call.Login = new Login { UserId = Text("u\0"), UserSig = Text("secret") })));
            Refused(
                SendResult.BadFrame,
                script.Call(Call(call => call.Login = new Login { UserId = Text("u"), UserSig = Text("secret\0") })));
            Assert.That(Plugin.LastRefusal, Does.Not.Contain("secret"));
            Assert.That(Plugin.Epoch, Is.EqualTo(epoch), "nothing was begun");
        }

        [Test]
        public void EachKindIsLoggedOnce()
        {
            for (int i = 0; i < 3; i++)
            {
                script.Delete(0, "secret-id");
                script.Delete(1, "secret-id", 99);
            }

            Assert.That(Logged.Count, Is.EqualTo(2));
            Assert.That(Logged[0], Does.Contain("BadCallId"));
            Assert.That(Logged[1], Does.Contain("BadType"));
            Assert.That(Logged, Is.All.Not.Contain("secret-id"));
        }

        [Test]
        public void EveryRefusalHasItsTest()
        {
            string[] covered =
            {
                nameof(Replaced), "Closed", "BadFrame", nameof(TooLarge), nameof(WrongVersion), nameof(BadId), nameof(BadType), nameof(BadCount),
                nameof(StaleEpoch), nameof(NotQueued), nameof(Busy), nameof(BadCallId), nameof(LibraryMissing), nameof(Unsupported),
                nameof(WrongThread), nameof(Internal), nameof(Vetoed), nameof(NotOwner),
                nameof(UserChanging),
            };
            // Unanswered is a completion's code: Send never returns it.
            SendResult[] all = Enum.GetValues(typeof(SendResult)).Cast<SendResult>().Skip(1).ToArray();
            Assert.That(all.Select(value => value.ToString()), Is.EquivalentTo(covered.Append(nameof(SendResult.Unanswered))));
            Assert.That(all.Select(value => (TIMResult)(-(int)value)), Is.SubsetOf(Enum.GetValues(typeof(TIMResult))));
        }

        private static CoreCall Call(Action<CoreCall> method)
        {
            var call = new CoreCall { CallId = 1 };
            method(call);
            return call;
        }

        private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);

        private static byte[] Field(int number, ulong value)
        {
            var stream = new MemoryStream();
            var output = new CodedOutputStream(stream);
            output.WriteTag(number, WireFormat.WireType.Varint);
            output.WriteUInt64(value);
            output.Flush();
            return stream.ToArray();
        }

        private static byte[] Field(int number, byte[] content)
        {
            var stream = new MemoryStream();
            var output = new CodedOutputStream(stream);
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
            output.Flush();
            return stream.ToArray();
        }

        private static byte[] Join(params byte[][] parts) => parts.SelectMany(part => part).ToArray();

        private static byte[] Join(byte[] first, byte[] content, int number) => Join(first, Field(number, content));

        private byte[] Good() => Script.Frame(script.NewDelete(1, "a")).ToByteArray();

        private void Refused(SendResult expected, int result, string saying = "")
        {
            Assert.That(result, Is.EqualTo(-(int)expected), Plugin.LastRefusal);
            Assert.That(Plugin.LastRefusal, Does.Contain(expected.ToString()).And.Contain(saying));
            Assert.That(Core.Replies, Is.Empty, "nothing reached the core");
        }
    }
}
