using System;
using System.Collections.Generic;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // The public statics, and ScriptPort as script sees it, on the process's one plugin.
    public sealed class BridgeLoopTests
    {
        [SetUp]
        public void Begin()
        {
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
        }

        [TearDown]
        public void End()
        {
            BridgeLoop.Shutdown();
            BridgeLoop.Log = Console.Error.WriteLine;
        }

        [Test]
        public void BeforeScriptHasConnected()
        {
            Assert.That(Conversations.ConvDelete("alice", TIMConvType.kTIMConv_C2C), Is.EqualTo(TIMResult.TIM_ERR_SDKUNINIT));
            Assert.That(Conversations.LastError!.Message, Does.Contain("connect()"));
        }

        [Test]
        public void ARequestAndItsAnswerThroughTheScriptPort()
        {
            var heard = new List<string>();
            Conversations.DeleteCompleted += e => heard.Add($"completed {e.RequestId} {e.Results[0].Conversation}");
            Conversations.Deleted += e => heard.Add("deleted " + e.Conversations[0]);
            int session = ScriptPort.Open(1000, 1000);
            Assert.That(session, Is.GreaterThan(0));
            ScriptPort.SetEnvironment(session, new object());
            ScriptPort.SetWake(session, () =>
            {
                Puerts.ArrayBuffer drained = ScriptPort.Drain(session, 1 << 20);
                Assert.That(drained.Count, Is.GreaterThan(0).And.LessThanOrEqualTo(drained.Bytes!.Length));
                foreach (ByteString frame in DrainBatch.Parser.ParseFrom(drained.Bytes, 0, drained.Count).Frames)
                {
                    Request request = ToScript.Parser.ParseFrom(frame).Request;
                    var completed = new Protocol.DeleteCompleted { RequestId = request.RequestId };
                    completed.Results.Add(new Result { Conversation = new Key { UserId = "alice" }, Outcome = Protocol.Outcome.Deleted });
                    Assert.That(Send(session, new ToPlugin { Version = 1, Claim = new Claim { RequestId = request.RequestId } }), Is.EqualTo(0));
                    Assert.That(Send(session, new ToPlugin { Version = 1, Publish = new Notice { DeleteCompleted = completed } }), Is.EqualTo(0));
                    var deleted = new Protocol.ConversationsDeleted();
                    deleted.Conversations.Add(new Key { UserId = "alice" });
                    Assert.That(Send(session, new ToPlugin { Version = 1, Publish = new Notice { ConversationsDeleted = deleted } }), Is.EqualTo(0));
                }
            });
            TIMResult asked = Conversations.ConvDelete(
                "alice", TIMConvType.kTIMConv_C2C, (code, desc, data) => heard.Add($"callback {code} {data}"), "mine");
            Assert.That(asked, Is.EqualTo(TIMResult.TIM_SUCC));
            Assert.That(Conversations.LastError, Is.Null);
            BridgeLoop.Tick();
            Assert.That(heard, Is.EqualTo(new[] { "callback 0 mine", "completed 1 c2c_alice", "deleted c2c_alice" }));
            ScriptPort.Close(session);
        }

        [Test]
        public void ThePlayModeAfterHearsWhatTheCoreStillCarriesOutOfTheOneBefore()
        {
            Plugin before = BridgeLoop.Plugin;
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            Plugin next = BridgeLoop.Plugin;
            Assert.That(before.Latest, Is.SameAs(next).And.Not.SameAs(before));
        }

        [Test]
        public void TheScriptPortNeverThrows()
        {
            int session = ScriptPort.Open(1000, 1000);
            Assert.That(ScriptPort.Send(session, null!), Is.EqualTo(-(int)SendResult.BadFrame));
            Assert.That(ScriptPort.Send(session, new Puerts.ArrayBuffer(null)), Is.EqualTo(-(int)SendResult.BadFrame));
            Assert.That(ScriptPort.Send(session, new Puerts.ArrayBuffer(new byte[0])), Is.EqualTo(-(int)SendResult.BadFrame));
            ScriptPort.SetWake(-1, null!);
            ScriptPort.SetWake(session, null!);
            ScriptPort.SetEnvironment(session, null!);
            ScriptPort.Close(12345);
            BridgeLoop.Tick();
            Assert.That(ScriptPort.Drain(-1, -1).Count, Is.GreaterThan(0));
            Assert.That(ScriptPort.Open(2000, 2001), Is.EqualTo(-1000));
        }

        [Test]
        public void OnlyTheCountedBytesOfAFrameAreRead()
        {
            int session = ScriptPort.Open(1000, 1000);
            byte[] frame = new ToPlugin { Version = 1, EpochRaised = new EpochRaised { Epoch = 50 } }.ToByteArray();
            var longer = new byte[frame.Length + 10];
            frame.CopyTo(longer, 0);
            Assert.That(ScriptPort.Send(session, new Puerts.ArrayBuffer(longer, frame.Length)), Is.EqualTo(0));
            Assert.That(BridgeLoop.Plugin.Epoch, Is.EqualTo(50));
        }

        [Test]
        public void NothingOfOnePlayModeReachesTheNext()
        {
            int heard = 0;
            int failed = 0;
            Conversations.Deleted += _ => heard++;
            Conversations.ListenerFailed += _ => failed++;
            Conversations.LateResult += _ => heard++;
            Conversations.DeletionsAllowed = false;
            int before = ScriptPort.Open(1000, 1000);
            UserChange change = CoreSession.BeginUserChange();
            Assert.That(Ask(), Is.EqualTo(TIMResult.BRIDGE_ERR_VETOED));
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            int after = ScriptPort.Open(1000, 1000);
            Assert.That(after, Is.Not.EqualTo(before));
            Assert.That(Conversations.DeletionsAllowed, Is.True);
            Assert.That(Ask(), Is.EqualTo(TIMResult.TIM_SUCC));
            uint epoch = BridgeLoop.Plugin.Epoch;
            change.Done();
            Assert.That(BridgeLoop.Plugin.Epoch, Is.EqualTo(epoch + 1), "nobody there knows whom that leaves signed in");
            UserChange next = CoreSession.BeginUserChange();
            Assert.That(Ask(), Is.EqualTo(TIMResult.BRIDGE_ERR_USER_CHANGING));
            next.Done();
            Assert.That(Ask(), Is.EqualTo(TIMResult.TIM_SUCC));
            var deleted = new Protocol.ConversationsDeleted();
            deleted.Conversations.Add(new Key { UserId = "a" });
            var frame = new ToPlugin { Version = 1, Publish = new Notice { ConversationsDeleted = deleted } };
            Assert.That(Send(before, frame), Is.EqualTo(-(int)SendResult.Closed));
            Assert.That(Send(after, frame), Is.EqualTo(0));
            BridgeLoop.Tick();
            Assert.That(heard + failed, Is.EqualTo(0));
        }

        [Test]
        public void AThrowingListenerIsLoggedWhereNobodyListens()
        {
            var lines = new List<string>();
            BridgeLoop.Log = lines.Add;
            Conversations.Deleted += _ => throw new InvalidOperationException("mine");
            int session = ScriptPort.Open(1000, 1000);
            var deleted = new Protocol.ConversationsDeleted();
            deleted.Conversations.Add(new Key { UserId = "a" });
            Send(session, new ToPlugin { Version = 1, Publish = new Notice { ConversationsDeleted = deleted } });
            BridgeLoop.Tick();
            Assert.That(lines, Has.Count.EqualTo(1));
            Assert.That(lines[0], Does.Contain("mine"));
        }

        [Test]
        public void TheGamesOwnSessionAndForwardedEvents()
        {
            int session = ScriptPort.Open(1000, 1000);
            uint epoch = BridgeLoop.Plugin.Epoch;
            var frames = new List<ToScript>();
            ScriptPort.SetWake(session, () =>
            {
                Puerts.ArrayBuffer drained = ScriptPort.Drain(session, 1 << 20);
                foreach (ByteString frame in DrainBatch.Parser.ParseFrom(drained.Bytes, 0, drained.Count).Frames)
                {
                    frames.Add(ToScript.Parser.ParseFrom(frame));
                }
            });
            CoreSession.NotifySession();
            CoreSession.ForwardConvEvent(1, "[\"c2c_\u4f1a\"]");
            CoreSession.ForwardConvEvent(4, null);
            BridgeLoop.Tick();
            Assert.That(frames.Count, Is.EqualTo(3));
            Assert.That(frames[0].Event.Session.Kind, Is.EqualTo(SessionEventKind.Notified));
            Assert.That(frames[0].Epoch, Is.EqualTo(epoch + 1));
            Assert.That(frames[1].Event.Conversation.Json.ToStringUtf8(), Is.EqualTo("[\"c2c_\u4f1a\"]"));
            Assert.That(frames[2].Event.Conversation.Type, Is.EqualTo(4));
        }

        private static TIMResult Ask() => Conversations.ConvDelete("a", TIMConvType.kTIMConv_C2C);

        private static int Send(int session, ToPlugin frame) => ScriptPort.Send(session, new Puerts.ArrayBuffer(frame.ToByteArray()));
    }
}
