namespace TimChatBridge
{
    /// <summary>
    /// What a call returns at once. <see cref="TIM_SUCC"/> means that exactly one callback follows, in a later tick; anything
    /// else means that none ever does and that nothing was begun. Source: <c>TIMResult</c> in TIMCloudDef.h; the values from
    /// -1001 down are the bridge's own (<c>SendResult</c> in error.proto). Those that are a callback's code, too, say of a call that the
    /// core had been given that nobody knows what became of it; each result's <see cref="Outcome"/> says which.
    /// </summary>
    public enum TIMResult
    {
        /// <summary>Accepted.</summary>
        TIM_SUCC = 0,

        /// <summary>The core is not initialised; of a call from C#: no script has connected, so that nothing could carry it out.</summary>
        TIM_ERR_SDKUNINIT = -1,

        /// <summary>Nobody is signed in.</summary>
        TIM_ERR_NOTLOGIN = -2,

        /// <summary>The core could not read the JSON that it was given.</summary>
        TIM_ERR_JSON = -3,

        /// <summary>An argument is wrong.</summary>
        TIM_ERR_PARAM = -4,

        /// <summary>The conversation is wrong.</summary>
        TIM_ERR_CONV = -5,

        /// <summary>The group is wrong.</summary>
        TIM_ERR_GROUP = -6,

        /// <summary>A later <c>connect()</c> took over the plugin. Also a callback's code, where that ended the call.</summary>
        BRIDGE_ERR_REPLACED = -1001,

        /// <summary>The bridge is closed. Also a callback's code, where that ended the call.</summary>
        BRIDGE_ERR_CLOSED = -1002,

        /// <summary>The plugin did not understand the frame. Also a callback's code, where the core's answer cannot be read.</summary>
        BRIDGE_ERR_BAD_FRAME = -1003,

        /// <summary>The call is larger than the plugin takes.</summary>
        BRIDGE_ERR_TOO_LARGE = -1004,

        /// <summary>Script and plugin speak different versions.</summary>
        BRIDGE_ERR_WRONG_VERSION = -1005,

        /// <summary>The plugin's own check refused an id.</summary>
        BRIDGE_ERR_BAD_ID = -1006,

        /// <summary>The plugin's own check refused a conversation type.</summary>
        BRIDGE_ERR_BAD_TYPE = -1007,

        /// <summary>The plugin's own check refused the number of ids.</summary>
        BRIDGE_ERR_BAD_COUNT = -1008,

        /// <summary>The signed-in user changed after this was asked for. Also a callback's code, where that ended the call.</summary>
        BRIDGE_ERR_STALE_EPOCH = -1009,

        /// <summary>A <c>signal</c> of script's stopped it, or the C# request behind it had expired, before the core was asked.</summary>
        BRIDGE_ERR_NOT_QUEUED = -1010,

        /// <summary>Too many calls are under way.</summary>
        BRIDGE_ERR_BUSY = -1011,

        /// <summary>The plugin refused the call's number.</summary>
        BRIDGE_ERR_BAD_CALL_ID = -1012,

        /// <summary>The core's native library cannot be loaded.</summary>
        BRIDGE_ERR_LIBRARY_MISSING = -1013,

        /// <summary>This core cannot do that.</summary>
        BRIDGE_ERR_UNSUPPORTED = -1014,

        /// <summary>Not on the main thread.</summary>
        BRIDGE_ERR_WRONG_THREAD = -1015,

        /// <summary>The plugin failed inside. Also a callback's code, where the call broke off inside the core.</summary>
        BRIDGE_ERR_INTERNAL = -1016,

        /// <summary>The game has switched deletions off.</summary>
        BRIDGE_ERR_VETOED = -1017,

        /// <summary>A call that was accepted was not answered in time. The code of a callback, never of a return.</summary>
        BRIDGE_ERR_UNANSWERED = -1018,

        /// <summary>The game's other code owns the session: it initialises the core and signs users in.</summary>
        BRIDGE_ERR_NOT_OWNER = -1019,

        /// <summary>
        /// <c>Init</c>, <c>Uninit</c>, <c>Login</c> or <c>Logout</c> is under way: whose conversations a deletion would take is not
        /// certain; nothing was deleted. The code of a completion; a return's where the game's own code makes that call
        /// (<see cref="CoreSession.BeginUserChange"/>), and
        /// where <see cref="CoreSession.Changed"/> is about to tell of a change.
        /// </summary>
        BRIDGE_ERR_USER_CHANGING = -1020,
    }
}
