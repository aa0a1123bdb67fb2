using System.Collections.Generic;

namespace TimChatBridge
{
    // What the core may still carry out, and script's own pending calls do not show: until it is done, whose conversations a deletion
    // would take is not certain. What never ends holds nothing back for longer than a script waits for its own by default. Any thread.
    internal sealed class ChangesUnderWay
    {
        private const long LongestMs = 30_000;
        // In the order in which they began, each with the time until which it holds deletions back.
        private readonly List<KeyValuePair<object, long>> changes = new List<KeyValuePair<object, long>>();

        internal void Add(object change, long nowMs)
        {
            lock (changes)
            {
                changes.Add(new KeyValuePair<object, long>(change, nowMs + LongestMs));
            }
        }

        internal void End(object change)
        {
            lock (changes)
            {
                changes.RemoveAll(each => ReferenceEquals(each.Key, change));
            }
        }

        // It, and all that began before it.
        internal void EndUpTo(object change)
        {
            lock (changes)
            {
                changes.RemoveRange(0, changes.FindIndex(each => ReferenceEquals(each.Key, change)) + 1);
            }
        }

        // On another clock: each for as long as it may at most.
        internal void BeginAnew(long nowMs)
        {
            lock (changes)
            {
                for (int i = 0; i < changes.Count; i++)
                {
                    changes[i] = new KeyValuePair<object, long>(changes[i].Key, nowMs + LongestMs);
                }
            }
        }

        internal void Clear()
        {
            lock (changes)
            {
                changes.Clear();
            }
        }

        internal bool Any(long nowMs)
        {
            lock (changes)
            {
                changes.RemoveAll(each => nowMs >= each.Value);
                return changes.Count > 0;
            }
        }
    }
}
