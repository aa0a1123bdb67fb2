using System;
using System.Diagnostics;
using System.Threading;

namespace TimChatBridge.Soak
{
    // The game's loop, on this thread.
    internal static class Game
    {
        private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

        internal static void Tick(Tally tally)
        {
            BridgeLoop.Tick();
            if (tally.Failure != null)
            {
                throw new InvalidOperationException(tally.Failure);
            }
        }

        internal static void TickUntil(Func<bool> done, Tally tally, string what)
        {
            var waited = Stopwatch.StartNew();
            while (!done())
            {
                if (waited.Elapsed > Most)
                {
                    throw new TimeoutException($"{what} did not come within {Most}");
                }

                Tick(tally);
                Thread.Yield();
            }
        }
    }
}
