namespace TimChatBridge
{
    internal enum FieldKind
    {
        UInt32,
        UInt64,
        SInt32,
        Bool,
        Enum,
        Bytes,
        Text,
        Message,
    }

    internal readonly struct FieldShape
    {
        internal FieldShape(string name, FieldKind kind, bool repeated, int oneof, int enumLast, FrameShape? message)
        {
            Name = name;
            Kind = kind;
            Repeated = repeated;
            Oneof = oneof;
            EnumLast = enumLast;
            Message = message;
        }

        // Null: there is no field of this number.
        internal string? Name { get; }

        internal FieldKind Kind { get; }

        internal bool Repeated { get; }

        // 0: not in a oneof. Otherwise the number of the oneof in its message, from 1.
        internal int Oneof { get; }

        // The highest known value of an enum.
        internal int EnumLast { get; }

        internal FrameShape? Message { get; }
    }

    // What a frame from script may contain: proto/chatbridge/v1 again, as tables, because Google.Protobuf keeps what it does not
    // know where nobody can see it. A test holds the tables to the generated descriptors, so they cannot fall behind.
    internal sealed class FrameShape
    {
        internal static readonly FrameShape ToPlugin = BuildToPlugin();

        private readonly FieldShape[] fields = new FieldShape[32];

        private FrameShape(string name)
        {
            Name = name;
        }

        internal string Name { get; }

        // The highest field number that a table can hold.
        internal int LastNumber => fields.Length - 1;

        internal FieldShape Field(int number) => number < fields.Length ? fields[number] : default;

