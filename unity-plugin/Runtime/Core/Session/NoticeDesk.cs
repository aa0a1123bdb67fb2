using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // Takes what script publishes and queues it for C#'s listeners, in the order in which it came. Main thread.
    internal sealed class NoticeDesk
    {
        private readonly Plugin plugin;
        private List<ConversationInfo> listParts = new List<ConversationInfo>();

        internal NoticeDesk(Plugin plugin)
        {
            this.plugin = plugin;
        }

        // 0, or a SendResult, negated.
        internal int Publish(Protocol.Notice notice)
        {
            Listeners listeners = plugin.Listeners;
            switch (notice.MessageCase)
            {
                case Protocol.Notice.MessageOneofCase.DeleteCompleted:
                    return Take(NoticeReader.Read(notice.DeleteCompleted), plugin.Requests.Complete);
                case Protocol.Notice.MessageOneofCase.ConversationsDeleted:
                    return Take(NoticeReader.Read(notice.ConversationsDeleted), listeners.Queue);
                case Protocol.Notice.MessageOneofCase.LateResult:
                    return Take(NoticeReader.Read(notice.LateResult), listeners.Queue);
                case Protocol.Notice.MessageOneofCase.ConversationsAdded:
                    return Take(
                        NoticeReader.Read(notice.ConversationsAdded.Conversations), infos => listeners.Queue(new ConversationsAdded(infos)));
                case Protocol.Notice.MessageOneofCase.ConversationsUpdated:
                    return Take(
                        NoticeReader.Read(notice.ConversationsUpdated.Conversations), infos => listeners.Queue(new ConversationsUpdated(infos)));
                case Protocol.Notice.MessageOneofCase.ConversationListSync:
                    return Take(NoticeReader.Read(notice.ConversationListSync), listeners.Queue);
                case Protocol.Notice.MessageOneofCase.ConversationListReset:
                    return Take(
                        NoticeReader.Read(notice.ConversationListReset.Conversations), infos => TakeListPart(infos, notice.ConversationListReset.More));
                case Protocol.Notice.MessageOneofCase.SessionChanged:
                    return Take(NoticeReader.Read(notice.SessionChanged), listeners.Queue);
                case Protocol.Notice.MessageOneofCase.ConnectionChanged:
                    return Take(NoticeReader.Read(notice.ConnectionChanged), listeners.Queue);
                default:
                    return plugin.Refuse(new SendRefusal(Protocol.SendResult.BadFrame, "Notice.message: missing"));
            }
        }

        // The session ended: the rest of a list that it had begun does not come.
        internal void ForgetListParts() => listParts = new List<ConversationInfo>();

        private int Take<T>(T? message, Action<T> queue)
            where T : class
        {
            if (message == null)
            {
                return plugin.Refuse(
                    new SendRefusal(
                        Protocol.SendResult.BadFrame,
                        "Notice: a conversation, outcome, state or kind is missing, or request_id is out of range"));
            }

            queue(message);
            return 0;
        }

        private void TakeListPart(IReadOnlyList<ConversationInfo> part, bool more)
        {
            listParts.AddRange(part);
            if (!more)
            {
                plugin.Listeners.Queue(new ConversationListReset(listParts.AsReadOnly()));
                ForgetListParts();
            }
        }
    }
}
