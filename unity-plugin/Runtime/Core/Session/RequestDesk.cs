using System;
using System.Collections.Generic;
using Google.Protobuf;

namespace TimChatBridge
{
    // Takes deletions that C# asks for, hands them to script in the one queue, and ends each of them once: by script's completion, by
    // its deadline while no core has it, or by script's death. Main thread.
    internal sealed class RequestDesk
    {
        private const string GameChangesUser =
            "the game's other code changes who is signed in (CoreSession.BeginUserChange): whose conversations these would be is not certain";

        private readonly Plugin plugin;
        private readonly PluginOptions options;
        private readonly LoginEpoch epoch;
        private readonly Ledger ledger;

        internal RequestDesk(Plugin plugin, PluginOptions options, LoginEpoch epoch, Ledger ledger)
        {
            this.plugin = plugin;
            this.options = options;
            this.epoch = epoch;
            this.ledger = ledger;
        }

        internal BridgeError? LastError { get; private set; }

        internal TIMResult ConvDelete(string convId, TIMConvType convType, ConvDeleteCallback? callback, string? userData)
        {
            plugin.RequireMainThread("Conversations.ConvDelete");
            IdFlaw flaw = ConversationIds.CheckText(convId, (int)convType, out byte[] utf8);
            if (flaw != IdFlaw.None)
            {
                return Refuse(
                    TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, $"ConvDelete: {ConversationIds.Describe(flaw)}; nothing was deleted");
            }

            var wire = new Protocol.Request
            {
                ConvDelete = new Protocol.ConvDelete { ConvId = ByteString.CopyFrom(utf8), ConvType = (int)convType },
            };
            Action<DeleteCompleted>? answer = null;
            if (callback != null)
            {
                answer = completed => callback(completed.Code, completed.Desc, userData);
            }

            return Ask(new[] { ConversationKey.FromCore(convId, convType) }, wire, answer);
        }

        internal TIMResult ConvDeleteConversationList(
            IReadOnlyList<ConversationKey> conversations, bool clearMessage, ConvDeleteListCallback? callback, string? userData)
        {
            plugin.RequireMainThread("Conversations.ConvDeleteConversationList");
            int count = conversations == null ? 0 : conversations.Count;
            if (count < 1 || count > ConversationIds.MaxListLength)
            {
                return Refuse(
                    TIMResult.TIM_ERR_PARAM,
                    ErrorCategory.InvalidArgument,
                    $"ConvDeleteConversationList: {count} conversations, 1 to {ConversationIds.MaxListLength} are taken; nothing was deleted");
            }

            var keys = new ConversationKey[count];
            var list = new Protocol.ConvDeleteList { ClearMessage = clearMessage };
            for (int i = 0; i < count; i++)
            {
                keys[i] = conversations![i];
                string? wrong = Check(keys[i]);
                if (wrong != null)
                {
                    return Refuse(
                        TIMResult.TIM_ERR_PARAM,
                        ErrorCategory.InvalidArgument,
                        $"ConvDeleteConversationList: conversations[{i}]: {wrong}; nothing was deleted");
                }

                list.ConvIds.Add(ByteString.CopyFromUtf8(keys[i].ToString()));
            }

            Action<DeleteCompleted>? answer = null;
            if (callback != null)
            {
                answer = completed => callback(completed.Code, completed.Desc, completed.Results, userData);
            }

            return Ask(keys, new Protocol.Request { ConvDeleteList = list }, answer);
        }

        // Leave for a core that lives in script: once for each request. A request that is refused stays queued: script completes it.
        // 0 is script's own deletion, which is in no ledger.
        internal int Claim(uint requestId)
        {
            SendRefusal? refusal = requestId == 0 ? null : CheckQueued(requestId);
            if (refusal == null && !plugin.DeletionsAllowed)
            {
                refusal = new SendRefusal(Protocol.SendResult.Vetoed, "Conversations.DeletionsAllowed is false");
            }

            if (refusal == null && plugin.GamesChanges.AreUnderWay)
            {
                refusal = new SendRefusal(Protocol.SendResult.UserChanging, GameChangesUser);
            }

            // Once more: whoever changes the user on another thread raises the epoch before it is done.
            refusal ??= requestId == 0 ? null : CheckQueued(requestId);

            if (refusal != null)
            {
                return plugin.Refuse(refusal.Value);
            }

            if (requestId != 0)
            {
                ledger.Find(requestId)!.State = LedgerState.Sent;
            }

            return 0;
        }

        // Script says how a deletion ended.
        internal void Complete(DeleteCompleted completed)
        {
            if (completed.RequestId == 0)
            {
                plugin.Listeners.Queue(completed, null);
                return;
            }

            LedgerEntry? entry = ledger.TakeOut(completed.RequestId);
            if (entry == null)
            {
                Diagnostics.Count(ref plugin.Diagnostics.UnknownCompletions);
                return;
            }

            Conclude(entry, completed);
        }

        internal SendRefusal? CheckQueued(uint requestId)
        {
            LedgerEntry? entry = ledger.Find(requestId);
            if (entry == null || entry.State != LedgerState.Queued)
            {
                return new SendRefusal(
                    Protocol.SendResult.NotQueued, $"request {requestId}: has ended, or has been handed to the core already");
            }

            uint current = epoch.Current;
            return entry.Epoch == current
                ? (SendRefusal?)null
                : new SendRefusal(
                    Protocol.SendResult.StaleEpoch,
                    $"request {requestId}: C# asked for it in login epoch {entry.Epoch}, which is now {current}: the user may be another");
        }

