using System;
using System.Text;

namespace TimChatBridge
{
    // The C# side's one check of ids, at the public API and again at the P/Invoke. A NUL would end the id inside the core and
    // delete another conversation; the lengths are the vendor's, in bytes.
    internal static class ConversationIds
    {
        internal const int MaxUserIdBytes = 32;
        internal const int MaxGroupIdBytes = 48;
        internal const int MaxTopicIdBytes = 96;
        internal const int MaxListLength = 100;

        private static readonly byte[] TopicMark = Encoding.ASCII.GetBytes("@TOPIC#_");
        private static readonly byte[] UserPrefix = Encoding.ASCII.GetBytes("c2c_");
        private static readonly byte[] GroupPrefix = Encoding.ASCII.GetBytes("group_");

        internal static IdFlaw Check(ReadOnlySpan<byte> id, int convType)
        {
            if (convType != (int)TIMConvType.kTIMConv_C2C && convType != (int)TIMConvType.kTIMConv_Group)
            {
                return IdFlaw.BadType;
            }

            if (id.IsEmpty)
            {
                return IdFlaw.Empty;
            }

            if (id.IndexOf((byte)0) >= 0)
            {
                return IdFlaw.Nul;
            }

            if (IsTooLong(id, convType))
            {
                return IdFlaw.TooLong;
            }

            return StrictUtf8.IsValid(id) ? IdFlaw.None : IdFlaw.NotUtf8;
        }

        internal static IdFlaw CheckPrefixed(ReadOnlySpan<byte> id)
        {
            if (id.StartsWith(UserPrefix))
            {
                return Check(id.Slice(UserPrefix.Length), (int)TIMConvType.kTIMConv_C2C);
            }

            if (id.StartsWith(GroupPrefix))
            {
                return Check(id.Slice(GroupPrefix.Length), (int)TIMConvType.kTIMConv_Group);
            }

            return id.IsEmpty ? IdFlaw.Empty : IdFlaw.BadPrefix;
        }

        // `utf8` is the id as the core gets it; empty where it is refused.
        internal static IdFlaw CheckText(string? id, int convType, out byte[] utf8)
        {
            utf8 = Array.Empty<byte>();
            if (string.IsNullOrEmpty(id))
            {
                return Check(ReadOnlySpan<byte>.Empty, convType);
            }

            if (!StrictUtf8.IsWellFormed(id!))
            {
                return convType == (int)TIMConvType.kTIMConv_C2C || convType == (int)TIMConvType.kTIMConv_Group
                    ? IdFlaw.NotUnicode
                    : IdFlaw.BadType;
            }

            byte[] encoded = Encoding.UTF8.GetBytes(id!);
            IdFlaw flaw = Check(encoded, convType);
            if (flaw == IdFlaw.None)
            {
                utf8 = encoded;
            }

            return flaw;
        }

        // The core names it; no call of ours takes it.
        internal static IdFlaw CheckSystemText(string? id)
        {
            if (string.IsNullOrEmpty(id))
            {
                return IdFlaw.Empty;
            }

            if (!StrictUtf8.IsWellFormed(id!))
            {
                return IdFlaw.NotUnicode;
            }

            return id!.IndexOf('\0') < 0 ? IdFlaw.None : IdFlaw.Nul;
        }

        // Says what is wrong without the id itself: logs carry none.
        internal static string Describe(IdFlaw flaw)
        {
            switch (flaw)
            {
                case IdFlaw.Empty:
                    return "the id is empty";
                case IdFlaw.Nul:
                    return "the id contains a NUL character, where the core would cut it and take another conversation";
                case IdFlaw.TooLong:
                    return $"the id is too long: a userID has at most {MaxUserIdBytes} bytes of UTF-8, a groupID {MaxGroupIdBytes}, a topicID {MaxTopicIdBytes}";
                case IdFlaw.NotUtf8:
                    return "the id is not valid UTF-8";
                case IdFlaw.NotUnicode:
                    return "the id contains half of a surrogate pair, which no UTF-8 can carry";
                case IdFlaw.BadType:
                    return "the conversation type is not kTIMConv_C2C (1) or kTIMConv_Group (2)";
                case IdFlaw.BadPrefix:
                    return "the id begins neither with c2c_ nor with group_";
                default:
                    return "nothing is wrong with the id";
            }
        }

        private static bool IsTooLong(ReadOnlySpan<byte> id, int convType)
        {
            if (convType == (int)TIMConvType.kTIMConv_C2C)
            {
                return id.Length > MaxUserIdBytes;
            }

            int groupLength = id.IndexOf(TopicMark);
            return groupLength < 0
                ? id.Length > MaxGroupIdBytes
                : groupLength > MaxGroupIdBytes || id.Length > MaxTopicIdBytes;
        }
    }
}
