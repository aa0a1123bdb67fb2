using System;

namespace TimChatBridge
{
    // Milliseconds that the game was in the foreground: monotonic, standing still between Pause and Resume, so that no deadline
    // passes while the player is away and the core's answers cannot be drained.
    internal sealed class ForegroundClock
    {
        private readonly object gate = new object();
        private readonly Func<long> monotonicMs;
        private readonly long startedAt;
        private long away;
        private long pausedAt;
        private bool paused;

        internal ForegroundClock(Func<long> monotonicMs)
        {
            this.monotonicMs = monotonicMs;
            startedAt = monotonicMs();
        }

        internal long NowMs
        {
            get
            {
                lock (gate)
                {
                    return (paused ? pausedAt : monotonicMs()) - startedAt - away;
                }
            }
        }

        internal void Pause()
        {
            lock (gate)
            {
                if (!paused)
                {
                    paused = true;
                    pausedAt = monotonicMs();
                }
            }
        }

        internal void Resume()
        {
            lock (gate)
            {
                if (paused)
                {
                    paused = false;
                    away += monotonicMs() - pausedAt;
                }
            }
        }
    }
}
