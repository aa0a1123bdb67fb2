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
            Conversations.Deleted -= OnDeleted;
            Conversations.DeleteCompleted -= OnDeleteCompleted;
            Conversations.LateResult -= OnLateResult;
        }

        // Whoever deleted them, on this client or another.
        private void OnDeleted(ConversationsDeleted message) => Model.Remove(message.Conversations);

        // Whoever asked for it, C# or script.
        private void OnDeleteCompleted(DeleteCompleted message) => Model.Ended(message.Results);

        private void OnLateResult(LateResult message) => Model.Ended(message.Results);
    }
}
