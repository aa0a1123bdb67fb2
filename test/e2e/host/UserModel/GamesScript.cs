using System;

namespace TimChatBridge.UserModel
{
    // The game's script: it connects, signs users in and deletes.
    internal sealed class GamesScript
    {
        private readonly UserPlay play;
        private readonly Func<UserPlay, bool, PlayedScript> connect;
        private PlayedScript? script;
        private long lastTurn;
        private int lastCallIn = -1;

        internal GamesScript(UserPlay play, Func<UserPlay, bool, PlayedScript> connect)
        {
            this.play = play;
            this.connect = connect;
            lastTurn = play.Now;
        }

        internal Asker Asker { get; } = new Asker("script");

        // Connected, in a session of its own, and alive.
        internal bool IsThere => script != null && script.IsOpen && !script.Dies && !script.HasJoined;

        internal bool HasHeardOfItsCalls => script != null && script.IsOpen && CallsUnderWay == 0 && play.TurnsEnded > lastCallIn;

        internal int CallsUnderWay => script?.CallsUnderWay ?? 0;

        internal void Do(Deed deed)
        {
            switch (deed)
            {
                case Deed.ScriptLogsAnnIn:
                    Calls(SessionMethod.Login, "ann");
                    break;
                case Deed.ScriptLogsBobIn:
                    Calls(SessionMethod.Login, "bob");
                    break;
                case Deed.ScriptLogsOut:
                    Calls(SessionMethod.Logout, string.Empty);
                    break;
                case Deed.ScriptUninits:
                    Calls(SessionMethod.Uninit, string.Empty);
                    break;
                case Deed.ScriptInits:
                    Calls(SessionMethod.Init, string.Empty);
                    break;
                case Deed.ScriptDeletes:
                    Deletes(1);
                    break;
                case Deed.ScriptDeletesTwo:
                    Deletes(2);
                    break;
                case Deed.ScriptConnects:
                    Connect(false);
                    break;
                case Deed.ScriptJoins:
                    Connect(true);
                    break;
                default:
                    Ends(deed);
                    break;
            }
        }

        internal void Connect(bool joins)
        {
            if (play.Plugin.IsShutDown)
            {
                return;
            }

            play.Doubts.Another();
            // The loser hears of it in the next tick.
            script = connect(play, joins);
            Asker.Looks(play.Core);
        }

        // Its play mode has ended.
        internal void IsGone() => script = null;

        internal void TurnBegins(int maxBytes)
        {
            // Script's clock is that of its last turn.
            lastTurn = play.Now;
            if (script != null)
            {
                script.MaxBytes = maxBytes;
            }
        }

        internal void IsTold(bool nobodyKnows)
        {
            play.Doubts.Another();
            Asker.Hears(play.Core, nobodyKnows);
            play.At(Moment.ScriptsCallback);
        }

        internal void Calls(SessionMethod method, string user)
        {
            if (script == null)
            {
                return;
            }

            var call = new SessionCall(method, user, lastTurn);
            play.Doubts.Another();
            play.Calls.Add(call);
            play.Core.Making = call;
            int returned = script.Call(method, user, code => Hears(call, code));
            play.Core.Making = null;
            call.IsRefused = returned != 0;
            // The plugin has counted it as a change, or not, and may have counted another: script hears which in its next turn.
            lastCallIn = play.TurnsBegun;
            if (call.IsRefused && call.TimesHeard > 0)
            {
                play.Wrong.Add($"{method} was refused with {returned}, and called back");
            }
        }

        internal AskedDeletion? Deletes(int conversations)
        {
            if (script == null)
            {
                return null;
            }

            AskedDeletion asked = play.Deletions.New(Asker, conversations);
            asked.Script = script;
            play.Count("script asked");
            int returned = script.Delete(
                asked.Ids,
                () =>
                {
                    asked.IsCalledBack();
                    play.At(Moment.ScriptsCallback);
                },
                (code, outcome) =>
                {
                    asked.Ends(code, outcome, play.Doubts.Count);
                    play.At(Moment.ScriptsCallback);
                });
            asked.Returns(returned, play.Doubts.Count);
            return asked;
        }

        private void Ends(Deed deed)
        {
            play.Doubts.Another();
            if (deed == Deed.ScriptCloses)
            {
                script?.Close();
            }
            else if (script != null)
            {
                script.Dies = true;
            }
        }

        private void Hears(SessionCall call, int code)
        {
            play.Doubts.Another();
            call.TimesHeard++;
            call.IsGivenUp = code == (int)TIMResult.BRIDGE_ERR_UNANSWERED;
            if (call.TimesHeard > 1 || call.IsRefused)
            {
                play.Wrong.Add($"{call.Method} has called back {call.TimesHeard} times; refused: {call.IsRefused}");
            }

            // Script tells the game's C# at once.
            foreach (Asker asker in new[] { Asker, play.CSharp.Asker })
            {
                if (code < 0)
                {
                    asker.HearsThatNobodyKnows();
                }
                else if (code == 0 && call.Method != SessionMethod.Init)
                {
                    asker.HearsOf(call);
                }
            }

            if (code == 0 && call.Method != SessionMethod.Init && call.CarriedOutAs == 0)
            {
                play.Wrong.Add($"{call.Method} is said to have succeeded");
            }

            play.At(Moment.ScriptsCallback);
        }
    }
}
