using System;
using System.IO;
using System.Runtime.InteropServices;

namespace TimChatBridge.Tests
{
    // Neither a return from Main nor Environment.Exit ends Mono 6.8 once a thread that it did not start, such as the core's
    // own, has been in managed code: it waits for that thread. Unity's Mono does not (its case 1304163).
    internal static class Run
    {
        private static void Main(string[] arguments)
        {
            AppDomain domain = AppDomain.CurrentDomain;
            int failed = domain.ExecuteAssembly(Path.Combine(domain.BaseDirectory, "nunit3-console.exe"), arguments);
            _exit(failed == 0 ? 0 : 1);
        }

        [DllImport("libc")]
        private static extern void _exit(int status);
    }
}
