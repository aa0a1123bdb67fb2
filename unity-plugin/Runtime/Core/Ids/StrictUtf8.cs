using System;

namespace TimChatBridge
{
    // Google.Protobuf and .NET's default decoder turn bad UTF-8 into U+FFFD, which is another id: so it is checked here.
    internal static class StrictUtf8
    {
        internal static bool IsValid(ReadOnlySpan<byte> bytes)
        {
            int i = 0;
            while (i < bytes.Length)
            {
                int first = bytes[i];
                int length;
                int low = 0x80;
                int high = 0xBF;
                if (first < 0x80)
                {
                    i++;
                    continue;
                }
                else if (first >= 0xC2 && first <= 0xDF)
                {
                    length = 2;
                }
                else if (first >= 0xE0 && first <= 0xEF)
                {
                    length = 3;
                    low = first == 0xE0 ? 0xA0 : low;      // overlong
                    high = first == 0xED ? 0x9F : high;    // surrogates
                }
                else if (first >= 0xF0 && first <= 0xF4)
                {
                    length = 4;
                    low = first == 0xF0 ? 0x90 : low;      // overlong
                    high = first == 0xF4 ? 0x8F : high;    // beyond U+10FFFF
                }
                else
                {
                    return false;
                }

                if (i + length > bytes.Length || bytes[i + 1] < low || bytes[i + 1] > high)
                {
                    return false;
                }

                for (int k = 2; k < length; k++)
                {
                    if ((bytes[i + k] & 0xC0) != 0x80)
                    {
                        return false;
                    }
                }

                i += length;
            }

            return true;
        }

        internal static bool IsWellFormed(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                {
                    i++;
                }
                else if (char.IsSurrogate(text[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
