using System;
using System.Collections.Generic;
using Google.Protobuf.Collections;

namespace TimChatBridge
{
    // Turns what script publishes into the plain public classes. Null: something that the message must say is missing.
    internal static class NoticeReader
    {
        internal static DeleteCompleted? Read(Protocol.DeleteCompleted wire)
        {
            DeleteResult[]? results = Read(wire.Results);
            return results == null || wire.RequestId > int.MaxValue
                ? null
                : new DeleteCompleted((int)wire.RequestId, Array.AsReadOnly(results), wire.Code, wire.Desc);
        }

        internal static LateResult? Read(Protocol.LateResult wire)
        {
            DeleteResult[]? results = Read(wire.Results);
            return results == null || wire.RequestId > int.MaxValue ? null : new LateResult((int)wire.RequestId, Array.AsReadOnly(results));
        }

        internal static ConversationsDeleted? Read(Protocol.ConversationsDeleted wire)
        {
            var keys = new List<ConversationKey>(wire.Conversations.Count);
            foreach (Protocol.Key one in wire.Conversations)
            {
                ConversationKey? key = Read(one);
                if (key is null)
                {
                    return null;
                }

                keys.Add(key);
            }

            return new ConversationsDeleted(keys.AsReadOnly());
        }

        internal static IReadOnlyList<ConversationInfo>? Read(RepeatedField<Protocol.ConversationInfo> wire)
        {
            var infos = new ConversationInfo[wire.Count];
            for (int i = 0; i < infos.Length; i++)
            {
                ConversationKey? key = Read(wire[i].Conversation);
                if (key is null)
                {
                    return null;
                }

                infos[i] = new ConversationInfo(key, wire[i].ShowName, wire[i].UnreadNum, wire[i].ActiveTime, wire[i].IsPinned);
            }

            return Array.AsReadOnly(infos);
        }

        internal static ConversationListSync? Read(Protocol.ConversationListSync wire) =>
            wire.State == Protocol.ListSyncState.Unspecified
                ? null
                : new ConversationListSync(wire.State == Protocol.ListSyncState.Finished);

        internal static SessionChanged? Read(Protocol.SessionChanged wire) =>
            Enum.IsDefined(typeof(SessionChangeKind), (int)wire.Kind) ? new SessionChanged((SessionChangeKind)wire.Kind) : null;

        internal static ConnectionChanged Read(Protocol.ConnectionChanged wire) =>
            new ConnectionChanged((TIMNetworkStatus)wire.Status, wire.Code, wire.Desc);

        private static DeleteResult[]? Read(RepeatedField<Protocol.Result> wire)
        {
            var results = new DeleteResult[wire.Count];
            for (int i = 0; i < results.Length; i++)
            {
                ConversationKey? key = Read(wire[i].Conversation);
                if (key is null || wire[i].Outcome == Protocol.Outcome.Unspecified)
                {
                    return null;
                }

                results[i] = new DeleteResult(key, (Outcome)wire[i].Outcome, Read(wire[i].Error));
            }

            return results;
        }

        private static ConversationKey? Read(Protocol.Key? wire)
        {
            switch (wire?.IdCase)
            {
                case Protocol.Key.IdOneofCase.UserId:
                    return ConversationKey.FromWire(ConversationKeyKind.UserId, wire.UserId);
                case Protocol.Key.IdOneofCase.GroupId:
                    return ConversationKey.FromWire(ConversationKeyKind.GroupId, wire.GroupId);
                case Protocol.Key.IdOneofCase.SystemId:
                    return ConversationKey.FromWire(ConversationKeyKind.SystemId, wire.SystemId);
                default:
                    return null;
            }
        }

        private static BridgeError? Read(Protocol.BridgeError? wire) =>
            wire == null
                ? null
                : new BridgeError((ErrorSource)wire.Source, wire.Code, (ErrorCategory)wire.Category, wire.Retryable, wire.Message);
    }
}
