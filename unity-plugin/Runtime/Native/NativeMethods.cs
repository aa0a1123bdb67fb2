#if !UNITY_WEBGL || UNITY_EDITOR
using System;
using System.Runtime.InteropServices;

namespace TimChatBridge
{
    // typedef void (*TIMCommCallback)(int32_t code, const char* desc, const char* json_params, const void* user_data);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TIMCommCallback(int code, IntPtr desc, IntPtr jsonParams, IntPtr userData);

    // typedef void (*TIMConvEventCallback)(enum TIMConvEvent conv_event, const char* json_conv_array, const void* user_data);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TIMConvEventCallback(int convEvent, IntPtr jsonConvArray, IntPtr userData);

    // typedef void (*TIMKickedOfflineCallback)(const void* user_data); the same for TIMUserSigExpiredCallback.
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TIMSessionCallback(IntPtr userData);

    // typedef void (*TIMNetworkStatusListenerCallback)(enum TIMNetworkStatus status, int32_t code, const char* desc, const void*
    // user_data);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TIMNetworkStatusListenerCallback(int status, int code, IntPtr desc, IntPtr userData);

    // The vendor's C API, as its headers have it. Strings are UTF-8, ended by NUL, in memory that the caller frees.
    internal static class NativeMethods
    {
#if UNITY_IOS && !UNITY_EDITOR
        private const string Library = "__Internal";
// In an editor UNITY_STANDALONE_OSX says what is built for, and not where it runs.
#elif UNITY_EDITOR_OSX || (UNITY_STANDALONE_OSX && !UNITY_EDITOR)
        private const string Library = "libImSDKForMac_C";
#else
        private const string Library = "ImSDK";
#endif

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMInit(ulong sdk_app_id, IntPtr json_sdk_config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMUninit();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMLogin(IntPtr user_id, IntPtr user_sig, TIMCommCallback cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMLogout(TIMCommCallback cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMConvDelete(IntPtr conv_id, int conv_type, TIMCommCallback cb, IntPtr user_data);

#if TIM_CHATBRIDGE_CORE_BEFORE_7_1
        // For iOS, where a symbol that the core lacks does not link.
        internal static int TIMConvDeleteConversationList(
            IntPtr json_id_array, bool clear_message, TIMCommCallback cb, IntPtr user_data) =>
            throw new EntryPointNotFoundException("TIMConvDeleteConversationList is left out: TIM_CHATBRIDGE_CORE_BEFORE_7_1 is defined");
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMConvDeleteConversationList(
            IntPtr json_id_array, [MarshalAs(UnmanagedType.I1)] bool clear_message, TIMCommCallback cb, IntPtr user_data);
#endif

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMConvGetConvList(TIMCommCallback cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void TIMSetConvEventCallback(TIMConvEventCallback? cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void TIMSetKickedOfflineCallback(TIMSessionCallback? cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void TIMSetUserSigExpiredCallback(TIMSessionCallback? cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void TIMSetNetworkStatusListenerCallback(TIMNetworkStatusListenerCallback? cb, IntPtr user_data);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int TIMGetLoginStatus();

        // In the core's own memory.
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr TIMGetSDKVersion();
    }
}
#endif
