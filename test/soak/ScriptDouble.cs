using System;
using System.Collections.Generic;
using Google.Protobuf;
using TimChatBridge.Protocol;

namespace TimChatBridge.Soak
{
    // Script's side of one session, in C#: real frames through the production ScriptPort, drained in its wake.
    internal sealed class ScriptDouble
    {
        private const int ProtocolNumber = 1000;
        private const int DrainBytes = 1 << 20;

        // By call id: the conversation to delete, or null for a call that changes the user.
        private readonly Dictionary<uint, string?> pending = new Dictionary<uint, string?>();
        private readonly ToPlugin frame = new ToPlugin { Version = 1 };
        private readonly Tally tally;
        private readonly int session;
        private uint lastCallId;
        private ulong lastSequence;
        private uint epoch;
        private int lastCode;

        internal ScriptDouble(Tally tally)
        {
            this.tally = tally;
            session = ScriptPort.Open(ProtocolNumber, ProtocolNumber);
            Require(session > 0, $"Open returned {session}");
            Action wake = Wake;
            tally.Hand(wake);
            ScriptPort.SetWake(session, wake);
            epoch = Drain(1).Epoch;
        }

        internal int Pending => pending.Count;

        internal void Init() => ChangeUser("Init", new CoreCall { Init = new Init { SdkAppId = 1_400_000_000 } });

        internal void Login(string user) => ChangeUser(
            "Login",
            new CoreCall { Login = new Login { UserId = ByteString.CopyFromUtf8(user), UserSig = ByteString.CopyFromUtf8("sig") } });

        internal void Logout() => ChangeUser("Logout", new CoreCall { Logout = new Logout() });

        internal void Uninit() => ChangeUser("Uninit", new CoreCall { Uninit = new Uninit() });

        internal void Delete(string userId)
        {
            var method = new ConvDelete { ConvId = ByteString.CopyFromUtf8(userId), ConvType = (int)TIMConvType.kTIMConv_C2C };
            Call(new CoreCall { ConvDelete = method }, userId);
            tally.Sent++;
        }

        // As script does with what has not been answered by its deadline.
        internal void ForgetOverdue()
        {
            tally.Forgotten += pending.Count;
            foreach (uint callId in pending.Keys)
            {
                frame.Cancel = new Cancel { CallId = callId };
                Require(Send() == 0, "a call could not be given up: " + BridgeLoop.Plugin.LastRefusal);
            }

            pending.Clear();
        }

        internal void Close() => ScriptPort.Close(session);

        private static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new InvalidOperationException(what);
            }
        }

        private void ChangeUser(string what, CoreCall call)
        {
            Call(call, null);
            // The plugin counts the same at its door.
            epoch++;
            Game.TickUntil(() => pending.Count == 0, tally, what + "'s answer");
            Require(lastCode == 0, $"{what} was answered with {lastCode}");
        }

        private void Call(CoreCall call, string? conversation)
        {
            call.CallId = ++lastCallId;
            call.Epoch = epoch;
            pending.Add(call.CallId, conversation);
            frame.CoreCall = call;
            int result = Send();
            Require(result == 0, $"{call.MethodCase} returned {result}: {BridgeLoop.Plugin.LastRefusal}");
        }

        private int Send() => ScriptPort.Send(session, new Puerts.ArrayBuffer(frame.ToByteArray()));

        private DrainBatch Drain(int maxBytes)
        {
            Puerts.ArrayBuffer batch = ScriptPort.Drain(session, maxBytes);
            return DrainBatch.Parser.ParseFrom(batch.Bytes, 0, batch.Count);
        }

        // What is thrown out of a wake ends the session: the run has to hear of it otherwise.
        private void Wake()
        {
            try
            {
                foreach (ByteString bytes in Drain(DrainBytes).Frames)
                {
                    Receive(ToScript.Parser.ParseFrom(bytes));
                }
            }
            catch (Exception thrown)
            {
                tally.Failure ??= thrown.ToString();
            }
        }

        private void Receive(ToScript received)
        {
            Require(received.Sequence == ++lastSequence, $"frame {received.Sequence} came where {lastSequence} was due");
            switch (received.BodyCase)
            {
                case ToScript.BodyOneofCase.Result:
                    Settle(received.Result);
                    break;
                case ToScript.BodyOneofCase.Event when received.Event.EventCase == CoreEvent.EventOneofCase.Conversation:
                    tally.DelEvents += received.Event.Conversation.Type == 1 ? 1 : 0;
                    break;
                default:
                    throw new InvalidOperationException("a frame came that nothing here brings about: " + received);
            }
        }

        private void Settle(CoreResult result)
        {
            Require(pending.Remove(result.CallId, out string? conversation), $"call {result.CallId} is not under way, and was answered");
            lastCode = result.Code;
            if (conversation == null)
            {
                return;
            }

            Require(result.Code == 0, $"call {result.CallId} was answered with {result.Code}");
            tally.Settled++;
            Publish(conversation);
        }

        // C#'s listeners hear of each completion, as Bridge has it.
        private void Publish(string conversation)
        {
            var completed = new Protocol.DeleteCompleted();
            completed.Results.Add(new Result { Conversation = new Key { UserId = conversation }, Outcome = Protocol.Outcome.Deleted });
            frame.Publish = new Notice { DeleteCompleted = completed };
            Require(Send() == 0, "a completion was not taken: " + BridgeLoop.Plugin.LastRefusal);
        }
    }
}
