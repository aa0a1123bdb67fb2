using System;
using System.Globalization;
using TimChatBridge.Testing;

namespace TimChatBridge.Soak
{
    // What lives between two sessions, when nothing is under way.
    internal sealed class Reading
    {
        internal const string Header = "   deletes   settled  unanswered  allocated     freed  tokens  delegates  stand-in  heap KB   resident MB";

        private Reading(Tally tally)
        {
            Deletes = tally.Sent;
            Settled = tally.Settled;
            Unanswered = tally.Forgotten;
            Tokens = CoreLibrary.LiveTokens;
            Allocated = NativeText.Allocated;
            Freed = NativeText.Freed;
            Delegates = tally.CountWakesHeld();
            StandIn = StandInNative.standin_live_allocations();
            HeapBytes = GC.GetTotalMemory(false);
            ResidentBytes = Environment.WorkingSet;
        }

        internal long Deletes { get; }

        internal long Settled { get; }

        internal long Unanswered { get; }

        internal int Tokens { get; }

        // Native texts that were ever made, and of those the freed.
        internal long Allocated { get; }

        internal long Freed { get; }

        internal int Delegates { get; }

        internal long StandIn { get; }

        internal long HeapBytes { get; }

        internal long ResidentBytes { get; }

        internal static Reading Take(Tally tally)
        {
            for (int i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
                GC.WaitForPendingFinalizers();
            }

            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
            return new Reading(tally);
        }

        public override string ToString() =>
            string.Format(
                CultureInfo.InvariantCulture,
                "{0,10} {1,9} {2,11} {3,10} {4,9} {5,7} {6,10} {7,9} {8,8:F1} {9,13:F2}",
                Deletes,
                Settled,
                Unanswered,
                Allocated,
                Freed,
                Tokens,
                Delegates,
                StandIn,
                HeapBytes / 1024.0,
                ResidentBytes / 1048576.0);
    }
}
