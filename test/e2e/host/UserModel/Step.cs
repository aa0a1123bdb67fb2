using System;

namespace TimChatBridge.UserModel
{
    // One thing that happens in a play: now, or when that moment comes next.
    internal readonly struct Step
    {
        internal Step(Deed deed, Moment? at)
        {
            Deed = deed;
            At = at;
        }

        internal Deed Deed { get; }

        internal Moment? At { get; }

        // What ToString says.
        internal static Step Parse(string words)
        {
            string[] parts = words.Split('@');
            return new Step(Enum.Parse<Deed>(parts[0]), parts.Length > 1 ? Enum.Parse<Moment>(parts[1]) : (Moment?)null);
        }

        public override string ToString() => At == null ? $"{Deed}" : $"{Deed}@{At}";
    }
}
