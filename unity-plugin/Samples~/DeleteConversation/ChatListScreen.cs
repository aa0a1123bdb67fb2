#nullable enable

namespace TimChatBridge.Samples
{
    /// <summary>
    /// What the game's script may do with the chat list: <c>CS.TimChatBridge.Samples.ChatListScreen</c>. Conversations are
    /// named as the core names them, <c>c2c_x</c> or <c>group_x</c>.
    /// </summary>
    [UnityEngine.Scripting.Preserve]
    public static class ChatListScreen
    {
        /// <summary>The chat list on the screen.</summary>
        public static ChatList? Current { get; set; }

        /// <summary>Shows a conversation.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void AddRow(string conversation)
        {
            if (ConversationKey.TryParse(conversation, out var key))
            {
                Current?.AddRow(key);
            }
        }

        /// <summary>Presses the delete button of a conversation's row.</summary>
        /// <returns>Whether the deletion was accepted: then its end follows.</returns>
        [UnityEngine.Scripting.Preserve]
        public static bool PressDelete(string conversation) =>
            Current != null && ConversationKey.TryParse(conversation, out var key) && Current.PressDelete(key);
    }
}
