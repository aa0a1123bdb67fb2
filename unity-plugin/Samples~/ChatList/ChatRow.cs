#nullable enable

namespace TimChatBridge.Samples
{
    /// <summary>One row of the chat list.</summary>
    public sealed class ChatRow
    {
        internal ChatRow(ConversationKey conversation, string title)
        {
            Conversation = conversation;
            Title = title;
        }

        /// <summary>Which conversation.</summary>
        public ConversationKey Conversation { get; }

        /// <summary>What the player calls it.</summary>
        public string Title { get; internal set; }

        /// <summary>Whether the player has selected it.</summary>
        public bool Selected { get; internal set; }

        /// <summary>Its deletion is under way: it cannot be selected, and stays until the core says that it is gone.</summary>
        public bool Deleting { get; internal set; }

        /// <summary>Why its deletion did not happen; empty where there is nothing to say.</summary>
        public string Note { get; internal set; } = string.Empty;
    }
}
