using System;
using System.Collections.Generic;
using Google.Protobuf;

namespace TimChatBridge
{
    // The door to the native core: what passes has been checked on the bytes that the core gets, belongs to the user that is
    // signed in, is not vetoed, and is registered, so that its answer has a place. Main thread.
    internal sealed class CoreDoor
    {
        private readonly Plugin plugin;
        private readonly ICoreLibrary library;
        private readonly LoginEpoch epoch;
        private readonly Ledger ledger;
        private readonly int maxPending;
        private bool listening;

        internal CoreDoor(Plugin plugin, PluginOptions options, LoginEpoch epoch, Ledger ledger)
        {
            this.plugin = plugin;
            library = options.Library;
            this.epoch = epoch;
            this.ledger = ledger;
            maxPending = options.MaxPendingCalls;
        }

        internal bool TakesEventSlot { get; set; } = true;

        // The core's TIMResult, or a SendResult, negated.
        internal int Call(ScriptSession session, Protocol.CoreCall call)
        {
            SendRefusal? refusal = CheckNumber(session, call) ?? CheckEpoch(call) ?? CoreCallChecks.Check(call) ?? CheckLeave(session, call);
            if (refusal != null)
            {
                return plugin.Refuse(refusal.Value);
            }

            if (call.OriginRequestId != 0)
            {
                // Before the core can see it: from here on nobody may say that it was not sent.
                ledger.Find(call.OriginRequestId)!.State = LedgerState.Sent;
            }

            uint madeIn = ChangesUser(call.MethodCase) ? epoch.RaiseBeyond(call.Epoch) : call.Epoch;
            var pending = new PendingCall(session.Queue, (int)call.CallId, madeIn);
            session.Pending.Add(pending.CallId, pending);
            int returned;
            try
            {
                returned = Invoke(call, pending);
            }
            catch (Exception thrown)
            {
                returned = plugin.Refuse(WhyNotInvoked(call.MethodCase, thrown));
            }

            if (returned != 0)
            {
                session.Pending.Remove(pending.CallId);
                session.Queue.Refuse(pending);
            }

            return returned;
        }

        // Gives the event slots back, where they are ours.
        internal void StopListening()
        {
            if (!listening)
            {
                return;
            }

            listening = false;
            try
            {
                library.Listen(null, TakesEventSlot);
            }
            catch (Exception thrown)
            {
                plugin.Log($"the core's event slot could not be given back: {thrown.Message}");
            }
        }

        private static bool Deletes(Protocol.CoreCall.MethodOneofCase method) =>
            method == Protocol.CoreCall.MethodOneofCase.ConvDelete || method == Protocol.CoreCall.MethodOneofCase.ConvDeleteList;

        private static bool ChangesUser(Protocol.CoreCall.MethodOneofCase method) =>
            method == Protocol.CoreCall.MethodOneofCase.Init || method == Protocol.CoreCall.MethodOneofCase.Uninit
            || method == Protocol.CoreCall.MethodOneofCase.Login || method == Protocol.CoreCall.MethodOneofCase.Logout;

        private static SendRefusal? CheckNumber(ScriptSession session, Protocol.CoreCall call)
        {
            if (call.CallId == 0 || call.CallId > int.MaxValue)
            {
                return new SendRefusal(Protocol.SendResult.BadCallId, $"CoreCall.call_id: {call.CallId} is not from 1 to 2^31 - 1");
            }

            return session.Pending.ContainsKey((int)call.CallId)
                ? new SendRefusal(Protocol.SendResult.BadCallId, $"CoreCall.call_id: {call.CallId} is in use")
                : (SendRefusal?)null;
        }

        private static SendRefusal WhyNotInvoked(Protocol.CoreCall.MethodOneofCase method, Exception thrown)
        {
            switch (thrown)
            {
                case DllNotFoundException _:
                case BadImageFormatException _:
                    return new SendRefusal(
                        Protocol.SendResult.LibraryMissing,
                        $"{method}: the core's native library cannot be loaded; add the vendor's libImSDK for this platform. {thrown.Message}");
                case EntryPointNotFoundException _:
                    return new SendRefusal(
                        Protocol.SendResult.Unsupported, $"{method}: this core has no such function; a newer one is needed. {thrown.Message}");
                case PlatformNotSupportedException _:
                    return new SendRefusal(Protocol.SendResult.Unsupported, $"{method}: {thrown.Message}");
                default:
                    return new SendRefusal(Protocol.SendResult.Internal, $"{method}: {thrown.GetType().Name}: {thrown.Message}");
            }
        }

