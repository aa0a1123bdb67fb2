using System;
using System.Collections.Generic;
using System.Text;

namespace TimChatBridge.Tests
{
    // A core that does what the test says: it keeps each reply, and returns what `Returns` or `OnCall` give.
    internal sealed class FakeCore : ICoreLibrary
    {
        internal List<string> Calls { get; } = new List<string>();

        internal List<ICoreReply> Replies { get; } = new List<ICoreReply>();

        internal int Returns { get; set; }

        // Runs inside the call, before it returns.
        internal Action<ICoreReply>? OnCall { get; set; }

        internal Exception? Throws { get; set; }

        internal ICoreEvents? Events { get; private set; }

        internal int SlotsTaken { get; private set; }

        internal int SlotsGivenBack { get; private set; }

        internal bool ConversationSlotTaken { get; private set; }

        public void Listen(ICoreEvents? events, bool conversations)
        {
            Events = events;
            ConversationSlotTaken = events != null && conversations;
            if (events != null)
            {
                SlotsTaken++;
            }
            else
            {
                SlotsGivenBack++;
            }
        }

        public int Init(ulong sdkAppId, byte[] jsonSdkConfig) => Called($"Init {sdkAppId}", null);

        public int Uninit() => Called("Uninit", null);

        public int Login(byte[] userId, byte[] userSig, ICoreReply reply) => Called("Login " + Text(userId), reply);

        public int Logout(ICoreReply reply) => Called("Logout", reply);

        public int ConvDelete(byte[] convId, int convType, ICoreReply reply) => Called($"ConvDelete {Text(convId)} {convType}", reply);

        public int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply) =>
            Called($"ConvDeleteList {Text(JsonIdArray.Write(convIds))} {clearMessage}", reply);

        public int ConvGetConvList(ICoreReply reply) => Called("ConvGetConvList", reply);

        internal void Answer(int index, int code = 0, string desc = "", string json = "") =>
            Replies[index].Answer(code, Encoding.UTF8.GetBytes(desc), Encoding.UTF8.GetBytes(json));

        private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

        private int Called(string call, ICoreReply? reply)
        {
            if (Throws != null)
            {
                throw Throws;
            }

            Calls.Add(call);
            if (reply != null)
            {
                Replies.Add(reply);
                OnCall?.Invoke(reply);
            }

            return Returns;
        }
    }
}
