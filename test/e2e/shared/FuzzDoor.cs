using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using static TimChatBridge.Testing.StandInNative;

namespace TimChatBridge.Testing
{
    /// <summary>
    /// The fuzz's way in: a frame through the production ScriptPort, and what it came to, in one crossing.
    /// </summary>
    public static class FuzzDoor
    {
        private const int WaitMs = 120_000;
        private const int ProtocolNumber = 1000;
        private const int DrainBytes = 1 << 30;

        // In the place of a function's number: what follows is the text of an exception that crossed.
        private const int Threw = -1;

        private static readonly List<string> Logged = new List<string>();
        private static byte[] drained = Array.Empty<byte>();
        private static long callsSeen;

        /// <summary>
        /// A fresh game on a fresh stand-in that deletes whatever it is asked to, with a session that drains when it is woken.
        /// </summary>
        /// <returns>The session's number.</returns>
        public static int Begin()
        {
            TestGame.Restart();
            // C# requests must not expire because a machine is slow.
            BridgeLoop.Pause();
            BridgeLoop.Log = Logged.Add;
            StandIn.Reset();
            standin_set_accept_unknown(1);
            callsSeen = 0;
            int session = ScriptPort.Open(ProtocolNumber, ProtocolNumber);
            ScriptPort.SetWake(session, () => drained = Copy(ScriptPort.Drain(session, DrainBytes)));
            return session;
        }

        /// <summary>Ends the game, once the core has nothing to do.</summary>
        public static void End()
        {
            WaitIdle();
            BridgeLoop.Shutdown();
            drained = Array.Empty<byte>();
        }

        /// <summary>Sends one frame.</summary>
        /// <returns>
        /// Little-endian: Send's result (int32), the login epoch (uint32), the calls under way (int32), how many calls reached the
        /// core (int32), and for each: its function (int32), number (int64), length of its text (int32, -1: NULL) and the text.
        /// </returns>
        public static Memory<byte> Send(int session, Memory<byte> frame)
        {
            int result = 0;
            string? thrown = null;
            try
            {
                result = ScriptPort.Send(session, new Puerts.ArrayBuffer(frame.ToArray()));
            }
            catch (Exception exception)
            {
                thrown = exception.ToString();
            }

            var reply = new MemoryStream();
            var writer = new BinaryWriter(reply);
            long calls = standin_call_count();
            writer.Write(result);
            writer.Write(BridgeLoop.Plugin.Epoch);
            writer.Write(BridgeLoop.Plugin.Current?.Pending.Count ?? 0);
            writer.Write((int)(calls - callsSeen) + (thrown == null ? 0 : 1));
            for (; callsSeen < calls; callsSeen++)
            {
                writer.Write(standin_call_function(callsSeen));
                writer.Write(standin_call_number(callsSeen));
                WriteText(writer, Text(standin_call_text(callsSeen)));
            }

            if (thrown != null)
            {
                writer.Write(Threw);
                writer.Write(0L);
                WriteText(writer, Encoding.UTF8.GetBytes(thrown));
            }

            return reply.ToArray();
        }

        /// <summary>Waits until the core has answered what it was asked, and plays one game frame.</summary>
        /// <returns>The DrainBatch that script was given.</returns>
        public static Memory<byte> Turn()
        {
            WaitIdle();
            drained = Array.Empty<byte>();
            BridgeLoop.Tick();
            MessageLog.TakeSaid();
            return drained;
        }

        /// <summary>What the plugin has logged since the last call.</summary>
        public static string TakeLogged()
        {
            string taken = string.Join("\n", Logged);
            Logged.Clear();
            return taken;
        }

        /// <summary>Texts and tokens that the core may still use, calls under way, and the stand-in's own allocations.</summary>
        public static string Residue() =>
            $"{CoreLibrary.LiveBuffers} {CoreLibrary.LiveTokens} {BridgeLoop.Plugin.Current?.Pending.Count ?? 0} {standin_live_allocations()}";

        /// <summary>What lives on the managed heap after a full collection, in bytes.</summary>
        public static double ManagedBytes()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, true, true);
            // Not GetTotalMemory, which can be negative inside Node.js.
            GCMemoryInfo heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
            return heap.HeapSizeBytes - heap.FragmentedBytes;
        }

        private static void WaitIdle()
        {
            if (standin_wait_idle(WaitMs) != 1)
            {
                throw new TimeoutException($"the stand-in was not idle within {WaitMs} ms");
            }
        }

        private static void WriteText(BinaryWriter writer, byte[]? text)
        {
            writer.Write(text == null ? -1 : text.Length);
            writer.Write(text ?? Array.Empty<byte>());
        }

        // The bytes as they are: whether they are UTF-8 is among what is asked.
        private static byte[]? Text(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return null;
            }

            int length = 0;
            while (Marshal.ReadByte(text, length) != 0)
            {
                length++;
            }

            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return bytes;
        }

        private static byte[] Copy(Puerts.ArrayBuffer buffer)
        {
            var bytes = new byte[buffer.Count];
            Array.Copy(buffer.Bytes!, bytes, buffer.Count);
            return bytes;
        }
    }
}
