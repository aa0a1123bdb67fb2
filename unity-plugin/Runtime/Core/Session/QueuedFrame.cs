using System;

namespace TimChatBridge
{
    internal enum QueuedFrameKind
    {
        Result,
        ConversationEvent,
        SessionEvent,
        NetworkEvent,
        Request,
        EventsLost,
    }

    // One place in a session's queue.
    internal sealed class QueuedFrame
    {
        internal QueuedFrame(QueuedFrameKind kind, uint epoch)
        {
            Kind = kind;
            Epoch = epoch;
        }

        internal QueuedFrameKind Kind { get; }

        internal uint Epoch { get; }

        // Taken back while it waited: it is passed over.
        internal bool Voided { get; set; }

        // It stands in the queue.
        internal bool Waits { get; set; }

        internal PendingCall? Call { get; set; }

        internal Protocol.ErrorSource Source { get; set; }

        // The result's code, the event's type, the session event's kind, the network's status, or how many events were lost.
        internal int Number { get; set; }

        // The network's code.
        internal int Detail { get; set; }

        // How much of the queue's space for events it takes.
        internal int EventBytes => Desc.Length + Json.Length;

        internal byte[] Desc { get; set; } = Array.Empty<byte>();

        internal byte[] Json { get; set; } = Array.Empty<byte>();

        internal LedgerEntry? Request { get; set; }

        // What has become of the user, where nobody hears this frame; null: nothing.
        internal Protocol.SessionEventKind? ChangeOfUser
        {
            get
            {
                if (Kind == QueuedFrameKind.SessionEvent)
                {
                    return (Protocol.SessionEventKind)Number;
                }

                // Init and Uninit, which answer by their return, sign nobody in.
                bool signs = Kind == QueuedFrameKind.Result && Number == 0 && Source == Protocol.ErrorSource.SdkCallback && Call!.ChangesUser;
                return signs && !Voided ? Protocol.SessionEventKind.CarriedOut : (Protocol.SessionEventKind?)null;
            }
        }
    }
}
