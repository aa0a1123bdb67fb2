using System.Globalization;

namespace TimChatBridge.Soak
{
    // One thing that must hold at the end.
    internal sealed class Check
    {
        private readonly string text;

        private Check(bool holds, string text)
        {
            Holds = holds;
            this.text = text;
        }

        internal bool Holds { get; }

        internal static Check Equal(string what, long actual, long expected) =>
            new Check(actual == expected, actual == expected ? $"{what}: {actual}" : $"{what}: {actual}, expected {expected}");

        internal static Check AtMost(string what, double actual, double most) =>
            new Check(actual <= most, string.Format(CultureInfo.InvariantCulture, "{0}: {1:0.##}, at most {2}", what, actual, most));

        public override string ToString() => (Holds ? "ok     " : "FAILED ") + text;
    }
}
