namespace TimChatBridge
{
    /// <summary>What happened to the signed-in session, that no callback of the bridge's tells of.</summary>
    public enum SessionChangeKind
    {
        /// <summary>The same user signed in elsewhere. Source: <c>TIMSetKickedOfflineCallback</c>.</summary>
        KickedOffline = 5,

        /// <summary>The UserSig has expired. Source: <c>TIMSetUserSigExpiredCallback</c>.</summary>
        UserSigExpired = 6,

        /// <summary>
        /// The game's own code said so, or a session call of a script that has gone, one past its deadline, or one that broke off, was
        /// carried out. Source: <see cref="CoreSession.BeginUserChange"/>, <see cref="UserChange.Done"/>, <see cref="CoreSession.NotifySession"/>.
        /// </summary>
        Notified = 7,
    }
}
