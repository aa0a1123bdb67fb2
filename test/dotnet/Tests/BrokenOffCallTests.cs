using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // A call that threw before the core was called was not sent; one that threw inside the core may have been carried out.
    public sealed class BrokenOffCallTests : PluginFixture
    {
        private Script script = null!;

        [SetUp]
        public void Connect() => script = new Script(Plugin);

        [Test]
        public void ThrownBeforeTheCoreItIsRefusedAndNotSent()
        {
            List<string> heard = Ask("a");
            Core.Throws = new InvalidOperationException("odd");
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(-(int)SendResult.Internal));
            Plugin.Close(script.Session);
            Plugin.Tick();
            Assert.That(heard.Single(), Does.Contain("nothing was deleted"));
        }

        [Test]
        public void ThrownInsideTheCoreItIsAnsweredAsNotKnown()
        {
            List<string> heard = Ask("a");
            Core.BreaksOff = new InvalidOperationException("odd");
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(0), "a refusal would say that nothing was deleted");
            Plugin.Tick();
            CoreResult result = script.Frames.Single(frame => frame.Result != null).Result;
            Assert.That(result.CallId, Is.EqualTo(1));
            Assert.That(result.Source, Is.EqualTo(Protocol.ErrorSource.Bridge), "which script takes for unknown");
            Assert.That(result.Code, Is.EqualTo(-(int)SendResult.Internal));
            Assert.That(result.Desc.ToStringUtf8(), Does.Contain("odd").And.Contain("not known"));
            Assert.That(Logged.Single(), Does.Contain("odd"));
            Plugin.Close(script.Session);
            Plugin.Tick();
            Assert.That(heard.Single(), Does.Contain("may be carried out"));
        }

        [Test]
        public void AnAnswerThatCameBeforeItBrokeOffStands()
        {
            Core.BreaksOff = new InvalidOperationException("odd");
            Core.OnCall = reply => reply.Answer(6014, new byte[0], new byte[0]);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
            Core.Answer(0, 0);
            Plugin.Tick();
            Assert.That(script.Frames.Single().Result.Code, Is.EqualTo(6014));
            Assert.That(Plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(2));
        }

        [Test]
        public void ALoginThatBrokeOffAndIsCarriedOutAfterAllIsAChangeOfUser([Values] bool closes, [Values] bool succeeds)
        {
            BreakOffALogin();
            Assert.That(script.Delete(2, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "its answer waits");
            Plugin.Tick();
            Assert.That(script.Delete(2, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "nobody knows what came of it");
            if (closes)
            {
                Plugin.Close(script.Session);
                script = new Script(Plugin);
                Assert.That(script.Delete(2, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "nor does the next script");
            }

            uint before = Plugin.Epoch;
            int heard = script.Frames.Count;
            OnOtherThread(() => Core.Answer(0, succeeds ? 0 : 6012));
            OnOtherThread(() => Core.Answer(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(succeeds ? before + 1 : before));
            Assert.That(script.Delete(2, "a"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(
                script.Frames.Skip(heard).Select(frame => frame.Event.Session.Kind),
                Is.EqualTo(succeeds ? new[] { SessionEventKind.CarriedOut } : new SessionEventKind[0]));
            Assert.That(Plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(1));
        }

        [Test]
        public void ALoginThatBrokeOffHoldsDeletionsBackThoughItsScriptGoesBeforeItHears()
        {
            BreakOffALogin();
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.UserChanging));
            Core.Answer(0, 6012);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void ALoginThatBrokeOffAndIsNeverAnsweredHoldsNothingBackForEver()
        {
            BreakOffALogin();
            Plugin.Tick();
            Now += 30_000;
            Assert.That(script.Delete(2, "a"), Is.EqualTo(0));
        }

        [Test]
        public void ALoginThatHadBeenAnsweredWhenItBrokeOffAndAnInitHoldNothingBack()
        {
            Core.OnCall = reply => reply.Answer(0, new byte[0], new byte[0]);
            BreakOffALogin();
            Core.OnCall = null;
            Plugin.Tick();
            Assert.That(script.Delete(3, "a"), Is.EqualTo(0));
            Core.BreaksOff = new InvalidOperationException("odd");
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } }), Is.EqualTo(0));
            Core.BreaksOff = null;
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            Assert.That(script.Delete(3, "a"), Is.EqualTo(0));
        }

        [Test]
        public void AnInitThatBrokeOffIsLetGoOfAtShutdown()
        {
            Core.BreaksOff = new InvalidOperationException("odd");
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } }), Is.EqualTo(0));
            Plugin.Shutdown();
            Assert.That(Core.Calls, Is.EqualTo(new[] { "Init 1", "Uninit" }));
        }

        private void BreakOffALogin()
        {
            Core.BreaksOff = new InvalidOperationException("odd");
            var login = new Login { UserId = ByteString.CopyFromUtf8("u"), UserSig = ByteString.CopyFromUtf8("s") };
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = login }), Is.EqualTo(0));
            Core.BreaksOff = null;
        }
    }
}
