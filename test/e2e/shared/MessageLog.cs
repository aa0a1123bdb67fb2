using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using TimChatBridge.Samples;

namespace TimChatBridge.Testing
{
    /// <summary>
    /// What C# says and receives, kept until Node.js takes it: the sample chat list's lines, and each typed message as the
    /// proto JSON of its proto message.
    /// </summary>
    public static class MessageLog
    {
        private static readonly JsonFormatter Json =
            new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

        private static readonly Queue<string> Said = new Queue<string>();
        private static readonly Queue<string> Received = new Queue<string>();

        /// <summary>Opens the sample's chat list and listens beside it. Again after each BridgeLoop.Shutdown.</summary>
        public static void Start()
        {
            Said.Clear();
            Received.Clear();
            ChatListScreen.Current?.Dispose();
            ChatListScreen.Current = new ChatList(Said.Enqueue);
            Conversations.Deleted += OnDeleted;
            Conversations.DeleteCompleted += OnDeleteCompleted;
            Conversations.LateResult += OnLateResult;
        }

        /// <summary>The chat list's lines since the last call, parted by line feeds; empty: none.</summary>
        public static string TakeSaid() => Take(Said);

        /// <summary>The messages since the last call, each "Name {json}", parted by line feeds; empty: none.</summary>
        public static string TakeReceived() => Take(Received);

        internal static void Receive(string name, string json) => Received.Enqueue($"{name} {json}");

        private static string Take(Queue<string> lines)
        {
            // One string, because PuerTS and node-api-dotnet show arrays differently.
            string taken = string.Join("\n", lines);
            lines.Clear();
            return taken;
        }

        private static void OnDeleted(ConversationsDeleted message)
        {
            var proto = new Protocol.ConversationsDeleted();
            proto.Conversations.AddRange(message.Conversations.Select(ToProto));
            Receive(proto);
        }

        private static void OnDeleteCompleted(DeleteCompleted message)
        {
            var proto = new Protocol.DeleteCompleted
            {
                RequestId = (uint)message.RequestId, Code = message.Code, Desc = message.Desc,
            };
            proto.Results.AddRange(message.Results.Select(ToProto));
            Receive(proto);
        }

        private static void OnLateResult(LateResult message)
        {
            var proto = new Protocol.LateResult { RequestId = (uint)message.RequestId };
            proto.Results.AddRange(message.Results.Select(ToProto));
            Receive(proto);
        }

        private static void Receive(IMessage message) => Receive(message.Descriptor.Name, Json.Format(message));

        private static Protocol.Result ToProto(DeleteResult result)
        {
            var proto = new Protocol.Result
            {
                Conversation = ToProto(result.Conversation), Outcome = (Protocol.Outcome)(int)result.Outcome,
            };
            if (result.Error != null)
            {
                proto.Error = new Protocol.BridgeError
                {
                    Source = (Protocol.ErrorSource)(int)result.Error.Source,
                    Code = result.Error.Code,
                    Category = (Protocol.ErrorCategory)(int)result.Error.Category,
                    Retryable = result.Error.Retryable,
                    Message = result.Error.Message,
                };
            }

            return proto;
        }

        internal static Protocol.Key ToProto(ConversationKey key) =>
            key.Kind switch
            {
                ConversationKeyKind.UserId => new Protocol.Key { UserId = key.Id },
                ConversationKeyKind.GroupId => new Protocol.Key { GroupId = key.Id },
                _ => new Protocol.Key { SystemId = key.Id },
            };
    }
}
