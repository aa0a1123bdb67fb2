using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace TimChatBridge
{
    // Writes the little JSON that C# has to, from UTF-8 to UTF-8: an id is never decoded on its way to the core. The texts are valid
    // UTF-8, or are passed on as they are for script to refuse.
    internal static class JsonText
    {
        private const string Hex = "0123456789abcdef";

        internal static byte[] Number(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

        internal static byte[] Text(byte[] text)
        {
            var json = new List<byte>(text.Length + 2);
            Write(json, text);
            return json.ToArray();
        }

        // An array of strings.
        internal static byte[] Array(IReadOnlyList<byte[]> texts)
        {
            var json = new List<byte>(16 * (texts.Count + 1));
            json.Add((byte)'[');
            for (int i = 0; i < texts.Count; i++)
            {
                if (i > 0)
                {
                    json.Add((byte)',');
                }

                Write(json, texts[i]);
            }

            json.Add((byte)']');
            return json.ToArray();
        }

        private static void Write(List<byte> json, byte[] text)
        {
            json.Add((byte)'"');
            foreach (byte one in text)
            {
                WriteByte(json, one);
            }

            json.Add((byte)'"');
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
