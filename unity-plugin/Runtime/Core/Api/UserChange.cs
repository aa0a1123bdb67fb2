namespace TimChatBridge
{
    /// <summary>
    /// One <c>Init</c>, <c>Login</c>, <c>Logout</c> or <c>Uninit</c> that the game's other code makes, from right before the call until
    /// it has ended: see <see cref="CoreSession.BeginUserChange"/>.
    /// </summary>
    public sealed class UserChange
    {
        private readonly GamesChanges changes;

        internal UserChange(GamesChanges changes, int number)
        {
            this.changes = changes;
            Number = number;
        }

        // Goes up from change to change.
        internal int Number { get; }

        internal bool HasEnded { get; set; }

        /// <summary>
        /// The call has ended: first thing in its callback, whatever its code; right after it where it has none (<c>Init</c>,
        /// <c>Uninit</c>), or was refused or threw, so that none comes. Script that is connected, and C#, hear <see cref="SessionChangeKind.Notified"/>, and
        /// deletions are taken again, unless another change is under way. Again, or after an <c>Uninit</c> that was made later, it
        /// does nothing. Any thread.
        /// </summary>
        /// <param name="coreLetGo">
        /// True for an <c>Uninit</c> that returned TIM_SUCC: such a core carries out nothing more, so that every change that was begun
        /// before has ended, too.
        /// </param>
        public void Done(bool coreLetGo = false) => changes.End(this, coreLetGo);
    }
}
