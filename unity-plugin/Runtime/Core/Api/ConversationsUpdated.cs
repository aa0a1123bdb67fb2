using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// Conversations of this client's list have changed. One that was deleted is not among them, until something new happens in it.
    /// Source: <c>TIMConvEvent_Update</c>.
    /// </summary>
    public sealed class ConversationsUpdated
    {
        internal ConversationsUpdated(IReadOnlyList<ConversationInfo> conversations)
        {
            Conversations = conversations;
        }

        /// <summary>Which, in the core's order.</summary>
        public IReadOnlyList<ConversationInfo> Conversations { get; }
    }
}
