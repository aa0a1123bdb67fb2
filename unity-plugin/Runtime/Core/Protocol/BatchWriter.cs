using System;
using Google.Protobuf;

namespace TimChatBridge
{
    // Writes a DrainBatch into one buffer that is used again for the next: clock, state and epoch first, so that a batch is never
    // empty and script knows them before it looks at a frame; then the frames, and how many stay behind.
    internal sealed class BatchWriter
    {
        private const int SmallBuffer = 4 * 1024;
        private const int KeptBuffer = 256 * 1024;
        private const int HeaderSpace = 24;
        private const int LengthSpace = 6;
        private const byte ClockTag = (1 << 3) | 0;
        private const byte StateTag = (2 << 3) | 0;
        private const byte EpochTag = (4 << 3) | 0;
        private const byte FramesTag = (3 << 3) | 2;
        private const byte DataFolderTag = (5 << 3) | 2;
        private const byte StillWaitingTag = (6 << 3) | 0;

        private byte[] buffer = new byte[SmallBuffer];
        private int length;

        internal ArraySegment<byte> Written => new ArraySegment<byte>(buffer, 0, length);

        // A batch without frames, in memory of its own: the buffer stays what the outermost Drain made it.
        internal static ArraySegment<byte> HeaderOnly(long clockMs, Protocol.SessionState state, uint epoch, byte[] dataFolder, int stillWaiting)
        {
            var bytes = new byte[HeaderSpace + LengthSpace + dataFolder.Length + LengthSpace];
            int end = WriteHeader(bytes, clockMs, state, epoch);
            if (dataFolder.Length > 0)
            {
                bytes[end++] = DataFolderTag;
                end = WriteVarint(bytes, end, (uint)dataFolder.Length);
                dataFolder.CopyTo(bytes, end);
                end += dataFolder.Length;
            }

            end = WriteStillWaiting(bytes, end, stillWaiting);
            return new ArraySegment<byte>(bytes, 0, end);
        }

        internal void Begin(long clockMs, Protocol.SessionState state, uint epoch)
        {
            if (buffer.Length > KeptBuffer)
            {
                buffer = new byte[SmallBuffer];
            }

            length = WriteHeader(buffer, clockMs, state, epoch);
        }

        // False: the batch would be longer than that with it, and is not changed.
        internal bool TryAdd(Protocol.ToScript frame, long maxBytes)
        {
            int size = frame.CalculateSize();
            long end = (long)length + 1 + CodedOutputStream.ComputeLengthSize(size) + size;
            if (end + LengthSpace > maxBytes)
            {
                return false;
            }

            Reserve(checked(length + LengthSpace + size + LengthSpace));
            int at = length;
            buffer[at++] = FramesTag;
            at = WriteVarint(buffer, at, (uint)size);
            frame.WriteTo(new Span<byte>(buffer, at, size));
            // Last: a frame that cannot be written leaves no half of it.
            length = at + size;
            return true;
        }

        // Last of all: there is room for it behind every frame.
        internal void End(int stillWaiting) => length = WriteStillWaiting(buffer, length, stillWaiting);

        private static int WriteStillWaiting(byte[] bytes, int at, int stillWaiting)
        {
            if (stillWaiting == 0)
            {
                return at;
            }

            bytes[at++] = StillWaitingTag;
            return WriteVarint(bytes, at, (uint)stillWaiting);
        }

        private static int WriteHeader(byte[] bytes, long clockMs, Protocol.SessionState state, uint epoch)
        {
            int at = 0;
            bytes[at++] = ClockTag;
            at = WriteVarint(bytes, at, (ulong)clockMs);
            bytes[at++] = StateTag;
            at = WriteVarint(bytes, at, (ulong)state);
            bytes[at++] = EpochTag;
            return WriteVarint(bytes, at, epoch);
        }

        private static int WriteVarint(byte[] bytes, int at, ulong value)
        {
            while (value >= 0x80)
            {
                bytes[at++] = (byte)(value | 0x80);
                value >>= 7;
            }

            bytes[at++] = (byte)value;
            return at;
        }

        private void Reserve(int needed)
        {
            if (needed > buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Max(needed, Math.Min(2L * buffer.Length, int.MaxValue / 2)));
            }
        }
    }
}
