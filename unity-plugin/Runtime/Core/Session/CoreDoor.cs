using System;
using System.Collections.Generic;
using System.Threading;
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
        // Session calls of scripts that have gone, and those that broke off inside the core.
        private readonly ChangesUnderWay leftBehind;
        private readonly int maxPending;
        private readonly int maxAbandoned;
        private bool initialised;
        // The core was let go of when the epoch was raised to that; 0: not, since the last look. Any thread.
        private long letGoIn;

        // `previous`: of the play mode before.
        internal CoreDoor(Plugin plugin, PluginOptions options, LoginEpoch epoch, Ledger ledger, CoreDoor? previous)
        {
            this.plugin = plugin;
            library = options.Library;
            Slots = new EventSlots(plugin, library);
            this.epoch = epoch;
            this.ledger = ledger;
            maxPending = options.MaxPendingCalls;
            maxAbandoned = options.MaxAbandonedCalls;
            leftBehind = previous?.leftBehind ?? new ChangesUnderWay();
            leftBehind.BeginAnew(plugin.Clock.NowMs);
        }

        internal EventSlots Slots { get; }

        // Script initialised the core, and a shutdown lets go of it.
        internal bool OwnsCore => initialised;

        // The core's TIMResult, or a SendResult, negated.
        internal int Call(ScriptSession session, Protocol.CoreCall call)
        {
            SendRefusal? refusal = CheckNumber(session, call) ?? CheckOwner(session, call) ?? CheckEpoch(call)
                ?? CheckUserStays(session, call) ?? CoreCallChecks.Check(call) ?? CheckLeave(session, call)
                // Once more: whoever raises it on another thread does so before it gives leave again.
                ?? CheckEpoch(call);
            if (refusal != null)
            {
                return plugin.Refuse(refusal.Value);
            }

            if (call.OriginRequestId != 0)
            {
                // Before the core can see it: from here on nobody may say that it was not sent.
                ledger.Find(call.OriginRequestId)!.State = LedgerState.Sent;
            }

            bool changesUser = ChangesUser(call.MethodCase);
            uint madeIn = changesUser ? epoch.RaiseBeyond(call.Epoch) : call.Epoch;
            var pending = new PendingCall(session.Queue, (int)call.CallId, madeIn, changesUser ? EndedUnheard : (Action<PendingCall, int>?)null);
            session.Pending.Add(pending);
            int returned;
            try
            {
                returned = Invoke(session, call, pending);
            }
            catch (CallBrokeOffException brokeOff)
            {
                // Refused, it would pass for not sent, and be asked for again.
                string words = $"{call.MethodCase}: {brokeOff.Message}; what came of it is not known";
                plugin.Log(words);
                AnswerBrokenOff(call.MethodCase, pending, words);
                initialised |= call.MethodCase == Protocol.CoreCall.MethodOneofCase.Init;
                returned = 0;
            }
            catch (Exception thrown)
            {
                if (call.OriginRequestId != 0)
                {
                    // The core was not called, and script may go another way about the request.
                    ledger.Find(call.OriginRequestId)!.State = LedgerState.Queued;
                }

                returned = plugin.Refuse(WhyNotInvoked(call.MethodCase, thrown));
            }

            if (returned != 0)
            {
                session.Pending.Remove(pending.CallId);
                session.Queue.Refuse(pending);
            }

            return returned;
        }

        // Its script has gone, and the core may still carry them out.
        internal void LeaveBehind(IReadOnlyCollection<PendingCall> changingUser, FrameQueue queue)
        {
            foreach (PendingCall call in changingUser)
            {
                if (call.BrokeOff)
                {
                    // Added when it did.
                    continue;
                }

                leftBehind.Add(call, plugin.Clock.NowMs);
                // Behind the adding: an answer may come at any time. What the closed queue has comes to nobody, and ends here.
                if (queue.IsAnswered(call))
                {
                    leftBehind.End(call);
                }
            }
        }

        // Lets go of a core that script initialised and did not let go of: it stays loaded, and would call into what is gone.
        // One that the game's other code initialised is the game's.
        internal void UninitOwn()
        {
            if (!initialised)
            {
                return;
            }

            initialised = false;
            try
            {
                int returned = library.Uninit();
                if (returned == 0)
                {
                    leftBehind.Clear();
                }
                else
                {
                    plugin.Log($"the core refused to be let go of (TIMUninit returned {returned}): whoever is signed in stays so");
                }
            }
            catch (Exception thrown)
            {
                plugin.Log($"the core could not be let go of: {thrown.Message}");
            }
        }

        // The game's other code has let go of the core: it reads nothing any more, and answers nothing. Any thread.
        internal void WasLetGoOf(uint epochNow)
        {
            library.CoreWasLetGoOf();
            leftBehind.Clear();
            Volatile.Write(ref letGoIn, epochNow);
        }

        internal void ForgetWhatWasLetGoOf(ScriptSession? session)
        {
            long before = Interlocked.Exchange(ref letGoIn, 0);
            session?.Pending.RemoveWhere(call => call.Epoch < before && !session.Queue.IsAnswered(call));
        }

        // A login or logout may be carried out as yet, and its callback tells of that: until then whose a deletion would be is not certain.
        private void AnswerBrokenOff(Protocol.CoreCall.MethodOneofCase method, PendingCall pending, string words)
        {
            pending.MayStillAnswer = method == Protocol.CoreCall.MethodOneofCase.Login || method == Protocol.CoreCall.MethodOneofCase.Logout;
            if (pending.MayStillAnswer)
            {
                leftBehind.Add(pending, plugin.Clock.NowMs);
            }

            pending.AnswerByBridge(TIMResult.BRIDGE_ERR_INTERNAL, words);
            if (pending.MayStillAnswer && !pending.BrokeOff)
            {
                // The core had answered it before.
                leftBehind.End(pending);
            }
        }

        // Whoever is there now does not know who is signed in. First: no deletion may pass between the two. Any thread.
        private void EndedUnheard(PendingCall call, int code)
        {
            if (code == 0)
            {
                plugin.Latest.SessionChanged(Protocol.SessionEventKind.CarriedOut);
            }

            leftBehind.End(call);
        }

        private static bool Deletes(Protocol.CoreCall.MethodOneofCase method) =>
            method == Protocol.CoreCall.MethodOneofCase.ConvDelete || method == Protocol.CoreCall.MethodOneofCase.ConvDeleteList;

        private static bool ChangesUser(Protocol.CoreCall.MethodOneofCase method) =>
            method == Protocol.CoreCall.MethodOneofCase.Init || method == Protocol.CoreCall.MethodOneofCase.Uninit
            || method == Protocol.CoreCall.MethodOneofCase.Login || method == Protocol.CoreCall.MethodOneofCase.Logout;

        private static bool AsksAsNobody(Protocol.CoreCall.MethodOneofCase method) =>
            method == Protocol.CoreCall.MethodOneofCase.GetLoginStatus || method == Protocol.CoreCall.MethodOneofCase.GetSdkVersion;

        private static SendRefusal? CheckOwner(ScriptSession session, Protocol.CoreCall call) =>
            session.Attached && ChangesUser(call.MethodCase)
                ? new SendRefusal(
                    Protocol.SendResult.NotOwner,
                    $"{call.MethodCase}: script has joined a session that the game's other code owns; that code initialises the core and signs users in")
                : (SendRefusal?)null;

        private static SendRefusal? CheckNumber(ScriptSession session, Protocol.CoreCall call)
        {
            if (call.CallId == 0 || call.CallId > int.MaxValue)
            {
                return new SendRefusal(Protocol.SendResult.BadCallId, $"CoreCall.call_id: {call.CallId} is not from 1 to 2^31 - 1");
            }

            return session.Pending.Contains((int)call.CallId)
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
            return call.Epoch == current || AsksAsNobody(call.MethodCase)
                ? (SendRefusal?)null
                : new SendRefusal(
                    Protocol.SendResult.StaleEpoch,
                    $"CoreCall.epoch: asked for in login epoch {call.Epoch}, which is now {current}: the user may be another");
        }

        // The epoch went up when the call was made, and the core carries it out later, or not at all.
        private SendRefusal? CheckUserStays(ScriptSession session, Protocol.CoreCall call) =>
            Deletes(call.MethodCase)
            && (session.Pending.ChangingUser > 0 || leftBehind.Any(plugin.Clock.NowMs) || plugin.GamesChanges.AreUnderWay)
                ? new SendRefusal(
                    Protocol.SendResult.UserChanging,
                    $"{call.MethodCase}: Init, Uninit, Login or Logout is under way: whose conversations these would be is not certain")
                : (SendRefusal?)null;

        private SendRefusal? CheckLeave(ScriptSession session, Protocol.CoreCall call)
        {
            bool deletes = Deletes(call.MethodCase);
            if (deletes && !plugin.DeletionsAllowed)
            {
                return new SendRefusal(Protocol.SendResult.Vetoed, "Conversations.DeletionsAllowed is false");
            }

            SendRefusal? busy = CheckRoom(session.Pending, call.MethodCase);
            if (busy != null || call.OriginRequestId == 0)
            {
                return busy;
            }

            return deletes
                ? plugin.Requests.CheckQueued(call.OriginRequestId)
                : new SendRefusal(Protocol.SendResult.BadFrame, "CoreCall.origin_request_id: C# asks for deletions only");
        }

        private SendRefusal? CheckRoom(PendingCalls pending, Protocol.CoreCall.MethodOneofCase method)
        {
            if (pending.UnderWay >= maxPending)
            {
                return new SendRefusal(Protocol.SendResult.Busy, $"{maxPending} calls are under way, which is the limit");
            }

            // Uninit is the way out.
            return pending.Abandoned >= maxAbandoned && method != Protocol.CoreCall.MethodOneofCase.Uninit
                ? new SendRefusal(
                    Protocol.SendResult.Busy,
                    $"{maxAbandoned} calls that were given up have never been answered by the core, which is the limit: it may still read "
                    + "their input. Uninit lets go of them; so does closing the bridge")
                : (SendRefusal?)null;
        }

        private int Invoke(ScriptSession session, Protocol.CoreCall call, PendingCall pending)
        {
            switch (call.MethodCase)
            {
                case Protocol.CoreCall.MethodOneofCase.ConvDelete:
                    Slots.Listen(session);
                    return library.ConvDelete(call.ConvDelete.ConvId.ToByteArray(), call.ConvDelete.ConvType, pending);
                case Protocol.CoreCall.MethodOneofCase.ConvDeleteList:
                    Slots.Listen(session);
                    return library.ConvDeleteConversationList(
                        ToArrays(call.ConvDeleteList.ConvIds), call.ConvDeleteList.ClearMessage, pending);
                case Protocol.CoreCall.MethodOneofCase.ConvGetConvList:
                    Slots.Listen(session);
                    return library.ConvGetConvList(pending);
                case Protocol.CoreCall.MethodOneofCase.Login:
                    Slots.Listen(session);
                    return Login(call.Login, pending);
                case Protocol.CoreCall.MethodOneofCase.Logout:
                    Slots.Listen(session);
                    return library.Logout(pending);
                case Protocol.CoreCall.MethodOneofCase.Init:
                    int returned = library.Init(call.Init.SdkAppId, call.Init.JsonSdkConfig.ToByteArray());
                    if (returned == 0)
                    {
                        initialised = true;
                        Slots.ListenAnew(session);
                        pending.AnswerByReturn(Array.Empty<byte>());
                    }

                    return returned;
                case Protocol.CoreCall.MethodOneofCase.GetLoginStatus:
                    Slots.Listen(session);
                    pending.AnswerByReturn(JsonText.Number(library.GetLoginStatus()));
                    return 0;
                case Protocol.CoreCall.MethodOneofCase.GetSdkVersion:
                    pending.AnswerByReturn(JsonText.Text(library.GetSdkVersion()));
                    return 0;
                case Protocol.CoreCall.MethodOneofCase.Uninit:
                    return Uninit(session, pending);
                default:
                    throw new InvalidOperationException("the core has no such function");
            }
        }

        private int Login(Protocol.Login login, PendingCall pending)
        {
            byte[] userSig = login.UserSig.ToByteArray();
            try
            {
                return library.Login(login.UserId.ToByteArray(), userSig, pending);
            }
            finally
            {
                Array.Clear(userSig, 0, userSig.Length);
            }
        }

        private int Uninit(ScriptSession session, PendingCall pending)
        {
            bool listened = Slots.AreHeld;
            bool letGo = false;
            Slots.StopListening();
            try
            {
                int returned = library.Uninit();
                letGo = returned == 0;
                if (letGo)
                {
                    initialised = false;
                    pending.AnswerByReturn(Array.Empty<byte>());
                    // It answers no more: what it has not answered must not take up a limit.
                    session.Pending.RemoveWhere(call => !session.Queue.IsAnswered(call));
                    leftBehind.Clear();
                }

                return returned;
            }
            finally
            {
                if (!letGo && listened)
                {
                    Slots.ListenAnew(session);
                    // What the core reported meanwhile went to nobody.
                    session.Queue.AddEventsLost();
                }
            }
        }
    }
}
