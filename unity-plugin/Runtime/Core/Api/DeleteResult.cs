namespace TimChatBridge
{
    /// <summary>How a deletion ended, for one conversation.</summary>
    public sealed class DeleteResult
    {
        internal DeleteResult(ConversationKey conversation, Outcome outcome, BridgeError? error)
        {
            Conversation = conversation;
            Outcome = outcome;
            Error = error;
        }

        /// <summary>Which conversation.</summary>
        public ConversationKey Conversation { get; }

        /// <summary>How it ended.</summary>
        public Outcome Outcome { get; }

        /// <summary>Why, unless it was deleted; null where the other side gave no reason.</summary>
        public BridgeError? Error { get; }
    }
}
