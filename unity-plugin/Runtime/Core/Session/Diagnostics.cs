using System.Threading;

namespace TimChatBridge
{
    // What happened that nobody is told of one by one. Counted from any thread.
    internal sealed class Diagnostics
    {
        // The core answered a call that it had answered before.
        internal int DuplicateAnswers;

        // The core answered a call whose function had returned an error: the return settled it.
        internal int AnswersDespiteRefusal;

        // The core answered a call of a session that had ended.
        internal int AnswersDropped;

        // The core reported something while no session was there to hear it.
        internal int EventsDropped;

        // Frames that waited in a session's queue when it ended.
        internal int WaitingDropped;

        // Frames for script that could not be written.
        internal int FramesLost;

        // Events that an EventsLost stood for.
        internal int EventsCollapsed;

        // Completions for a request that C# never made or that had ended.
        internal int UnknownCompletions;

        // C# requests that ended because they waited too long.
        internal int RequestsExpired;

        // Frames that Send refused.
        internal int FramesRefused;

        // Listeners and callbacks that threw.
        internal int ListenersFailed;

        // Drains that gave no frames because they were nested, second, or outside a wake.
        internal int EmptyDrains;

        internal static void Count(ref int counter, int by = 1) => Interlocked.Add(ref counter, by);
    }
}
