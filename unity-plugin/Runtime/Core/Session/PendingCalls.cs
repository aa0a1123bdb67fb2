using System;
using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge
{
    // A session's calls that the core has been given, by call id, until their answer has been drained. Those that script has
    // settled without one give up their place among the calls under way: a core that never answers a few must not end in
    // "busy" for good. What the core holds of them stays, so they have a limit of their own. Main thread.
    internal sealed class PendingCalls
    {
        private readonly Dictionary<int, PendingCall> calls = new Dictionary<int, PendingCall>();

        // All that the core may still answer.
        internal int Count => calls.Count;

        internal int UnderWay => calls.Count - Abandoned;

        internal int Abandoned { get; private set; }

        // Those under way that change who is signed in: script has not heard of it.
        internal int ChangingUser { get; private set; }

        internal IReadOnlyCollection<PendingCall> ThoseChangingUser =>
            ChangingUser == 0 ? Array.Empty<PendingCall>() : calls.Values.Where(call => call.ChangesUser && !call.Abandoned).ToArray();

        internal bool Contains(int callId) => calls.ContainsKey(callId);

        internal void Add(PendingCall call)
        {
            calls.Add(call.CallId, call);
            ChangingUser += call.ChangesUser ? 1 : 0;
        }

        internal void Remove(int callId)
        {
            if (calls.TryGetValue(callId, out PendingCall? call))
            {
                calls.Remove(callId);
                Abandoned -= call.Abandoned ? 1 : 0;
                ChangingUser -= call.ChangesUser && !call.Abandoned ? 1 : 0;
            }
        }

        internal void RemoveWhere(Func<PendingCall, bool> which)
        {
            foreach (PendingCall call in calls.Values.Where(which).ToList())
            {
                Remove(call.CallId);
            }
        }

        // Nothing where its answer has been drained, or it never was: the two cross.
        internal void Abandon(int callId)
        {
            if (calls.TryGetValue(callId, out PendingCall? call) && !call.Abandoned)
            {
                call.Abandoned = true;
                Abandoned++;
                ChangingUser -= call.ChangesUser ? 1 : 0;
            }
        }

        internal void Clear()
        {
            calls.Clear();
            Abandoned = 0;
            ChangingUser = 0;
        }
    }
}