        private static byte[][] ToArrays(IReadOnlyList<ByteString> ids)
        {
            var arrays = new byte[ids.Count][];
            for (int i = 0; i < arrays.Length; i++)
            {
                arrays[i] = ids[i].ToByteArray();
            }

            return arrays;
        }

        // What reads or deletes as a user must have been asked for as that user.
        private SendRefusal? CheckEpoch(Protocol.CoreCall call)
        {
            if (ChangesUser(call.MethodCase))
            {
                return call.Epoch <= LoginEpoch.HighestFromScript
                    ? (SendRefusal?)null
                    : new SendRefusal(Protocol.SendResult.BadFrame, "CoreCall.epoch: larger than 2^31 - 1");
            }

            uint current = epoch.Current;
            return call.Epoch == current
                ? (SendRefusal?)null
                : new SendRefusal(
                    Protocol.SendResult.StaleEpoch,
                    $"CoreCall.epoch: asked for in login epoch {call.Epoch}, which is now {current}: the user may be another");
        }

        private SendRefusal? CheckLeave(ScriptSession session, Protocol.CoreCall call)
        {
            bool deletes = Deletes(call.MethodCase);
            if (deletes && !plugin.DeletionsAllowed)
            {
                return new SendRefusal(Protocol.SendResult.Vetoed, "Conversations.DeletionsAllowed is false");
            }

            if (session.Pending.Count >= maxPending)
            {
                return new SendRefusal(Protocol.SendResult.Busy, $"{maxPending} calls are under way, which is the limit");
            }

            if (call.OriginRequestId == 0)
            {
                return null;
            }

            return deletes
                ? plugin.Requests.CheckQueued(call.OriginRequestId)
                : new SendRefusal(Protocol.SendResult.BadFrame, "CoreCall.origin_request_id: C# asks for deletions only");
        }

        private int Invoke(Protocol.CoreCall call, PendingCall pending)
        {
            switch (call.MethodCase)
            {
                case Protocol.CoreCall.MethodOneofCase.ConvDelete:
                    Listen();
                    return library.ConvDelete(call.ConvDelete.ConvId.ToByteArray(), call.ConvDelete.ConvType, pending);
                case Protocol.CoreCall.MethodOneofCase.ConvDeleteList:
                    Listen();
                    return library.ConvDeleteConversationList(
                        ToArrays(call.ConvDeleteList.ConvIds), call.ConvDeleteList.ClearMessage, pending);
                case Protocol.CoreCall.MethodOneofCase.ConvGetConvList:
                    Listen();
                    return library.ConvGetConvList(pending);
                case Protocol.CoreCall.MethodOneofCase.Login:
                    Listen();
                    return library.Login(call.Login.UserId.ToByteArray(), call.Login.UserSig.ToByteArray(), pending);
                case Protocol.CoreCall.MethodOneofCase.Logout:
                    Listen();
                    return library.Logout(pending);
                case Protocol.CoreCall.MethodOneofCase.Init:
                    int initialised = AnsweredByReturn(library.Init(call.Init.SdkAppId, call.Init.JsonSdkConfig.ToByteArray()), pending);
                    if (initialised == 0)
                    {
                        ListenAnew();
                    }

                    return initialised;
                default:
                    StopListening();
                    return AnsweredByReturn(library.Uninit(), pending);
            }
        }

        private int AnsweredByReturn(int returned, PendingCall pending)
        {
            if (returned == 0)
            {
                plugin.AnswerByReturn(pending);
            }

            return returned;
        }

        // Nobody says that a slot set before TIMInit survives it. The core is initialised by now, whatever comes of this.
        private void ListenAnew()
        {
            listening = false;
            try
            {
                Listen();
            }
            catch (Exception thrown)
            {
                plugin.Log($"the core's event slots could not be taken: {thrown.Message}");
            }
        }

        private void Listen()
        {
            if (!listening)
            {
                library.Listen(plugin, TakesEventSlot);
                listening = true;
            }
        }
    }
}
