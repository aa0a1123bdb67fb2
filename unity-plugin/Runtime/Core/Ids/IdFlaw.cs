namespace TimChatBridge
{
    // What is wrong with a conversation's id or type. The names are those of test/golden/id-vectors.json.
    internal enum IdFlaw
    {
        None,
        Empty,
        Nul,
        TooLong,
        NotUtf8,
        NotUnicode,
        BadType,
        BadPrefix,
    }
}
