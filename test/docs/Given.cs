using System;
using System.Collections.Generic;
using TimChatBridge;

namespace Documents
{
    // What a document's C# takes as given: a reader has it already.
    public abstract class Given
    {
        protected readonly ChatList chatList = new ChatList();
        protected readonly Action<string> log = Console.WriteLine;

        public abstract void Run();

        protected sealed class ChatList
        {
            public void Remove(IReadOnlyList<ConversationKey> conversations) =>
                Console.WriteLine("removed " + string.Join(", ", conversations));
        }
    }
}
