namespace TimChatBridge
{
    /// <summary>The core's connection to its server. Source: <c>TIMNetworkStatus</c> in TIMCloudDef.h.</summary>
    public enum TIMNetworkStatus
    {
        /// <summary>Connected.</summary>
        kTIMConnected = 0,

        /// <summary>Not connected.</summary>
        kTIMDisconnected = 1,

        /// <summary>Connecting.</summary>
        kTIMConnecting = 2,

        /// <summary>It tried, and failed.</summary>
        kTIMConnectFailed = 3,
    }
}
