using System;
using System.Diagnostics;

namespace TimChatBridge
{
    // The plugin's limits and surroundings.
    internal sealed class PluginOptions
    {
        internal PluginOptions(ICoreLibrary library)
        {
            Library = library;
        }

        internal ICoreLibrary Library { get; }

        // The protocol numbers that it speaks, of one major: 1000 * major + minor.
        internal int LowestProtocol { get; set; } = 1000;

        internal int HighestProtocol { get; set; } = 1000;

        // The longest frame that Send takes, in bytes.
        internal int MaxFrameBytes { get; set; } = 1024 * 1024;

        // Calls of the core under way, answers that wait to be drained included.
        internal int MaxPendingCalls { get; set; } = 16384;

        // Calls that script has settled without an answer and that the core may still answer: it may read their input until then.
        internal int MaxAbandonedCalls { get; set; } = 65536;

        internal int MaxPendingRequests { get; set; } = 16384;

        // Events that wait to be drained, by number and by size.
        internal int MaxWaitingEvents { get; set; } = 10000;

        internal long MaxWaitingEventBytes { get; set; } = 64L * 1024 * 1024;

        // How long a C# request may wait before it is handed to a core, in foreground milliseconds.
        internal long RequestDeadlineMs { get; set; } = 30000;

        // UTF-8; empty: the game has not named one.
        internal Func<byte[]> DataFolder { get; set; } = Array.Empty<byte>;

        internal int FirstRequestId { get; set; } = 1;

        // Runs just before each change of user is counted, on its thread: where tests step in between.
        internal Action EpochRaising { get; set; } = () => { };

        internal Func<long> MonotonicMs { get; set; } = StopwatchMs;

        internal Action<string> Log { get; set; } = _ => { };

        private static long StopwatchMs() =>
            (long)(Stopwatch.GetTimestamp() * (1000.0 / Stopwatch.Frequency));
    }
}
