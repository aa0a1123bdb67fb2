using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge
{
    // Session calls of scripts that have gone, which the core may still carry out: until it has answered, whose conversations a deletion
    // would take is not certain. A core that never answers holds nothing back for longer than a script would have waited. Any thread.
    internal sealed class SessionCallsLeftBehind
    {
        private const long LongestMs = 30_000;
        // Each with the time until which it holds deletions back.
        private readonly Dictionary<PendingCall, long> calls = new Dictionary<PendingCall, long>();

        // The queue is closed: what it has no answer for by now comes to nobody, and ends here.
        internal void Add(IReadOnlyCollection<PendingCall> left, FrameQueue queue, long nowMs)
        {
            foreach (PendingCall call in left)
            {
                lock (calls)
                {
                    calls.Add(call, nowMs + LongestMs);
                }

                // Behind the adding: an answer may come at any time.
                if (queue.IsAnswered(call))
                {
                    Ended(call);
                }
            }
        }

        internal void Ended(PendingCall call)
        {
            lock (calls)
            {
                calls.Remove(call);
            }
        }

        internal void Clear()
        {
            lock (calls)
            {
                calls.Clear();
            }
        }

        internal bool Any(long nowMs)
        {
            lock (calls)
            {
                if (calls.Count == 0)
                {
                    return false;
                }

                foreach (PendingCall call in calls.Where(left => nowMs >= left.Value).Select(left => left.Key).ToList())
                {
                    calls.Remove(call);
                }

                return calls.Count > 0;
            }
        }
    }
}
