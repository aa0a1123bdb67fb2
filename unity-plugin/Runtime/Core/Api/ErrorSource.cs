namespace TimChatBridge
{
    /// <summary>Who says that something went wrong.</summary>
    public enum ErrorSource
    {
        /// <summary>None was given.</summary>
        Unspecified = 0,

        /// <summary>The bridge or the plugin: the core was not asked, or did not answer.</summary>
        Bridge = 1,

        /// <summary>The core function's return value.</summary>
        SdkReturn = 2,

        /// <summary>The core's callback.</summary>
        SdkCallback = 3,
    }
}
