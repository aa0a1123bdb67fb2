using System;

namespace TimChatBridge
{
    // Milliseconds that the game was in the foreground: monotonic, standing still as long as anybody has paused it, so that no
    // deadline passes while the player is away and the core's answers cannot be drained.
    internal sealed class ForegroundClock
    {
        private readonly object gate = new object();
        private readonly Func<long> monotonicMs;
        private readonly long startedAt;
        private long away;
        private long pausedAt;
        private PauseReason reasons;

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
                    return (reasons == PauseReason.None ? monotonicMs() : pausedAt) - startedAt - away;
                }
            }
        }

        internal void Pause(PauseReason reason = PauseReason.Host)
        {
            lock (gate)
            {
                if (reasons == PauseReason.None)
                {
                    pausedAt = monotonicMs();
                }

                reasons |= reason;
            }
        }

        internal void Resume(PauseReason reason = PauseReason.Host)
        {
            lock (gate)
            {
                bool wasPaused = reasons != PauseReason.None;
                reasons &= ~reason;
                if (wasPaused && reasons == PauseReason.None)
                {
                    away += monotonicMs() - pausedAt;
                }
            }
        }
    }
}