        private static FrameShape BuildToPlugin()
        {
            FrameShape empty = new FrameShape("an empty message");
            FrameShape convDelete = new FrameShape("ConvDelete")
                .Add(1, "conv_id", FieldKind.Bytes)
                .Add(2, "conv_type", FieldKind.SInt32);
            FrameShape convDeleteList = new FrameShape("ConvDeleteList")
                .Add(1, "conv_ids", FieldKind.Bytes, repeated: true)
                .Add(2, "clear_message", FieldKind.Bool);
            FrameShape init = new FrameShape("Init")
                .Add(1, "sdk_app_id", FieldKind.UInt64)
                .Add(2, "json_sdk_config", FieldKind.Bytes);
            FrameShape login = new FrameShape("Login")
                .Add(1, "user_id", FieldKind.Bytes)
                .Add(2, "user_sig", FieldKind.Bytes);
            FrameShape coreCall = new FrameShape("CoreCall")
                .Add(1, "call_id", FieldKind.UInt32)
                .Add(2, "epoch", FieldKind.UInt32)
                .Add(3, "origin_request_id", FieldKind.UInt32)
                .Add(10, "conv_delete", convDelete, oneof: 1)
                .Add(11, "conv_delete_list", convDeleteList, oneof: 1)
                .Add(12, "conv_get_conv_list", empty, oneof: 1)
                .Add(20, "init", init, oneof: 1)
                .Add(21, "uninit", empty, oneof: 1)
                .Add(22, "login", login, oneof: 1)
                .Add(23, "logout", empty, oneof: 1)
                .Add(24, "get_login_status", empty, oneof: 1)
                .Add(25, "get_sdk_version", empty, oneof: 1);

            FrameShape key = new FrameShape("Key")
                .Add(1, "user_id", FieldKind.Text, oneof: 1)
                .Add(2, "group_id", FieldKind.Text, oneof: 1)
                .Add(3, "system_id", FieldKind.Text, oneof: 1);
            FrameShape error = new FrameShape("BridgeError")
                .Add(1, "source", FieldKind.Enum, enumLast: (int)Protocol.ErrorSource.SdkCallback)
                .Add(2, "code", FieldKind.SInt32)
                .Add(3, "category", FieldKind.Enum, enumLast: (int)Protocol.ErrorCategory.Other)
                .Add(4, "retryable", FieldKind.Bool)
                .Add(5, "message", FieldKind.Text);
            FrameShape result = new FrameShape("Result")
                .Add(1, "conversation", key)
                .Add(2, "outcome", FieldKind.Enum, enumLast: (int)Protocol.Outcome.Unknown)
                .Add(3, "error", error);
            FrameShape deleteCompleted = new FrameShape("DeleteCompleted")
                .Add(1, "request_id", FieldKind.UInt32)
                .Add(2, "results", result, repeated: true)
                .Add(3, "code", FieldKind.SInt32)
                .Add(4, "desc", FieldKind.Text);
            FrameShape conversationsDeleted = new FrameShape("ConversationsDeleted")
                .Add(1, "conversations", key, repeated: true);
            FrameShape lateResult = new FrameShape("LateResult")
                .Add(1, "request_id", FieldKind.UInt32)
                .Add(2, "results", result, repeated: true);
            FrameShape info = new FrameShape("ConversationInfo")
                .Add(1, "conversation", key)
                .Add(2, "show_name", FieldKind.Text)
                .Add(3, "unread_num", FieldKind.UInt32)
                .Add(4, "active_time", FieldKind.UInt64)
                .Add(5, "is_pinned", FieldKind.Bool);
            FrameShape infos = new FrameShape("a list of ConversationInfo")
                .Add(1, "conversations", info, repeated: true);
            FrameShape listSync = new FrameShape("ConversationListSync")
                .Add(1, "state", FieldKind.Enum, enumLast: (int)Protocol.ListSyncState.Finished);
            FrameShape listReset = new FrameShape("ConversationListReset")
                .Add(1, "conversations", info, repeated: true)
                .Add(2, "more", FieldKind.Bool);
            FrameShape sessionChanged = new FrameShape("SessionChanged")
                .Add(1, "kind", FieldKind.Enum, enumLast: (int)Protocol.SessionEventKind.CarriedOut);
            FrameShape connectionChanged = new FrameShape("ConnectionChanged")
                .Add(1, "status", FieldKind.SInt32)
                .Add(2, "code", FieldKind.SInt32)
                .Add(3, "desc", FieldKind.Text);
            FrameShape notice = new FrameShape("Notice")
                .Add(1, "delete_completed", deleteCompleted, oneof: 1)
                .Add(2, "conversations_deleted", conversationsDeleted, oneof: 1)
                .Add(3, "late_result", lateResult, oneof: 1)
                .Add(4, "conversations_added", infos, oneof: 1)
                .Add(5, "conversations_updated", infos, oneof: 1)
                .Add(6, "conversation_list_sync", listSync, oneof: 1)
                .Add(7, "conversation_list_reset", listReset, oneof: 1)
                .Add(8, "session_changed", sessionChanged, oneof: 1)
                .Add(9, "connection_changed", connectionChanged, oneof: 1);

            return new FrameShape("ToPlugin")
                .Add(15, "version", FieldKind.UInt32)
                .Add(1, "core_call", coreCall, oneof: 1)
                .Add(2, "cancel", new FrameShape("Cancel").Add(1, "call_id", FieldKind.UInt32), oneof: 1)
                .Add(3, "publish", notice, oneof: 1)
                .Add(4, "claim", new FrameShape("Claim").Add(1, "request_id", FieldKind.UInt32), oneof: 1)
                .Add(5, "epoch_raised", new FrameShape("EpochRaised").Add(1, "epoch", FieldKind.UInt32), oneof: 1)
                .Add(6, "attach", empty, oneof: 1);
        }

        private FrameShape Add(int number, string name, FieldKind kind, bool repeated = false, int oneof = 0, int enumLast = 0)
        {
            fields[number] = new FieldShape(name, kind, repeated, oneof, enumLast, null);
            return this;
        }

        private FrameShape Add(int number, string name, FrameShape message, bool repeated = false, int oneof = 0)
        {
            fields[number] = new FieldShape(name, FieldKind.Message, repeated, oneof, 0, message);
            return this;
        }
    }
}
