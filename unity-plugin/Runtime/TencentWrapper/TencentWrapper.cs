using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;

namespace TimChatBridge
{
    /// <summary>
    /// For games on the vendor's C# wrapper, 8.x (<c>com.tencent.imsdk.unity</c>): the wrapper keeps the core's event slots, and the
    /// bridge listens to the wrapper's events beside the game's own listeners. Compiled where the scripting define symbol
    /// <c>TIM_CHATBRIDGE_TENCENT_WRAPPER</c> is set. Script connects with <c>connect({ attach: true })</c>.
    /// </summary>
    public static class TencentWrapper
    {
        private static readonly ConvEventStringCallback OnConvEvent =
            (convEvent, conversations, userData) => CoreSession.ForwardConvEvent((int)convEvent, conversations);

        private static readonly NetworkStatusListenerCallback OnNetworkStatus =
            (status, code, desc, userData) => CoreSession.ForwardNetworkStatus((int)status, code, desc);

        private static readonly KickedOfflineCallback OnKickedOffline =
            userData => CoreSession.NotifySession(SessionChangeKind.KickedOffline);

        private static readonly UserSigExpiredCallback OnUserSigExpired =
            userData => CoreSession.NotifySession(SessionChangeKind.UserSigExpired);

        /// <summary>
        /// Leaves the core's event slots to the wrapper, also those that the bridge holds already, hears what it hears, and tells the
        /// bridge that a session has begun (<see cref="CoreSession.NotifySession"/>). After each <c>TencentIMSDK.Init</c>, before script
        /// connects: <c>TencentIMSDK.Uninit</c> forgets every listener, and <see cref="BridgeLoop.Shutdown"/> forgets who owns the slots.
        /// Calling it again changes nothing but that. The wrapper calls its listeners on the thread that it was first used on, in a later
        /// frame than the core spoke. Each change of user stays the game's to tell: <see cref="CoreSession.BeginUserChange"/>.
        /// </summary>
        public static void Listen()
        {
            CoreSession.TakesEventSlot = false;
            StopListening();
            TencentIMSDK.SetConvEventCallback(null, OnConvEvent);
            TencentIMSDK.SetNetworkStatusListenerCallback(OnNetworkStatus);
            TencentIMSDK.SetKickedOfflineCallback(OnKickedOffline);
            TencentIMSDK.SetUserSigExpiredCallback(OnUserSigExpired);
            CoreSession.NotifySession();
        }

        /// <summary>Takes the bridge's own listeners back, and no other's.</summary>
        public static void StopListening()
        {
            TencentIMSDK.RemoveConvEventCallback(null, OnConvEvent);
            TencentIMSDK.RemoveNetworkStatusListenerCallback(OnNetworkStatus);
            TencentIMSDK.RemoveKickedOfflineCallback(OnKickedOffline);
            TencentIMSDK.RemoveUserSigExpiredCallback(OnUserSigExpired);
        }
    }
}
