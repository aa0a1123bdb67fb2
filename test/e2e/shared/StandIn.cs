using System;
using System.Runtime.InteropServices;
using static TimChatBridge.Testing.StandInNative;

namespace TimChatBridge.Testing
{
    /// <summary>What the scenarios ask of the stand-in for libImSDK. Its header, test/native/standin.h, says what each does.</summary>
    public static class StandIn
    {
        private const string Library = "ImSDK";
        private const int WaitMs = 60_000;

        /// <summary>Whether the stand-in, and not another libImSDK or none, is what the plugin loads.</summary>
        public static bool IsThere()
        {
            try
            {
                return standin_reset() == 1;
            }
            catch (Exception exception) when (exception is DllNotFoundException || exception is EntryPointNotFoundException)
            {
                return false;
            }
        }

        /// <summary>As if just loaded. What is queued or held comes first: nobody would give back what a dropped callback holds.</summary>
        public static void Reset()
        {
            standin_resume();
            standin_clear_faults();
            standin_release_held(-1);
            WaitIdle();
            standin_reset();
        }

        /// <summary>The conversations that every user has at the first login: a ConvInfo list.</summary>
        public static int Load(string conversations) => (int)standin_load_conversations(conversations);

        /// <summary>Switches a fault on.</summary>
        public static void SetFault(int fault, int function, int argument) => standin_set_fault(fault, function, argument);

        /// <summary>Has a fault that is on fire at every so-many-th chance, and so many times at most (negative: no limit).</summary>
        public static void PaceFault(int fault, int function, int every, int times) =>
            standin_pace_fault(fault, function, every, times);

        /// <summary>Switches all faults off.</summary>
        public static void ClearFaults() => standin_clear_faults();

        /// <summary>How many times a fault has fired.</summary>
        public static int FaultFired(int fault, int function) => (int)standin_fault_fired(fault, function);

        /// <summary>Lets held callbacks go; how many.</summary>
        public static int ReleaseHeld() => (int)standin_release_held(-1);

        /// <summary>Callbacks that wait to be let go.</summary>
        public static int HeldCount() => (int)standin_held_count();

        /// <summary>Stops the core's thread before its next job.</summary>
        public static void Pause() => standin_pause();

        /// <summary>Lets the core's thread go on.</summary>
        public static void Resume() => standin_resume();

        /// <summary>How often something was really done, as the core found where it did it.</summary>
        public static int Effects(int effect, int function) => (int)standin_effects(effect, function);

        /// <summary>Input texts that a core has read again, each time counted.</summary>
        public static int InputsReread() => (int)standin_inputs_reread();

        /// <summary>How often a core that reads its inputs again found them changed.</summary>
        public static int InputMismatches() => (int)standin_input_mismatches();

        /// <summary>Has the core read the inputs of the calls that it never answered; how many.</summary>
        public static int RereadForgotten() => (int)standin_reread_forgotten();

        /// <summary>Callbacks made for a vendor function, or to a slot.</summary>
        public static int Callbacks(int function) => (int)standin_callbacks(function);

        /// <summary>The core's own allocations for what is queued, held or running.</summary>
        public static int LiveAllocations() => (int)standin_live_allocations();

        /// <summary>Waits until the core has nothing to do. False: it was not idle in time.</summary>
        public static bool WaitIdle() => standin_wait_idle(WaitMs) == 1;

        /// <summary>Chooses the Del event's payload: 0 objects, 1 id strings.</summary>
        public static void SetDelPayload(int form) => standin_set_del_payload(form);

        /// <summary>Fires a conversation event.</summary>
        public static void FireConvEvent(int type, string json) => standin_fire_conv_event(type, json);

        /// <summary>The user is kicked offline.</summary>
        public static void KickOffline() => standin_kick_offline();

        /// <summary>The UserSig expires.</summary>
        public static void ExpireUserSig() => standin_expire_user_sig();

        /// <summary>Calls that reached a vendor function.</summary>
        public static int Calls(int function) => (int)standin_calls(function);

        /// <summary>A call's text as the core got it, by its number from 0; the last one: -1.</summary>
        public static string CallText(int index) => Text(standin_call_text(index < 0 ? standin_call_count() + index : index));

        /// <summary>The network's status changes.</summary>
        public static void SetNetworkStatus(int status) => standin_network_status(status);

        /// <summary>Start, Add and Finish after a login.</summary>
        public static void SetLoginEvents(bool on) => standin_set_login_events(on ? 1 : 0);

        /// <summary>A message arrives.</summary>
        public static void NewMessage(string id, int type, string text) => standin_new_message(id, type, text);

        /// <summary>What the game's own code does when it owns the session: TIMInit and TIMLogin, by no way of the bridge's.</summary>
        public static void SignInBesideTheBridge(string userId)
        {
            TIMInit(1400000000, "{}");
            TIMLogin(userId, "sig", Answered, IntPtr.Zero);
            WaitIdle();
        }

        /// <summary>Whether TIMGetLoginStatus says that somebody is signed in.</summary>
        public static bool IsSignedIn() => TIMGetLoginStatus() == 1;

        /// <summary>What was really deleted, in order: user, type, history cleared, id, parted by tabs and line feeds.</summary>
        public static string DeletedLog()
        {
            var lines = new string[standin_deleted_count()];
            for (int i = 0; i < lines.Length; i++)
            {
                string user = Text(standin_deleted_user(i));
                lines[i] = $"{user}\t{standin_deleted_type(i)}\t{standin_deleted_history(i)}\t{Text(standin_deleted_id(i))}";
            }

            return string.Join("\n", lines);
        }

        /// <summary>How many conversations were really deleted.</summary>
        public static int DeletedCount() => (int)standin_deleted_count();

        /// <summary>Whether a deletion of a conversation that is not there succeeds, and is told of.</summary>
        public static void AcceptUnknown(bool on) => standin_set_accept_unknown(on ? 1 : 0);

        private static readonly AnswerCallback Answered = (code, desc, json, userData) => { };

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void AnswerCallback(int code, IntPtr desc, IntPtr json, IntPtr userData);

        private static string Text(IntPtr utf8) => Marshal.PtrToStringUTF8(utf8) ?? string.Empty;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMInit(ulong sdkAppId, [MarshalAs(UnmanagedType.LPUTF8Str)] string config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMLogin(
            [MarshalAs(UnmanagedType.LPUTF8Str)] string userId,
            [MarshalAs(UnmanagedType.LPUTF8Str)] string userSig,
            AnswerCallback callback,
            IntPtr userData);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMGetLoginStatus();
    }
}
