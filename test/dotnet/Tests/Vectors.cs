using System.Collections.Generic;
using System.IO;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    internal static class Vectors
    {
        internal static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", name);

        internal static JObject Read(string name) => JObject.Parse(File.ReadAllText(PathOf(name)));

        internal static byte[] FromHex(string hex)
        {
            var bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = byte.Parse(hex.Substring(2 * i, 2), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            }

            return bytes;
        }

        internal static string ToHex(byte[] bytes) =>
            System.BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();

        internal static IEnumerable<TestCaseData> Cases(JToken list)
        {
            foreach (JToken one in list)
            {
                yield return new TestCaseData(one).SetArgDisplayNames((string)one["name"]!);
            }
        }
    }
}
