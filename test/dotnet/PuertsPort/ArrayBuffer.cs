namespace Puerts
{
    /// <summary>The members of PuerTS's own ArrayBuffer that ScriptPort uses, so that it compiles without PuerTS.</summary>
    public class ArrayBuffer
    {
        /// <summary>The content, or more than it: see <see cref="Count"/>. Null for an empty one from V8.</summary>
        public byte[]? Bytes;

        /// <summary>How many bytes of <see cref="Bytes"/>, from the first, are the content.</summary>
        public int Count;

        /// <summary>All of <paramref name="bytes"/>.</summary>
        public ArrayBuffer(byte[]? bytes)
        {
            Bytes = bytes;
            Count = bytes == null ? 0 : bytes.Length;
        }

        /// <summary>The first <paramref name="count"/> of <paramref name="bytes"/>; all of them where count is not inside it.</summary>
        public ArrayBuffer(byte[]? bytes, int count)
        {
            Bytes = bytes;
            if (bytes != null)
            {
                Count = count > 0 && count < bytes.Length ? count : bytes.Length;
            }
        }
    }
}
