using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.UserModel
{
    // Everything has ended, or never will: nothing is left over, and whoever signs in now can delete.
    internal static class PlaysEnd
    {
        internal static void Judge(UserPlay play)
        {
            play.IsEnding = true;
            play.DoNothingLater();
            play.Core.Next = NextCall.IsTaken;
            play.Plugin.DeletionsAllowed = true;
            for (int round = 0; round < 4; round++)
            {
                CoreEndsAll(play);
                play.Passes(round == 2 ? UserPlay.DeadlineMs : 20);
                play.Tick(int.MaxValue);
            }

            JudgeEnds(play);
            SignInForGood(play);
            JudgeLeftovers(play);
            DeleteAtLast(play);
        }

        private static void CoreEndsAll(UserPlay play) => play.OnAnotherThread(() => CoresDeeds.EndsAll(play.Core));

        private static void JudgeEnds(UserPlay play)
        {
            // Of a script that has died nobody is left to hear.
            foreach (AskedDeletion asked in play.Deletions.All.Where(asked => asked.Script == null || !asked.Script.Dies))
            {
                asked.PlayEnds();
            }
        }

        private static void SignInForGood(UserPlay play)
        {
            if (!play.Script.IsThere)
            {
                play.Script.Connect(false);
                play.Tick(int.MaxValue);
            }

            play.Script.Calls(SessionMethod.Uninit, string.Empty);
            play.Tick(int.MaxValue);
            play.Script.Calls(SessionMethod.Init, string.Empty);
            play.Tick(int.MaxValue);
            play.Script.Calls(SessionMethod.Login, "ann");
            for (int round = 0; round < 4; round++)
            {
                CoreEndsAll(play);
                play.Tick(int.MaxValue);
            }

            foreach (Asker asker in new[] { play.Script.Asker, play.CSharp.Asker }.Where(asker => asker.Told != "ann"))
            {
                play.Wrong.Add($"ann has signed in, and {asker.Name} takes {asker.Told ?? "nobody knows whom"} for signed in");
            }
        }

        private static void JudgeLeftovers(UserPlay play)
        {
            ScriptSession session = play.Plugin.Current!;
            string left = $"{session.Pending.Count} {session.Pending.ChangingUser} {session.Waiting} {play.Script.CallsUnderWay} "
                + $"{play.Plugin.GamesChanges.AreUnderWay} {play.Plugin.Listeners.ChangeIsUntold}";
            if (left != "0 0 0 0 False False")
            {
                play.Wrong.Add("left over: " + left);
            }
        }

        // As many as there may be: nothing earlier takes up a place.
        private static void DeleteAtLast(UserPlay play)
        {
            var last = new List<AskedDeletion?>();
            for (int i = 0; i < UserPlay.NeverMore; i++)
            {
                last.Add(play.CSharp.Deletes(1));
            }

            play.Tick(int.MaxValue);
            CoreEndsAll(play);
            play.Tick(int.MaxValue);
            for (int i = 0; i < UserPlay.NeverMore; i++)
            {
                last.Add(play.Script.Deletes(1));
            }

            CoreEndsAll(play);
            play.Tick(int.MaxValue);
            foreach (AskedDeletion? asked in last)
            {
                asked!.PlayEnds();
                if (!asked.IsCarriedOut)
                {
                    play.Wrong.Add($"all is quiet, and a deletion is not carried out: returned {asked.Returned}");
                }
            }
        }
    }
}
