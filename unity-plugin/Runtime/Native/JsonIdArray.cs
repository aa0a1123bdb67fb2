using System.Collections.Generic;
using System.Text;

namespace TimChatBridge
{
    // Writes ids as a JSON array of strings, from UTF-8 to UTF-8: an id is never decoded on its way to the core.
    internal static class JsonIdArray
    {
        private const string Hex = "0123456789abcdef";

        // The ids are valid UTF-8; whoever calls has checked that.
        internal static byte[] Write(IReadOnlyList<byte[]> ids)
        {
            var json = new List<byte>(16 * (ids.Count + 1));
            json.Add((byte)'[');
            for (int i = 0; i < ids.Count; i++)
            {
                if (i > 0)
                {
                    json.Add((byte)',');
                }

                json.Add((byte)'"');
                foreach (byte one in ids[i])
                {
                    WriteByte(json, one);
                }

                json.Add((byte)'"');
            }

            json.Add((byte)']');
            return json.ToArray();
        }

        private static void WriteByte(List<byte> json, byte one)
        {
            if (one == '"' || one == '\\')
            {
                json.Add((byte)'\\');
                json.Add(one);
            }
            else if (one < 0x20)
            {
                json.AddRange(Encoding.ASCII.GetBytes("\\u00"));
                json.Add((byte)Hex[one >> 4]);
                json.Add((byte)Hex[one & 15]);
            }
            else
            {
                json.Add(one);
            }
        }
    }
}
