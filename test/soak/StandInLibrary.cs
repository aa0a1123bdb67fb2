using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TimChatBridge.Soak
{
    // The stand-in for libImSDK, by its control API: test/native/standin.h says what each does.
    internal static class StandInLibrary
    {
        internal const int ConvDelete = 5;
        internal const int ForeignThread = 2;
        internal const int Late = 3;
        internal const int Never = 5;

        private const string Library = "ImSDK";

        // Has the plugin, and this, load that file as libImSDK.
        internal static void Use(string path)
        {
            IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
                name.Contains(Library, StringComparison.Ordinal) ? NativeLibrary.Load(path) : IntPtr.Zero;
            NativeLibrary.SetDllImportResolver(typeof(BridgeLoop).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(StandInLibrary).Assembly, Resolve);
        }

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int standin_reset();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int standin_set_fault(int fault, int function, long argument);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int standin_pace_fault(int fault, int function, long every, long times);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long standin_fault_fired(int fault, int function);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long standin_release_held(long count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int standin_wait_idle(int timeoutMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void standin_set_accept_unknown(int on);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void standin_set_logs(int on);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long standin_deleted_count();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long standin_live_allocations();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern long standin_total_allocations();
    }
}
