#nullable enable

using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// What the chat list shows and what may be pressed: no engine, and nobody is called. chat-list-model.ts is the same in
    /// TypeScript.
    /// </summary>
    public sealed class ChatListModel
    {
        /// <summary>What must be understood before the button is pressed: a deletion cannot be undone.</summary>
        public const string Warning =
            "Their messages will be gone for good, here and on the server. To take them off the list only, keep the history.";

        private readonly List<ChatRow> rows = new List<ChatRow>();
        private List<ConversationKey> asked = new List<ConversationKey>();

        /// <summary>In the order in which they came.</summary>
        public IReadOnlyList<ChatRow> Rows => rows;

        /// <summary>What the player is being asked; null while nothing is.</summary>
        public string? Question =>
            asked.Count == 0 ? null : $"Delete {(asked.Count == 1 ? "this conversation" : $"these {asked.Count} conversations")}?";

        /// <summary>Adds a row, or gives the one that is there its new title.</summary>
        public void Show(ConversationKey conversation, string title)
        {
            ChatRow? row = Find(conversation);
            if (row == null)
            {
                rows.Add(new ChatRow(conversation, title));
            }
            else
            {
                row.Title = title;
            }
        }

        /// <summary>The rows of these conversations go, and so does a question that is about no other.</summary>
        public void Remove(IEnumerable<ConversationKey> conversations)
        {
            var gone = new HashSet<ConversationKey>(conversations);
            rows.RemoveAll(row => gone.Contains(row.Conversation));
            asked.RemoveAll(gone.Contains);
        }

        /// <summary>A press on a row: selects it, or no longer.</summary>
        public void Toggle(ConversationKey conversation)
        {
            ChatRow? row = Find(conversation);
            if (row == null || row.Deleting || asked.Count > 0)
            {
                return;
            }

            row.Selected = !row.Selected;
            row.Note = string.Empty;
        }

        /// <summary>The delete button: asks about what is selected. Nothing is deleted yet.</summary>
        public void AskToDelete()
        {
            if (asked.Count == 0)
            {
                asked = rows.Where(row => row.Selected).Select(row => row.Conversation).ToList();
            }
        }

        /// <summary>The player thought better of it.</summary>
        public void Cancel() => asked = new List<ConversationKey>();

        /// <summary>The player has confirmed.</summary>
        /// <returns>What is to be deleted now; empty where nothing was asked.</returns>
        public IReadOnlyList<ConversationKey> Confirm()
        {
            List<ConversationKey> confirmed = asked;
            asked = new List<ConversationKey>();
            foreach (ChatRow row in rows.Where(row => confirmed.Contains(row.Conversation)))
            {
                row.Selected = false;
                row.Deleting = true;
                row.Note = string.Empty;
            }

            return confirmed;
        }

        /// <summary>How deletions ended. The rows of what is gone go with the core's event; this says why the others stay.</summary>
        public void Ended(IReadOnlyList<DeleteResult> results)
        {
            foreach (DeleteResult result in results)
            {
                SetNote(result.Conversation, NoteOf(result.Outcome, result.Error?.Message));
            }

            Remove(results.Where(result => result.Outcome == Outcome.Deleted).Select(result => result.Conversation));
        }

        /// <summary>None of these was accepted for deletion.</summary>
        public void Refused(IEnumerable<ConversationKey> conversations, string? why)
        {
            foreach (ConversationKey conversation in conversations)
            {
                SetNote(conversation, NoteOf(Outcome.NotSent, why));
            }
        }

        private ChatRow? Find(ConversationKey conversation) => rows.Find(row => row.Conversation == conversation);

        private void SetNote(ConversationKey conversation, string note)
        {
            ChatRow? row = Find(conversation);
            if (row != null)
            {
                row.Deleting = false;
                row.Note = note;
            }
        }

        private static string NoteOf(Outcome outcome, string? why)
        {
            switch (outcome)
            {
                case Outcome.Deleted:
                    return string.Empty;
                case Outcome.Unknown:
                    return $"Perhaps deleted: the core has not answered. {why}".Trim();
                default:
                    return $"Not deleted. {why}".Trim();
            }
        }
    }
}
