using System;
using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// A chat list: its rows go when the bridge says that their conversations are gone, whoever deleted them. Plain C#;
    /// ChatListBehaviour.cs puts it on the screen.
    /// </summary>
    public sealed class ChatList : IDisposable
    {
        private readonly List<ConversationKey> rows = new List<ConversationKey>();
        private readonly Action<string> say;

        /// <summary>Begins to listen. Main thread.</summary>
        public ChatList(Action<string> say)
        {
            this.say = say;
            Conversations.Deleted += OnDeleted;
            Conversations.DeleteCompleted += OnDeleteCompleted;
        }

        /// <summary>The conversations on the screen.</summary>
        public IReadOnlyList<ConversationKey> Rows => rows;

        /// <summary>Stops listening.</summary>
        public void Dispose()
        {
            Conversations.Deleted -= OnDeleted;
            Conversations.DeleteCompleted -= OnDeleteCompleted;
        }

        /// <summary>Shows a conversation, unless it is shown already.</summary>
        public void AddRow(ConversationKey conversation)
        {
            if (!rows.Contains(conversation))
            {
                rows.Add(conversation);
            }
        }

        /// <summary>The delete button of a row. The row stays until the bridge says that the conversation is gone.</summary>
        /// <returns>Whether the deletion was accepted: then its end follows.</returns>
        public bool PressDelete(ConversationKey conversation)
        {
            var type = conversation.Kind == ConversationKeyKind.UserId
                ? TIMConvType.kTIMConv_C2C
                : TIMConvType.kTIMConv_Group;
            var result = Conversations.ConvDelete(
                conversation.Id,
                type,
                (code, desc, userData) => say($"callback of ConvDelete({userData}): code {code}{Quote(desc)}"),
                conversation.ToString());
            if (result == TIMResult.TIM_SUCC)
            {
                return true;
            }

            say($"ConvDelete({conversation}) was refused: {Conversations.LastError?.Message}");
            return false;
        }

        private void OnDeleted(ConversationsDeleted message)
        {
            foreach (var conversation in message.Conversations)
            {
                rows.Remove(conversation);
            }

            say($"ConversationsDeleted: {string.Join(", ", message.Conversations)}; {rows.Count} rows are left");
        }

        private void OnDeleteCompleted(DeleteCompleted message)
        {
            var asker = message.RequestId == 0 ? "script" : "C#";
            var results = message.Results.Select(result => $"{result.Conversation} {result.Outcome}");
            say($"DeleteCompleted, asked by {asker}: {string.Join(", ", results)}");
        }

        private static string Quote(string desc) => desc.Length == 0 ? string.Empty : $", \"{desc}\"";
    }
}
