using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // Every deletion that C# asked for and that has not ended, with what is known of it: queued or sent. Where script
    // dies, C# alone knows. Whoever takes an entry out settles it, and nobody else can. Main thread.
    internal sealed class Ledger
    {
        private readonly Dictionary<int, LedgerEntry> entries = new Dictionary<int, LedgerEntry>();
        private readonly IdSpace ids;
        private readonly Func<int, bool> isLive;
        private long asked;

        internal Ledger(int firstRequestId)
        {
            ids = new IdSpace(firstRequestId);
            isLive = entries.ContainsKey;
        }

        internal int Count => entries.Count;

        internal int NextId() => ids.Take(isLive);

        internal void Add(LedgerEntry entry)
        {
            entry.Order = asked++;
            entries.Add(entry.RequestId, entry);
        }

        internal LedgerEntry? Find(uint requestId) =>
            requestId <= int.MaxValue && entries.TryGetValue((int)requestId, out LedgerEntry? entry) ? entry : null;

        // Null: it never was, or has ended.
        internal LedgerEntry? TakeOut(int requestId)
        {
            if (entries.TryGetValue(requestId, out LedgerEntry? entry))
            {
                entries.Remove(requestId);
                return entry;
            }

            return null;
        }

        internal List<LedgerEntry> TakeOutAll() => TakeOut(_ => true);

        // Those that no core has and whose time is over. Those that a core has are script's to settle.
        internal List<LedgerEntry> TakeOutExpired(long nowMs) =>
            TakeOut(entry => entry.State == LedgerState.Queued && entry.ExpiresAtMs <= nowMs);

        private List<LedgerEntry> TakeOut(Func<LedgerEntry, bool> which)
        {
            var taken = new List<LedgerEntry>();
            foreach (LedgerEntry entry in entries.Values)
            {
                if (which(entry))
                {
                    taken.Add(entry);
                }
            }

            taken.Sort((left, right) => left.Order.CompareTo(right.Order));
            foreach (LedgerEntry entry in taken)
            {
                entries.Remove(entry.RequestId);
            }

            return taken;
        }
    }
}
