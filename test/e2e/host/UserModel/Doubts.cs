using System.Linq;

namespace TimChatBridge.UserModel
{
    // When a deletion may be refused for who is signed in, and when the pages promise nothing.
    internal sealed class Doubts
    {
        private readonly UserPlay play;
        private long lastAt;

        internal Doubts(UserPlay play)
        {
            this.play = play;
        }

        // How much there has been to doubt.
        internal int Count { get; private set; }

        // A session call that the core may still carry out, and for which nothing waits any longer; or whose late answer script has not
        // drained: known, and not judged.
        internal bool HoldsNoMore => play.Calls.Any(
            call => call.IsLate || (call.IsUnanswered && (call.IsGivenUp || play.Now - call.MadeAt >= UserPlay.DeadlineMs)));

        // No change of user is in doubt or untold.
        internal bool AreNone =>
            !IsMarkTooFar && play.Script.HasHeardOfItsCalls && play.Plugin.Current != null && play.Plugin.Current.Waiting == 0
            && !play.IsTicking && !play.Plugin.ChangeIsUntold
            && !play.Calls.Any(call => call.IsUnanswered || call.IsOthers || (call.IsDropped && play.Now - lastAt < UserPlay.DeadlineMs));

        // Script may have marked how much waits, and some of it has been taken back since: known, and not judged.
        private bool IsMarkTooFar => play.Plugin.Diagnostics.RequestsExpired + play.Plugin.Diagnostics.AnswersDespiteRefusal > 0;

        internal void Another()
        {
            Count++;
            lastAt = play.Now;
        }
    }
}
