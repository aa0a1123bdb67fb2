namespace TimChatBridge
{
    /// <summary>
    /// Who is signed in has changed, or may have, and no callback of the bridge's tells of it. What the core had been given has ended
    /// as unknown, what still waited as not sent, and what is asked for from here on is asked for as whoever is signed in now; while
    /// a change that the game told of is under way, deletions are refused. While script's own <c>Login</c>, <c>Logout</c> or the like
    /// is under way, this is told when that has ended, and a sign-off that it has overtaken is not.
    /// </summary>
    public sealed class SessionChanged
    {
        internal SessionChanged(SessionChangeKind kind)
        {
            Kind = kind;
        }

        /// <summary>What happened.</summary>
        public SessionChangeKind Kind { get; }
    }
}
