using System.Linq;

namespace TimChatBridge.UserModel
{
    // The game's C# scripts and chat UI: they know who is signed in by what CoreSession.Changed and script's callbacks tell them.
    internal sealed class GamesCSharp
    {
        private readonly UserPlay play;

        internal GamesCSharp(UserPlay play)
        {
            this.play = play;
        }

        internal Asker Asker { get; } = new Asker("C#");

        internal void Listens(Listeners listeners)
        {
            listeners.SessionChanged += changed =>
            {
                play.Doubts.Another();
                Asker.Hears(play.Core, changed.Kind == SessionChangeKind.Notified);
                play.At(Moment.CSharpIsTold);
            };
            listeners.DeleteCompleted += completed =>
            {
                if (completed.RequestId != 0)
                {
                    play.Deletions.Find(completed.Results[0].Conversation.Id)
                        ?.Ends(completed.Code, completed.Results[0].Outcome, play.Doubts.Count);
                }

                play.At(Moment.CSharpsCallback);
            };
            listeners.ListenerFailed += thrown => play.Wrong.Add("a listener threw: " + thrown);
        }

        internal AskedDeletion Deletes(int conversations)
        {
            AskedDeletion asked = play.Deletions.New(Asker, conversations);
            play.Count("C# asked");
            RequestDesk requests = play.Plugin.Requests;
            TIMResult returned = conversations == 1
                ? requests.ConvDelete(asked.Ids[0], TIMConvType.kTIMConv_C2C, (code, desc, data) => IsCalledBack(asked), null)
                : requests.ConvDeleteConversationList(
                    asked.Ids.Select(ConversationKey.User).ToArray(), true, (code, desc, results, data) => IsCalledBack(asked), null);
            asked.Returns((int)returned, play.Doubts.Count);
            return asked;
        }

        private void IsCalledBack(AskedDeletion asked)
        {
            asked.IsCalledBack();
            play.At(Moment.CSharpsCallback);
        }
    }
}
