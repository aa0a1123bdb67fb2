using System;
using System.IO;
using System.Text;
using NUnit.Framework;
using static TimChatBridge.Testing.StandInNative;

namespace TimChatBridge.Tests
{
    // The numbers of test/native/standin.h that these tests use, and what they need around its functions.
    internal static class StandIn
    {
        internal const int ConvDelete = 5;
        internal const int ConvDeleteList = 6;
        internal const int Uninit = 2;
        internal const int OnConvEvent = 12;
        internal const int OnKickedOffline = 13;
        internal const int OnUserSigExpired = 14;
        internal const int OnNetworkStatus = 15;
        internal const int BeforeReturn = 1;
        internal const int ForeignThread = 2;
        internal const int Late = 3;
        internal const int Twice = 4;
        internal const int Never = 5;
        internal const int ReturnOnly = 8;
        internal const int ReturnCallbackBefore = 9;
        internal const int ReturnCallbackAfter = 10;
        internal const int UnmapStrings = 24;
        internal const int PoisonInputs = 23;
        internal const int RereadInputs = 22;

        internal static void RequireOrIgnore()
        {
            string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "libImSDK.so");
            if (!File.Exists(path))
            {
                Assert.Ignore("the stand-in library was not built when the tests were: run test/native/build.sh, then build the tests again");
            }
        }

        internal static void Load(string json) => Assert.That(standin_load_conversations(json), Is.GreaterThanOrEqualTo(0));

        internal static void WaitIdle() => Assert.That(standin_wait_idle(60000), Is.EqualTo(1), "the core did not come to rest");

        internal static string? DeletedId(long index) => Text(standin_deleted_id(index));

        internal static string? CallText(long index) => Text(standin_call_text(index));

        private static string? Text(IntPtr text) => text == IntPtr.Zero ? null : Encoding.UTF8.GetString(NativeText.Copy(text));
    }
}
