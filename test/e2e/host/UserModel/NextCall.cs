namespace TimChatBridge.UserModel
{
    // What becomes of the next call of the core.
    internal enum NextCall
    {
        IsTaken,
        IsRefused,
        IsRefusedAndAnswered,
        IsAnsweredInside,
        IsAnsweredInsideAndThrows,
        ThrowsBeforeTheCore,
        BreaksOff,
        BreaksOffUnheard,
    }
}
