namespace TimChatBridge
{
    /// <summary>
    /// The core fetches the conversation list from its server. Source: <c>TIMConvEvent_Start</c> and <c>TIMConvEvent_Finish</c>.
    /// </summary>
    public sealed class ConversationListSync
    {
        internal ConversationListSync(bool finished)
        {
            Finished = finished;
        }

        /// <summary>False: it has begun. True: it has the list.</summary>
        public bool Finished { get; }
    }
}
