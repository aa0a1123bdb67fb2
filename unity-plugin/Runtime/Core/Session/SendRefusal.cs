namespace TimChatBridge
{
    // Why Send did not take a frame.
    internal readonly struct SendRefusal
    {
        internal SendRefusal(Protocol.SendResult code, string why)
        {
            Code = code;
            Why = why;
        }

        internal Protocol.SendResult Code { get; }

        internal string Why { get; }
    }
}
