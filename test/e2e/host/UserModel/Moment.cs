namespace TimChatBridge.UserModel
{
    // Where in a play something else comes in between.
    internal enum Moment
    {
        // Script has been woken: only other threads do anything until it dispatches what it has drained.
        BeforeDrain,
        BeforeFrames,
        BeforeAFrame,
        TurnEnd,
        ScriptsCallback,
        CSharpsCallback,
        CSharpIsTold,
        // Inside a call of the plugin's: the core's threads alone.
        InsideTheCore,
        EpochRaising,
        ClockIsRead,
    }
}
