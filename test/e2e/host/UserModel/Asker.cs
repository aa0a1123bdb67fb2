namespace TimChatBridge.UserModel
{
    // The game's script code, or its C# code: whom it takes for signed in, by what it was last told.
    internal sealed class Asker
    {
        private int heardUpTo;

        internal Asker(string name)
        {
            Name = name;
        }

        internal string Name { get; }

        // "": nobody; null: it was told that nobody knows, or by two that contradict each other.
        internal string? Told { get; private set; } = string.Empty;

        // `nobodyKnows`: not told as a sign-off, so that it looks who is there.
        internal void Hears(CoreOfUsers core, bool nobodyKnows)
        {
            if (nobodyKnows)
            {
                Looks(core);
            }
            else
            {
                HearsOfSignOff(core);
            }
        }

        // It was told of a change, and has looked who is signed in.
        internal void Looks(CoreOfUsers core)
        {
            Told = core.User;
            heardUpTo = core.Changes;
        }

        // Where it has heard of a later change already, the two contradict each other.
        private void HearsOfSignOff(CoreOfUsers core)
        {
            Told = heardUpTo > core.LastSignOff ? null : string.Empty;
            heardUpTo = System.Math.Max(heardUpTo, core.LastSignOff);
        }

        internal void HearsThatNobodyKnows() => Told = null;

        // Of the answers to two calls the one that was carried out later holds, where it comes later.
        internal void HearsOf(SessionCall call)
        {
            Told = call.CarriedOutAs > heardUpTo ? call.User : null;
            heardUpTo = System.Math.Max(heardUpTo, call.CarriedOutAs);
        }
    }
}
