namespace TimChatBridge
{
    /// <summary>The core's connection to its server has changed. Source: <c>TIMSetNetworkStatusListenerCallback</c>.</summary>
    public sealed class ConnectionChanged
    {
        internal ConnectionChanged(TIMNetworkStatus status, int code, string desc)
        {
            Status = status;
            Code = code;
            Desc = desc;
        }

        /// <summary>How it is now.</summary>
        public TIMNetworkStatus Status { get; }

        /// <summary>The core's code for it: a TIMErrorCode, or 0.</summary>
        public int Code { get; }

        /// <summary>The core's words about it.</summary>
        public string Desc { get; }
    }
}
