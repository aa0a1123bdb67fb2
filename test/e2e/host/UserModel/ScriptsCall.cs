using System;

namespace TimChatBridge.UserModel
{
    // What waits, in C#, for what script hears of one of its calls.
    internal sealed class ScriptsCall
    {
        internal ScriptsCall(Action calledBack, Action<int, Outcome> ended)
        {
            CalledBack = calledBack;
            Ended = ended;
        }

        internal Action CalledBack { get; }

        internal Action<int, Outcome> Ended { get; }
    }
}
