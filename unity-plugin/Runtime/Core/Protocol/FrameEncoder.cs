using System;
using Google.Protobuf;

namespace TimChatBridge
{
    // Makes ToScript frames of what waits in the queue. One set of messages for all frames: a frame is written out before the
    // next is made. Main thread.
    internal sealed class FrameEncoder
    {
        private readonly Protocol.ToScript frame = new Protocol.ToScript();
        private readonly Protocol.CoreResult result = new Protocol.CoreResult();
        private readonly Protocol.CoreEvent coreEvent = new Protocol.CoreEvent();
        private readonly Protocol.ConversationEvent conversation = new Protocol.ConversationEvent();
        private readonly Protocol.SessionEvent session = new Protocol.SessionEvent();
        private readonly Protocol.NetworkEvent network = new Protocol.NetworkEvent();
        private readonly Protocol.EventsLost lost = new Protocol.EventsLost();

        internal Protocol.ToScript Encode(QueuedFrame queued, ulong sequence, uint version)
        {
            frame.Version = version;
            frame.Sequence = sequence;
            frame.Epoch = queued.Epoch;
            switch (queued.Kind)
            {
                case QueuedFrameKind.Result:
                    result.CallId = (uint)queued.Call!.CallId;
                    result.Source = queued.Source;
                    result.Code = queued.Number;
                    result.Desc = Wrap(queued.Desc);
                    result.Json = Wrap(queued.Json);
                    frame.Result = result;
                    break;
                case QueuedFrameKind.ConversationEvent:
                    conversation.Type = queued.Number;
                    conversation.Json = Wrap(queued.Json);
                    coreEvent.Conversation = conversation;
                    frame.Event = coreEvent;
                    break;
                case QueuedFrameKind.SessionEvent:
                    session.Kind = (Protocol.SessionEventKind)queued.Number;
                    coreEvent.Session = session;
                    frame.Event = coreEvent;
                    break;
                case QueuedFrameKind.NetworkEvent:
                    network.Status = queued.Number;
                    network.Code = queued.Detail;
                    network.Desc = Wrap(queued.Desc);
                    coreEvent.Network = network;
                    frame.Event = coreEvent;
                    break;
                case QueuedFrameKind.Request:
                    frame.Request = queued.Request!.ToWire();
                    break;
                default:
                    lost.Count = (uint)queued.Number;
                    frame.Lost = lost;
                    break;
            }

            return frame;
        }

        // What the core gave may be megabytes: it is not held beyond its frame.
        internal void Release()
        {
            frame.ClearBody();
            result.Desc = ByteString.Empty;
            result.Json = ByteString.Empty;
            conversation.Json = ByteString.Empty;
            network.Desc = ByteString.Empty;
        }

        private static ByteString Wrap(byte[] bytes) =>
            bytes.Length == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(new ReadOnlyMemory<byte>(bytes));
    }
}