        internal void ExpireOverdue(long nowMs)
        {
            foreach (LedgerEntry entry in ledger.TakeOutExpired(nowMs))
            {
                Diagnostics.Count(ref plugin.Diagnostics.RequestsExpired);
                Settle(
                    entry,
                    Outcome.NotSent,
                    new BridgeError(
                        ErrorSource.Bridge,
                        (int)TIMResult.BRIDGE_ERR_UNANSWERED,
                        ErrorCategory.Timeout,
                        $"not handed to the core within {options.RequestDeadlineMs} ms; nothing was deleted"));
            }
        }

        // Script is gone: C# alone knows what was handed to a core.
        internal void SettleAll(TIMResult code, string why)
        {
            foreach (LedgerEntry entry in ledger.TakeOutAll())
            {
                bool sent = entry.State == LedgerState.Sent;
                string consequence = sent
                    ? "it was handed to the core and may be carried out: list the conversations again to see"
                    : "it was not handed to the core, and nothing was deleted: ask again when script has connected";
                Settle(
                    entry,
                    sent ? Outcome.Unknown : Outcome.NotSent,
                    new BridgeError(ErrorSource.Bridge, (int)code, ErrorCategory.SessionEnded, $"{why}; {consequence}"));
            }
        }

        private static string? Check(ConversationKey? key)
        {
            if (key is null)
            {
                return "null";
            }

            if (key.Kind == ConversationKeyKind.SystemId)
            {
                return "the core deletes no system conversation; use a user's or a group's";
            }

            TIMConvType type = key.Kind == ConversationKeyKind.UserId ? TIMConvType.kTIMConv_C2C : TIMConvType.kTIMConv_Group;
            IdFlaw flaw = ConversationIds.CheckText(key.Id, (int)type, out _);
            return flaw == IdFlaw.None ? null : ConversationIds.Describe(flaw);
        }

        private TIMResult Ask(ConversationKey[] keys, Protocol.Request wire, Action<DeleteCompleted>? answer)
        {
            // First: a change that comes and goes on another thread while this looks is one that whoever asks has not heard of.
            uint askedIn = epoch.Current;
            if (!plugin.DeletionsAllowed)
            {
                return Refuse(
                    TIMResult.BRIDGE_ERR_VETOED,
                    ErrorCategory.Permission,
                    "the game has switched deletions off (Conversations.DeletionsAllowed is false); nothing was deleted");
            }

            if (plugin.GamesChanges.AreUnderWay)
            {
                return Refuse(TIMResult.BRIDGE_ERR_USER_CHANGING, ErrorCategory.SessionEnded, GameChangesUser + "; nothing was deleted. Ask when it is done");
            }

            if (plugin.IsShutDown)
            {
                return Refuse(
                    TIMResult.TIM_ERR_SDKUNINIT,
                    ErrorCategory.NotInitialized,
                    "the bridge was shut down: BridgeLoop.Initialize() and script's connect() come first; nothing was deleted");
            }

            ScriptSession? session = plugin.Current;
            if (session == null)
            {
                return Refuse(
                    TIMResult.TIM_ERR_SDKUNINIT,
                    ErrorCategory.NotInitialized,
                    "no script is connected: script must call connect() first; nothing was deleted");
            }

            if (plugin.ChangeIsUntold)
            {
                return Refuse(
                    TIMResult.BRIDGE_ERR_USER_CHANGING,
                    ErrorCategory.SessionEnded,
                    "who is signed in has changed, and CoreSession.Changed is about to tell of it; nothing was deleted. Ask then, if that user wants it");
            }

            if (ledger.Count >= options.MaxPendingRequests)
            {
                return Refuse(
                    TIMResult.BRIDGE_ERR_BUSY,
                    ErrorCategory.Busy,
                    $"{options.MaxPendingRequests} deletions that C# asked for are under way, which is the limit; nothing was deleted");
            }

            var entry = new LedgerEntry(
                ledger.NextId(), askedIn, plugin.Clock.NowMs + options.RequestDeadlineMs, Array.AsReadOnly(keys), wire, answer);
            ledger.Add(entry);
            session.Queue.AddRequest(entry);
            LastError = null;
            return TIMResult.TIM_SUCC;
        }

        private TIMResult Refuse(TIMResult result, ErrorCategory category, string message)
        {
            LastError = new BridgeError(ErrorSource.Bridge, (int)result, category, message);
            return result;
        }

        private void Settle(LedgerEntry entry, Outcome outcome, BridgeError error)
        {
            var results = new DeleteResult[entry.Conversations.Count];
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = new DeleteResult(entry.Conversations[i], outcome, error);
            }

            Conclude(entry, new DeleteCompleted(entry.RequestId, Array.AsReadOnly(results), error.Code, error.Message));
        }

        private void Conclude(LedgerEntry entry, DeleteCompleted completed)
        {
            plugin.Current?.Queue.Void(entry.Place!);
            plugin.Listeners.Queue(completed, entry.Callback);
        }
    }
}
