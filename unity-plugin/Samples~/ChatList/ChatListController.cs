#nullable enable

using System;
using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.Samples
{
    /// <summary>The chat list at work, in C# alone: the model, carried out by <see cref="Conversations"/>. Main thread.</summary>
    public sealed class ChatListController : IDisposable
    {
        // What one call of the core takes.
        private const int BatchSize = 100;

        /// <summary>Begins to listen.</summary>
        public ChatListController()
        {
            Conversations.Added += OnAdded;
            Conversations.Updated += OnUpdated;
            Conversations.ListReset += OnListReset;
            Conversations.Deleted += OnDeleted;
            Conversations.DeleteCompleted += OnDeleteCompleted;
            Conversations.LateResult += OnLateResult;
        }

        /// <summary>What is shown, and what may be pressed.</summary>
        public ChatListModel Model { get; } = new ChatListModel();

        /// <summary>The player has confirmed.</summary>
        /// <param name="clearMessage">True: the history goes too, for good. False: it is kept.</param>
        public void Confirm(bool clearMessage)
        {
            IReadOnlyList<ConversationKey> confirmed = Model.Confirm();
            for (int from = 0; from < confirmed.Count; from += BatchSize)
            {
                ConversationKey[] batch = confirmed.Skip(from).Take(BatchSize).ToArray();
                // Its end comes as a DeleteCompleted. Refused at the call, it has none, and nothing was deleted.
                if (Conversations.ConvDeleteConversationList(batch, clearMessage) != TIMResult.TIM_SUCC)
                {
                    Model.Refused(batch, Conversations.LastError?.Message);
                }
            }
        }

        /// <summary>Stops listening.</summary>
        public void Dispose()
        {
            Conversations.Added -= OnAdded;
            Conversations.Updated -= OnUpdated;
            Conversations.ListReset -= OnListReset;
            Conversations.Deleted -= OnDeleted;
            Conversations.DeleteCompleted -= OnDeleteCompleted;
            Conversations.LateResult -= OnLateResult;
        }

        // A message brings a row: a new one, or one that was deleted, with what history was kept.
        private void OnAdded(ConversationsAdded message) => Show(message.Conversations);

        private void OnUpdated(ConversationsUpdated message) => Show(message.Conversations);

        // Events were lost: this is the whole list.
        private void OnListReset(ConversationListReset message)
        {
            var listed = new HashSet<ConversationKey>(message.Conversations.Select(one => one.Conversation));
            Model.Remove(Model.Rows.Select(row => row.Conversation).Where(key => !listed.Contains(key)).ToArray());
            Show(message.Conversations);
        }

        // Whoever deleted them, on this client or another.
        private void OnDeleted(ConversationsDeleted message) => Model.Remove(message.Conversations);

        // Whoever asked for it, C# or script.
        private void OnDeleteCompleted(DeleteCompleted message) => Model.Ended(message.Results);

        private void OnLateResult(LateResult message) => Model.Ended(message.Results);

        private void Show(IReadOnlyList<ConversationInfo> conversations)
        {
            foreach (ConversationInfo one in conversations)
            {
                Model.Show(one.Conversation, one.ShowName.Length == 0 ? one.Conversation.Id : one.ShowName);
            }
        }
    }
}
