using System;
using System.Runtime.InteropServices;
using TimChatBridge.Samples;

namespace TimChatBridge.Testing
{
    /// <summary>
    /// A game whose own code has the session: the vendor's functions, and the sample AttachToSession around them as its README says.
    /// A server takes its time over such a call and the stand-in none, so each is made when the scenario says.
    /// </summary>
    public static class AttachedGame
    {
        private const string Library = "ImSDK";

        // Kept as long as the process: the core may call them late.
        private static readonly AnswerCallback OnAnswer = (code, desc, json, userData) => AttachedSession.OnSessionChanged();

        private static readonly ConvEventCallback OnConvEvent = (convEvent, json, userData) =>
            AttachedSession.OnConvEvent(convEvent, Marshal.PtrToStringUTF8(json) ?? string.Empty);

        private static Action call = () => { };

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void AnswerCallback(int code, IntPtr desc, IntPtr json, IntPtr userData);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void ConvEventCallback(int convEvent, IntPtr json, IntPtr userData);

        /// <summary>Begins to initialise the core.</summary>
        public static void Init() =>
            Change(() =>
            {
                TIMInit(1400000000, "{}");
                TIMSetConvEventCallback(OnConvEvent, IntPtr.Zero);
                AttachedSession.OnInitialised();
            });

        /// <summary>Begins to sign a user in.</summary>
        public static void Login(string userId) => Change(() => TIMLogin(userId, "sig", OnAnswer, IntPtr.Zero));

        /// <summary>Begins to sign the user out.</summary>
        public static void Logout() => Change(() => TIMLogout(OnAnswer, IntPtr.Zero));

        /// <summary>Begins to let go of the core.</summary>
        public static void Uninit() =>
            Change(() =>
            {
                TIMUninit();
                AttachedSession.OnSessionChanged();
            });

        /// <summary>Has the core carry out what was begun, and tell the game.</summary>
        public static void CarryOut()
        {
            call();
            call = () => { };
            StandIn.WaitIdle();
        }

        private static void Change(Action vendorsCall)
        {
            AttachedSession.OnSessionChanging();
            call = vendorsCall;
        }

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMInit(ulong sdkAppId, [MarshalAs(UnmanagedType.LPUTF8Str)] string config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMUninit();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMLogin(
            [MarshalAs(UnmanagedType.LPUTF8Str)] string userId,
            [MarshalAs(UnmanagedType.LPUTF8Str)] string userSig,
            AnswerCallback callback,
            IntPtr userData);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMLogout(AnswerCallback callback, IntPtr userData);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern void TIMSetConvEventCallback(ConvEventCallback callback, IntPtr userData);
    }
}
