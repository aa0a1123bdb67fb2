namespace TimChatBridge
{
    /// <summary>Which kind of id a <see cref="ConversationKey"/> holds.</summary>
    public enum ConversationKeyKind
    {
        /// <summary>A userID: a one-to-one conversation.</summary>
        UserId = 1,

        /// <summary>A groupID or topicID: a group's conversation.</summary>
        GroupId = 2,

        /// <summary>A system notification conversation, such as <c>@TIM#SYSTEM</c>.</summary>
        SystemId = 3,
    }
}
