// The few members of the vendor's C# wrapper that TimChatBridge.TencentWrapper uses, in our own words: TencentCloud/chat-sdk-unity
// 8.6.7021, Assets/TencentIMSDK. The multicasts work as there; what the native core would do, tests do with Say....
#nullable disable
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;

namespace com.tencent.imsdk.unity.enums
{
    public enum TIMConvEvent
    {
        kTIMConvEvent_Add,
        kTIMConvEvent_Del,
        kTIMConvEvent_Update,
        kTIMConvEvent_Start,
        kTIMConvEvent_Finish,
    }

    public enum TIMNetworkStatus
    {
        kTIMConnected,
        kTIMDisconnected,
        kTIMConnecting,
        kTIMConnectFailed,
    }
}

namespace com.tencent.imsdk.unity.callback
{
    public delegate void ConvEventCallback(TIMConvEvent conv_event, string conv_list, string user_data);

    public delegate void ConvEventStringCallback(TIMConvEvent conv_event, string conv_list, string user_data);

    public delegate void NetworkStatusListenerCallback(TIMNetworkStatus status, int code, string desc, string user_data);

    public delegate void KickedOfflineCallback(string user_data);

    public delegate void UserSigExpiredCallback(string user_data);
}

namespace com.tencent.imsdk.unity
{
    public class TencentIMSDK
    {
        // The wrapper sets its own callback in the core's conversation slot (true), or empties the slot (false). Of the others
        // the same is true there.
        public static System.Action<bool> SetsNativeConvSlot = _ => { };

        private static ConvEventCallback conv;
        private static ConvEventStringCallback convString;
        private static NetworkStatusListenerCallback network;
        private static KickedOfflineCallback kicked;
        private static UserSigExpiredCallback expired;

        public static void SetConvEventCallback(ConvEventCallback callback = null, ConvEventStringCallback stringCallback = null)
        {
            conv += callback;
            convString += stringCallback;
            if (callback == null && stringCallback == null)
            {
                RemoveConvEventCallback();
                return;
            }

            SetsNativeConvSlot(true);
        }

        public static void RemoveConvEventCallback(ConvEventCallback callback = null, ConvEventStringCallback stringCallback = null)
        {
            conv -= callback;
            convString -= stringCallback;
            if (callback == null && stringCallback == null)
            {
                conv = null;
                convString = null;
            }

            if (conv == null && convString == null)
            {
                SetsNativeConvSlot(false);
            }
        }

        public static void SetNetworkStatusListenerCallback(NetworkStatusListenerCallback callback) => network += callback;

        public static void RemoveNetworkStatusListenerCallback(NetworkStatusListenerCallback callback = null) =>
            network = callback == null ? null : network - callback;

        public static void SetKickedOfflineCallback(KickedOfflineCallback callback) => kicked += callback;

        public static void RemoveKickedOfflineCallback(KickedOfflineCallback callback = null) =>
            kicked = callback == null ? null : kicked - callback;

        public static void SetUserSigExpiredCallback(UserSigExpiredCallback callback) => expired += callback;

        public static void RemoveUserSigExpiredCallback(UserSigExpiredCallback callback = null) =>
            expired = callback == null ? null : expired - callback;

        // As the wrapper's Uninit: everybody's listeners.
        public static void ForgetAll()
        {
            SetConvEventCallback();
            RemoveNetworkStatusListenerCallback();
            RemoveKickedOfflineCallback();
            RemoveUserSigExpiredCallback();
        }

        public static void SayConvEvent(TIMConvEvent conv_event, string conv_list)
        {
            conv?.Invoke(conv_event, conv_list, "user_data");
            convString?.Invoke(conv_event, conv_list, "user_data");
        }

        public static void SayNetworkStatus(TIMNetworkStatus status, int code, string desc) => network?.Invoke(status, code, desc, "user_data");

        public static void SayKickedOffline() => kicked?.Invoke("user_data");

        public static void SayUserSigExpired() => expired?.Invoke("user_data");
    }
}
