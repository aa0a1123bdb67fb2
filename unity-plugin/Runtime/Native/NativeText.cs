#if !UNITY_WEBGL || UNITY_EDITOR
using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace TimChatBridge
{
    // A text for the core, in memory of its own. Counted, so that a test can see that all is freed.
    internal readonly struct NativeText
    {
        private static long allocated;
        private static long freed;

        private readonly int length;

        // `utf8` and a NUL behind it; nothing at all where it is null.
        internal NativeText(byte[]? utf8)
        {
            if (utf8 == null)
            {
                Memory = IntPtr.Zero;
                length = 0;
                return;
            }

            length = utf8.Length;
            Memory = Marshal.AllocHGlobal(length + 1);
            Interlocked.Increment(ref allocated);
            Marshal.Copy(utf8, 0, Memory, length);
            Marshal.WriteByte(Memory, length, 0);
        }

        // All that were ever made, of the whole process.
        internal static long Allocated => Interlocked.Read(ref allocated);

        internal static long Freed => Interlocked.Read(ref freed);

        internal IntPtr Memory { get; }

        // Overwritten before it is freed: it may have held a UserSig, and a core that reads on must not find an id there.
        internal void Free()
        {
            if (Memory == IntPtr.Zero)
            {
                return;
            }

            for (int i = 0; i < length; i++)
            {
                Marshal.WriteByte(Memory, i, 0);
            }

            Marshal.FreeHGlobal(Memory);
            Interlocked.Increment(ref freed);
        }

        // The lifetime of what a callback is given is not documented: it is copied inside the callback.
        internal static unsafe byte[] Copy(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return Array.Empty<byte>();
            }

            byte* first = (byte*)text;
            byte* end = first;
            while (*end != 0)
            {
                end++;
            }

            int length = checked((int)(end - first));
            var copy = length == 0 ? Array.Empty<byte>() : new byte[length];
            Marshal.Copy(text, copy, 0, length);
            return copy;
        }
    }
}
#endif
