using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;

namespace TimChatBridge.Testing
{
    /// <summary>What C# hears of the core beside deletions, in the same log, as the proto JSON of its proto message.</summary>
    public static class CoreEventLog
    {
        private static readonly JsonFormatter Json =
            new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

        /// <summary>Listens. Again after each BridgeLoop.Shutdown.</summary>
        public static void Start()
        {
            Conversations.Added += added => Receive(new Protocol.ConversationsAdded { Conversations = { ToProto(added.Conversations) } });
            Conversations.Updated += updated => Receive(new Protocol.ConversationsUpdated { Conversations = { ToProto(updated.Conversations) } });
            Conversations.ListReset += reset => Receive(new Protocol.ConversationListReset { Conversations = { ToProto(reset.Conversations) } });
            Conversations.ListSync += sync => Receive(
                new Protocol.ConversationListSync { State = sync.Finished ? Protocol.ListSyncState.Finished : Protocol.ListSyncState.Started });
            CoreSession.Changed += changed => Receive(new Protocol.SessionChanged { Kind = (Protocol.SessionEventKind)(int)changed.Kind });
            CoreSession.ConnectionChanged += changed => Receive(
                new Protocol.ConnectionChanged { Status = (int)changed.Status, Code = changed.Code, Desc = changed.Desc });
        }

        private static void Receive(IMessage message) => MessageLog.Receive(message.Descriptor.Name, Json.Format(message));

        private static IEnumerable<Protocol.ConversationInfo> ToProto(IReadOnlyList<ConversationInfo> infos) =>
            infos.Select(info => new Protocol.ConversationInfo
            {
                Conversation = MessageLog.ToProto(info.Conversation),
                ShowName = info.ShowName,
                UnreadNum = info.UnreadCount,
                ActiveTime = info.ActiveTime,
                IsPinned = info.IsPinned,
            });
    }
}
