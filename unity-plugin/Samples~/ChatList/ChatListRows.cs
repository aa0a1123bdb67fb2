#nullable enable

namespace TimChatBridge.Samples
{
    /// <summary>
    /// Where the rows of the chat list that is C# throughout come from at the start, before any event: in this sample from
    /// script (<c>CS.TimChatBridge.Samples.ChatListRows</c>), in a game from whatever already lists its chats.
    /// </summary>
    [UnityEngine.Scripting.Preserve]
    public static class ChatListRows
    {
        /// <summary>The chat list on the screen.</summary>
        public static ChatListController? Current { get; set; }

        /// <summary>Shows a conversation, named as the core names it: <c>c2c_x</c> or <c>group_x</c>.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void Show(string conversation, string title)
        {
            if (ConversationKey.TryParse(conversation, out ConversationKey? key))
            {
                Current?.Model.Show(key, title);
            }
        }
    }
}
