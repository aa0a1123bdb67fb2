using System;

namespace TimChatBridge
{
    // Who has paused the game: each begins and ends by itself.
    [Flags]
    internal enum PauseReason
    {
        None = 0,
        Host = 1,
        Background = 2,
        EditorButton = 4,
    }
}
