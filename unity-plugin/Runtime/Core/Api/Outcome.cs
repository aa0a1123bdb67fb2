namespace TimChatBridge
{
    /// <summary>How a deletion ended, for one conversation.</summary>
    public enum Outcome
    {
        /// <summary>The core said that it is deleted.</summary>
        Deleted = 1,

        /// <summary>The core said that it is not.</summary>
        Failed = 2,

        /// <summary>It was never handed to the core; nothing was deleted. Asking again is safe.</summary>
        NotSent = 3,

        /// <summary>
        /// It was handed to the core, which did not answer in time, or not clearly, or the user changed or the bridge ended first: it may
        /// be deleted, now or later. List the conversations again to see.
        /// </summary>
        Unknown = 4,
    }
}
