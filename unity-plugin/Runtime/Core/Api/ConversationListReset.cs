using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// Events were lost, or came while the user was changing, and the bridge has asked for the list again: this is the whole of it,
    /// forget the one before. Source: <c>TIMConvGetConvList</c>.
    /// </summary>
    public sealed class ConversationListReset
    {
        internal ConversationListReset(IReadOnlyList<ConversationInfo> conversations)
        {
            Conversations = conversations;
        }

        /// <summary>Which, in the core's order.</summary>
        public IReadOnlyList<ConversationInfo> Conversations { get; }
    }
}
