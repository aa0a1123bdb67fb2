using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // test/native/standin.h
    internal static class StandIn
    {
        internal const int ConvDelete = 5;
        internal const int ConvDeleteList = 6;
        internal const int Uninit = 2;
        internal const int OnConvEvent = 12;
        internal const int OnNetworkStatus = 15;
        internal const int BeforeReturn = 1;
        internal const int ForeignThread = 2;
        internal const int Late = 3;
        internal const int Twice = 4;
        internal const int ReturnCallbackBefore = 9;
        internal const int ReturnCallbackAfter = 10;
        internal const int UnmapStrings = 24;
        internal const int PoisonInputs = 23;
        internal const int RereadInputs = 22;

        private const string Library = "ImSDK";

        internal static void RequireOrIgnore()
        {
            string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "libImSDK.so");
            if (!File.Exists(path))
            {
                Assert.Ignore("the stand-in library was not built when the tests were: run test/native/build.sh, then build the tests again");
            }
        }

        internal static void Load(string json)
        {
            IntPtr text = Utf8(json);
            try
            {
                Assert.That(standin_load_conversations(text), Is.GreaterThanOrEqualTo(0));
            }
            finally
            {
                Marshal.FreeHGlobal(text);
            }
        }

        internal static void WaitIdle() => Assert.That(standin_wait_idle(60000), Is.EqualTo(1), "the core did not come to rest");

        internal static string? DeletedId(long index) => Text(standin_deleted_id(index));

        internal static string? CallText(long index) => Text(standin_call_text(index));

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int standin_reset();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int standin_set_fault(int fault, int function, long argument);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_fault_fired(int fault, int function);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_release_held(long count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_input_mismatches();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_deleted_count();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_call_count();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int standin_deleted_history(long index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_callbacks(int function);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void standin_fire_conv_event(int type, IntPtr json);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void standin_kick_offline();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void standin_expire_user_sig();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern void standin_network_status(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long standin_calls(int function);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern int standin_wait_idle(int timeout_ms);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern long standin_load_conversations(IntPtr json_array);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern IntPtr standin_deleted_id(long index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern IntPtr standin_call_text(long index);

        private static IntPtr Utf8(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
            IntPtr memory = Marshal.AllocHGlobal(bytes.Length);
            Marshal.Copy(bytes, 0, memory, bytes.Length);
            return memory;
        }

        private static string? Text(IntPtr text) => text == IntPtr.Zero ? null : Encoding.UTF8.GetString(NativeText.Copy(text));
    }
}
