namespace TimChatBridge
{
    /// <summary>One entry of the conversation list: of the vendor's ConvInfo those fields that a list shows.</summary>
    public sealed class ConversationInfo
    {
        internal ConversationInfo(ConversationKey conversation, string showName, uint unreadCount, ulong activeTime, bool isPinned)
        {
            Conversation = conversation;
            ShowName = showName;
            UnreadCount = unreadCount;
            ActiveTime = activeTime;
            IsPinned = isPinned;
        }

        /// <summary>Which conversation.</summary>
        public ConversationKey Conversation { get; }

        /// <summary>The name to show; empty where the core gives none. Source: <c>conv_show_name</c>.</summary>
        public string ShowName { get; }

        /// <summary>Unread messages. Source: <c>conv_unread_num</c>.</summary>
        public uint UnreadCount { get; }

        /// <summary>When something last happened in it, in seconds since 1970; 0 where the core gives none. Source:
        /// <c>conv_active_time</c>.</summary>
        public ulong ActiveTime { get; }

        /// <summary>Whether it is pinned to the top. Source: <c>conv_is_pinned</c>.</summary>
        public bool IsPinned { get; }
    }
}
