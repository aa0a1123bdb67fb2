using System;
using System.Threading;

namespace TimChatBridge
{
    // Counts who is signed in. Raised from any thread, and seen at once by whoever is about to call the core.
    internal sealed class LoginEpoch
    {
        // The highest that script may name, so that what is raised beyond it still fits a frame.
        internal const uint HighestFromScript = int.MaxValue;

        private readonly Action raising;
        private long value = 1;

        internal LoginEpoch(Action raising)
        {
            this.raising = raising;
        }

        internal uint Current => (uint)Volatile.Read(ref value);

        internal uint Raise() => RaiseBeyond(0);

        // Greater than it was, and than what script counts.
        internal uint RaiseBeyond(uint scripts)
        {
            raising();
            while (true)
            {
                long before = Volatile.Read(ref value);
                long after = Math.Max(before, scripts) + 1;
                if (Interlocked.CompareExchange(ref value, after, before) == before)
                {
                    return (uint)after;
                }
            }
        }
    }
}
