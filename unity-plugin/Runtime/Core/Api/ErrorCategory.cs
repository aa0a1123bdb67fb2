namespace TimChatBridge
{
    /// <summary>What kind of trouble an error is.</summary>
    public enum ErrorCategory
    {
        /// <summary>None was given.</summary>
        Unspecified = 0,

        /// <summary>The call itself is wrong: correct it.</summary>
        InvalidArgument = 1,

        /// <summary>The core is not initialised.</summary>
        NotInitialized = 2,

        /// <summary>Nobody is signed in, or the UserSig is no longer good.</summary>
        NotLoggedIn = 3,

        /// <summary>There is no such conversation, user or group.</summary>
        NotFound = 4,

        /// <summary>The signed-in user may not do that, or the plan does not include it.</summary>
        Permission = 5,

        /// <summary>No connection, or it broke.</summary>
        Network = 6,

        /// <summary>No answer in time.</summary>
        Timeout = 7,

        /// <summary>Too many requests, or too many under way.</summary>
        Busy = 8,

        /// <summary>The signed-in user changed, the session was replaced or closed.</summary>
        SessionEnded = 9,

        /// <summary>This core, plugin or platform cannot do that.</summary>
        Unsupported = 10,

        /// <summary>The two sides of the bridge do not understand each other.</summary>
        Protocol = 11,

        /// <summary>The core's database or files.</summary>
        Storage = 12,

        /// <summary>The vendor's server refused or failed.</summary>
        Server = 13,

        /// <summary>The caller cancelled it.</summary>
        Cancelled = 14,

        /// <summary>None of these: see the code.</summary>
        Other = 15,
    }
}
