using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TimChatBridge.Soak
{
    // Which file is loaded as libImSDK, and the numbers of test/native/standin.h that the soak uses.
    internal static class StandInLibrary
    {
        internal const int ConvDelete = 5;
        internal const int ForeignThread = 2;
        internal const int Late = 3;
        internal const int Never = 5;

        // Has the plugin, and this, load that file as libImSDK.
        internal static void Use(string path)
        {
            IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
                name.Contains("ImSDK", StringComparison.Ordinal) ? NativeLibrary.Load(path) : IntPtr.Zero;
            NativeLibrary.SetDllImportResolver(typeof(BridgeLoop).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(StandInLibrary).Assembly, Resolve);
        }
    }
}
