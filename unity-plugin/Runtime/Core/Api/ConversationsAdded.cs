using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>Conversations are new in this client's list, or back. Source: <c>TIMConvEvent_Add</c>.</summary>
    public sealed class ConversationsAdded
    {
        internal ConversationsAdded(IReadOnlyList<ConversationInfo> conversations)
        {
            Conversations = conversations;
        }

        /// <summary>Which, in the core's order.</summary>
        public IReadOnlyList<ConversationInfo> Conversations { get; }
    }
}
