using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// The core answered a deletion after its deadline, when it had been settled as <see cref="Outcome.Unknown"/> already. What
    /// it says now; no callback is called again.
    /// </summary>
    public sealed class LateResult
    {
        internal LateResult(int requestId, IReadOnlyList<DeleteResult> results)
        {
            RequestId = requestId;
            Results = results;
        }

        /// <summary>The bridge's number for a deletion that C# asked for; 0: script asked for it.</summary>
        public int RequestId { get; }

        /// <summary>
        /// One entry for each conversation that was asked for, in that order. Of a batch that a core older than 7.1 deleted one by
        /// one, each late answer comes by itself.
        /// </summary>
        public IReadOnlyList<DeleteResult> Results { get; }
    }
}
