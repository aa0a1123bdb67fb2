namespace TimChatBridge
{
    /// <summary>The kind of a conversation. Source: <c>TIMConvType</c> in TIMCloudDef.h.</summary>
    public enum TIMConvType
    {
        /// <summary>Not a conversation. Refused.</summary>
        kTIMConv_Invalid = 0,

        /// <summary>One-to-one: the id is the other side's userID.</summary>
        kTIMConv_C2C = 1,

        /// <summary>Group or topic: the id is its groupID or topicID.</summary>
        kTIMConv_Group = 2,

        /// <summary>System notifications. The native core refuses it.</summary>
        kTIMConv_System = 3,
    }
}
