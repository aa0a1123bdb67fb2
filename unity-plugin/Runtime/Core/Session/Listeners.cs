using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // C#'s listeners, and what waits for them. They run after the wake has returned, never on the script's stack, where
    // a listener that disposes the script environment would abort the process.
    internal sealed class Listeners
    {
        private readonly Diagnostics diagnostics;
        private readonly Action<string> log;
        private List<Action> waiting = new List<Action>();
        private int changesUntold;

        internal Listeners(Diagnostics diagnostics, Action<string> log)
        {
            this.diagnostics = diagnostics;
            this.log = log;
        }

        internal event Action<ConversationsDeleted>? Deleted;

        internal event Action<DeleteCompleted>? DeleteCompleted;

        internal event Action<LateResult>? LateResult;

        internal event Action<ConversationsAdded>? Added;

        internal event Action<ConversationsUpdated>? Updated;

        internal event Action<ConversationListSync>? ListSync;

        internal event Action<ConversationListReset>? ListReset;

        internal event Action<SessionChanged>? SessionChanged;

        internal event Action<ConnectionChanged>? ConnectionChanged;

        internal event Action<Exception>? ListenerFailed;

        internal void Queue(DeleteCompleted completed, Action<DeleteCompleted>? callback) =>
            waiting.Add(() =>
            {
                Tell(callback, completed);
                Tell(DeleteCompleted, completed);
            });

        internal void Queue(ConversationsDeleted deleted) => waiting.Add(() => Tell(Deleted, deleted));

        internal void Queue(LateResult late) => waiting.Add(() => Tell(LateResult, late));

        internal void Queue(ConversationsAdded added) => waiting.Add(() => Tell(Added, added));

        internal void Queue(ConversationsUpdated updated) => waiting.Add(() => Tell(Updated, updated));

        internal void Queue(ConversationListSync sync) => waiting.Add(() => Tell(ListSync, sync));

        internal void Queue(ConversationListReset reset) => waiting.Add(() => Tell(ListReset, reset));

        internal void Queue(SessionChanged changed)
        {
            changesUntold++;
            waiting.Add(() =>
            {
                changesUntold--;
                Tell(SessionChanged, changed);
            });
        }

        internal void Queue(ConnectionChanged changed) => waiting.Add(() => Tell(ConnectionChanged, changed));

        // Script has told of a change of user, and the game's C# has not heard of it yet.
        internal bool ChangeIsUntold => changesUntold > 0;

        // One pass: what is queued meanwhile goes in the next tick.
        internal void Deliver()
        {
            if (waiting.Count == 0)
            {
                return;
            }

            List<Action> pass = waiting;
            waiting = new List<Action>();
            foreach (Action one in pass)
            {
                one();
            }
        }

        // Who listened, and what waits: they may live as long as the process.
        internal void Forget()
        {
            waiting.Clear();
            changesUntold = 0;
            Deleted = null;
            DeleteCompleted = null;
            LateResult = null;
            Added = null;
            Updated = null;
            ListSync = null;
            ListReset = null;
            SessionChanged = null;
            ConnectionChanged = null;
            ListenerFailed = null;
        }

        private void Tell<T>(Action<T>? listeners, T message)
        {
            if (listeners == null)
            {
                return;
            }

            foreach (Delegate one in listeners.GetInvocationList())
            {
                try
                {
                    ((Action<T>)one)(message);
                }
                catch (Exception thrown)
                {
                    Report(thrown);
                }
            }
        }

        private void Report(Exception thrown)
        {
            Diagnostics.Count(ref diagnostics.ListenersFailed);
            Action<Exception>? failed = ListenerFailed;
            if (failed == null)
            {
                log($"a listener of the bridge threw: {thrown}");
                return;
            }

            foreach (Delegate one in failed.GetInvocationList())
            {
                try
                {
                    ((Action<Exception>)one)(thrown);
                }
                catch (Exception again)
                {
                    log($"a listener of ListenerFailed threw: {again}");
                }
            }
        }
    }
}
