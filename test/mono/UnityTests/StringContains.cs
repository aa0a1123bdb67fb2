using System;

namespace TimChatBridge
{
    // In netstandard2.1, which the editor code is compiled as, not in net48.
    internal static class StringContains
    {
        internal static bool Contains(this string text, string value, StringComparison comparison) =>
            text.IndexOf(value, comparison) >= 0;
    }
}
