namespace TimChatBridge.UserModel
{
    // A session call of the game's, whichever side makes it, and what the core made of it.
    internal sealed class SessionCall
    {
        internal SessionCall(SessionMethod method, string user, long madeAt)
        {
            Method = method;
            User = user;
            MadeAt = madeAt;
        }

        internal SessionMethod Method { get; }

        // Whom it leaves signed in where it succeeds; "": nobody.
        internal string User { get; }

        internal long MadeAt { get; }

        // Its place among the core's changes of user; 0: it was not carried out.
        internal int CarriedOutAs { get; set; }

        // The core has it, and has neither dropped nor answered it.
        internal bool IsUnanswered { get; set; }

        // The core has dropped it, and the bridge cannot know.
        internal bool IsDropped { get; set; }

        // The game made it outside of the bridge, and has not said that it is done.
        internal bool IsOthers { get; set; }

        // Script has settled it as unanswered; and the core has answered it since.
        internal bool IsGivenUp { get; set; }

        internal bool IsLate { get; set; }

        internal bool IsRefused { get; set; }

        internal int TimesHeard { get; set; }
    }
}
