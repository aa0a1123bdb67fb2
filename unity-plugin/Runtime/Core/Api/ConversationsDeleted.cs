using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// Conversations are gone from this client's list: deleted here, or on another client where the console's "Sync Conversation
    /// Deletion Across Clients" is on. Source: <c>TIMConvEvent_Del</c>.
    /// </summary>
    public sealed class ConversationsDeleted
    {
        internal ConversationsDeleted(IReadOnlyList<ConversationKey> conversations)
        {
            Conversations = conversations;
        }

        /// <summary>Which, in the core's order.</summary>
        public IReadOnlyList<ConversationKey> Conversations { get; }
    }
}
