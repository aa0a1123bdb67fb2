using System;
using System.Linq;

namespace TimChatBridge.UserModel
{
    // The game's code that uses the core beside the bridge and tells it of each change, as the pages say: from right before the call
    // until its callback, or its return where it has none. C# listens to CoreSession.Changed and not to this code.
    internal sealed class GamesOtherCode
    {
        private readonly UserPlay play;

        internal GamesOtherCode(UserPlay play)
        {
            this.play = play;
        }

        internal void Do(Deed deed)
        {
            switch (deed)
            {
                case Deed.OthersLogAnnIn:
                    Calls(SessionMethod.Login, "ann");
                    break;
                case Deed.OthersLogBobIn:
                    Calls(SessionMethod.Login, "bob");
                    break;
                case Deed.OthersLogOut:
                    Calls(SessionMethod.Logout, string.Empty);
                    break;
                case Deed.OthersUninit:
                    Calls(SessionMethod.Uninit, string.Empty);
                    break;
                case Deed.OthersInit:
                    Calls(SessionMethod.Init, string.Empty);
                    break;
                case Deed.OthersSignBobInAndTellAfterwards:
                    TellAfterwards();
                    break;
                default:
                    TellOfASignOff();
                    break;
            }
        }

        // What it had under way is forgotten, as the pages say: nothing waits for it any more.
        internal void PlayModeEnds()
        {
            foreach (SessionCall call in play.Calls.Where(call => call.IsOthers))
            {
                call.IsGivenUp = true;
            }
        }

        private void Calls(SessionMethod method, string user)
        {
            play.Doubts.Another();
            var call = new SessionCall(method, user, play.Now) { IsOthers = true };
            UserChange change = null!;
            play.OnAnotherThread(() => change = play.Plugin.GamesChanges.Begin());
            play.Calls.Add(call);
            CoreOfUsers core = play.Core;
            core.Making = call;
            // It breaks off nowhere: these calls are the vendor's own.
            core.Next = core.Next == NextCall.IsTaken || core.Next == NextCall.IsAnsweredInside ? core.Next : NextCall.IsRefused;
            int returned = Call(method, new OthersReply(_ => IsDone(call, change, false)));
            bool letGo = method == SessionMethod.Uninit && returned == 0;
            if (returned != 0 || letGo || method == SessionMethod.Init)
            {
                play.OnAnotherThread(() => IsDone(call, change, letGo));
            }
        }

        private int Call(SessionMethod method, ICoreReply reply)
        {
            switch (method)
            {
                case SessionMethod.Init:
                    return play.Core.Init(1400, Array.Empty<byte>());
                case SessionMethod.Uninit:
                    return play.Core.Uninit();
                case SessionMethod.Login:
                    return play.Core.Login(Array.Empty<byte>(), Array.Empty<byte>(), reply);
                default:
                    return play.Core.Logout(reply);
            }
        }

        private void IsDone(SessionCall call, UserChange change, bool letGo)
        {
            play.Doubts.Another();
            change.Done(letGo);
            call.IsOthers = false;
            if (!letGo)
            {
                return;
            }

            foreach (SessionCall before in play.Calls)
            {
                before.IsOthers = false;
            }

            if (play.Core.HoldsInput)
            {
                play.Wrong.Add("the core was let go of, and what it held was not freed");
            }
        }

        private void TellAfterwards() => play.OnAnotherThread(() =>
        {
            // What the core was handed before, it has carried out; its answers come yet.
            CoresDeeds.CarriesOutAll(play.Core);
            play.Doubts.Another();
            play.Core.Becomes("bob");
            play.Plugin.SessionChanged(Protocol.SessionEventKind.Notified);
        });

        private void TellOfASignOff()
        {
            if (play.Core.User.Length > 0)
            {
                play.Doubts.Another();
                play.Core.SignsOff();
                play.OnAnotherThread(() => play.Plugin.SessionChanged(Protocol.SessionEventKind.KickedOffline));
            }
        }
    }
}
