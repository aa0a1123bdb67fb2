using System.Collections.Generic;
using Google.Protobuf;

namespace TimChatBridge
{
    internal enum LedgerState
    {
        // Asked for; no core has it.
        Queued,

        // Handed to a core, or about to be: it may be carried out.
        Sent,
    }

    // One deletion that C# asked for, until it has ended.
    internal sealed class LedgerEntry
    {
        internal LedgerEntry(
            int requestId,
            uint epoch,
            long expiresAtMs,
            IReadOnlyList<ConversationKey> conversations,
            Protocol.Request wire,
            System.Action<DeleteCompleted>? callback)
        {
            RequestId = requestId;
            Epoch = epoch;
            ExpiresAtMs = expiresAtMs;
            Conversations = conversations;
            Wire = wire;
            Callback = callback;
        }

        internal int RequestId { get; }

        internal uint Epoch { get; }

        // The order of asking; request ids wrap.
        internal long Order { get; set; }

        internal long ExpiresAtMs { get; }

        internal IReadOnlyList<ConversationKey> Conversations { get; }

        internal System.Action<DeleteCompleted>? Callback { get; }

        internal LedgerState State { get; set; } = LedgerState.Queued;

        internal QueuedFrame? Place { get; set; }

        private Protocol.Request Wire { get; }

        internal Protocol.Request ToWire()
        {
            Wire.RequestId = (uint)RequestId;
            return Wire;
        }
    }
}
