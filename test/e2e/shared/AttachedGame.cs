using System;
using System.Collections.Concurrent;
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

        private static readonly ConcurrentDictionary<IntPtr, UserChange> Answered = new ConcurrentDictionary<IntPtr, UserChange>();

        // Kept as long as the process: the core may call them late.
        private static readonly AnswerCallback OnAnswer = (code, desc, json, userData) =>
        {
            if (Answered.TryRemove(userData, out UserChange? change))
            {
                change.Done();
            }
        };

        private static readonly ConvEventCallback OnConvEvent = (convEvent, json, userData) =>
            AttachedSession.OnConvEvent(convEvent, Marshal.PtrToStringUTF8(json) ?? string.Empty);

        private static Action call = () => { };
        private static int calls;

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void AnswerCallback(int code, IntPtr desc, IntPtr json, IntPtr userData);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void ConvEventCallback(int convEvent, IntPtr json, IntPtr userData);

        /// <summary>Begins to initialise the core.</summary>
        public static void Init() =>
            Change(change =>
            {
                TIMInit(1400000000, "{}");
                TIMSetConvEventCallback(OnConvEvent, IntPtr.Zero);
                AttachedSession.OnInitialised();
                change.Done();
            });

        /// <summary>Begins to sign a user in.</summary>
        public static void Login(string userId) => Change(change => TIMLogin(userId, "sig", OnAnswer, ToAnswer(change)));

        /// <summary>Begins to sign the user out.</summary>
        public static void Logout() => Change(change => TIMLogout(OnAnswer, ToAnswer(change)));

        /// <summary>Begins to let go of the core.</summary>
        public static void Uninit() => Change(change => change.Done(coreLetGo: TIMUninit() == 0));

        /// <summary>A login that the vendor's SDK refuses.</summary>
        public static void RefusedLogin() => AttachedSession.Change(change => TIMLogin("", "sig", OnAnswer, ToAnswer(change)) == 0);

        /// <summary>Has the core carry out what was begun, and tell the game.</summary>
        public static void CarryOut()
        {
            HandOver();
            StandIn.WaitIdle();
        }

        /// <summary>The same, but for the waiting: what the core was given before has not been carried out.</summary>
        public static void HandOver()
        {
            call();
            call = () => { };
        }

        private static void Change(Action<UserChange> vendorsCall) =>
            AttachedSession.Change(change =>
            {
                call = () => vendorsCall(change);
                return true;
            });

        private static IntPtr ToAnswer(UserChange change)
        {
            var number = new IntPtr(++calls);
            Answered[number] = change;
            return number;
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
