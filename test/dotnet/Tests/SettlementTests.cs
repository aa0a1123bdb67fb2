using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // A call from script is answered once, whatever the core does. Invariant 1.
    public sealed class SettlementTests : PluginFixture
    {
        private Script script = null!;

        [SetUp]
        public void Connect() => script = new Script(Plugin);

        [Test]
        public void AnswerAfterTheReturn()
        {
            Assert.That(script.Delete(5, "alice"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Core.Answer(0, 6014, "not login", "[]");
            Plugin.Tick();
            ToScript frame = script.Frames.Single();
            Assert.That(frame.Result.CallId, Is.EqualTo(5));
            Assert.That(frame.Result.Source, Is.EqualTo(Protocol.ErrorSource.SdkCallback));
            Assert.That(frame.Result.Code, Is.EqualTo(6014));
            Assert.That(frame.Result.Desc.ToStringUtf8(), Is.EqualTo("not login"));
            Assert.That(frame.Result.Json.ToStringUtf8(), Is.EqualTo("[]"));
            Assert.That(frame.Version, Is.EqualTo(1));
            Assert.That(frame.Epoch, Is.EqualTo(Plugin.Epoch));
        }

        [Test]
        public void AnswerBeforeTheReturn()
        {
            Core.OnCall = reply => reply.Answer(0, new byte[0], new byte[0]);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
            Assert.That(script.Frames, Is.Empty, "never inside the call");
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1));
        }

        [Test]
        public void AnswerBeforeTheReturnOnAnotherThread()
        {
            Core.OnCall = reply => OnOtherThread(() => reply.Answer(0, new byte[0], new byte[0]));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1));
        }

        [Test]
        public void AnswerTwice()
        {
            script.Delete(1, "a");
            Core.Answer(0, 0, "first");
            Core.Answer(0, 6012, "second");
            Plugin.Tick();
            Core.Answer(0, 6012, "third");
            Plugin.Tick();
            Assert.That(script.Frames.Single().Result.Desc.ToStringUtf8(), Is.EqualTo("first"));
            Assert.That(Plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(2));
        }

        [Test]
        public void NonZeroReturnWithACallbackBeforeIt()
        {
            Core.Returns = -3;
            Core.OnCall = reply => reply.Answer(6017, new byte[0], new byte[0]);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-3));
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Assert.That(Plugin.Diagnostics.AnswersDespiteRefusal, Is.EqualTo(1));
        }

        [Test]
        public void NonZeroReturnWithACallbackAfterIt()
        {
            Core.Returns = -4;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-4));
            Core.Answer(0, 6017);
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Assert.That(Plugin.Diagnostics.AnswersDespiteRefusal, Is.EqualTo(1));
            Core.Returns = 0;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), "the call id is free again");
        }

        [Test]
        public void NeverAnswered()
        {
            script.Delete(1, "a");
            for (int i = 0; i < 5; i++)
            {
                Now += 1000000;
                Plugin.Tick();
            }

            Assert.That(script.Frames, Is.Empty, "a call of script's has script's own deadline");
            Assert.That(script.Delete(1, "b"), Is.EqualTo(-(int)SendResult.BadCallId), "and is live until it is answered");
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1));
            Assert.That(script.Delete(1, "b"), Is.EqualTo(0));
        }

        [Test]
        public void AnAnswerWhoseTextIsNotUtf8PassesAsItIs()
        {
            script.Delete(1, "a");
            Core.Replies[0].Answer(0, new byte[] { 0xFF, 0xC0 }, new byte[] { 0xFE });
            Plugin.Tick();
            Assert.That(script.Frames.Single().Result.Desc.ToByteArray(), Is.EqualTo(new byte[] { 0xFF, 0xC0 }));
            Assert.That(script.Frames.Single().Result.Json.ToByteArray(), Is.EqualTo(new byte[] { 0xFE }));
        }

        [Test]
        public void InitAndUninitAreAnsweredByTheirReturn()
        {
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = 1, Init = new Init { SdkAppId = 1400000000 } }), Is.EqualTo(0));
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = 1, Uninit = new Uninit() }), Is.EqualTo(0));
            Core.Returns = -1;
            Assert.That(script.Call(new CoreCall { CallId = 3, Epoch = 1, Uninit = new Uninit() }), Is.EqualTo(-1));
            Plugin.Tick();
            Assert.That(script.Frames.Select(frame => frame.Result.CallId), Is.EqualTo(new uint[] { 1, 2 }));
            Assert.That(script.Frames.All(frame => frame.Result.Source == Protocol.ErrorSource.SdkReturn), Is.True);
            Assert.That(Core.Calls, Is.EqualTo(new[] { "Init 1400000000", "Uninit", "Uninit" }));
        }

        [Test]
        public void EachMethodReachesItsFunction()
        {
            script.Call(new CoreCall { CallId = 1, Epoch = 1, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            Core.Answer(0);
            Plugin.Tick();
            uint epoch = Plugin.Epoch;
            script.Delete(2, "alice");
            script.Delete(3, "42", 2);
            script.Call(script.NewDeleteList(4, false, "c2c_a", "group_b"));
            script.Call(new CoreCall { CallId = 5, Epoch = epoch, ConvGetConvList = new ConvGetConvList() });
            script.Call(new CoreCall { CallId = 6, Epoch = epoch, Logout = new Logout() });
            Assert.That(
                Core.Calls,
                Is.EqualTo(new[]
                {
                    "Login u", "ConvDelete alice 1", "ConvDelete 42 2", "ConvDeleteList [\"c2c_a\",\"group_b\"] False", "ConvGetConvList",
                    "Logout",
                }));
        }

        private static Google.Protobuf.ByteString Text(string text) => Google.Protobuf.ByteString.CopyFromUtf8(text);
    }
}
