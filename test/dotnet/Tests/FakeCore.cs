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

        internal int LoginStatus { get; set; } = 3;

        internal int Returns { get; set; }

        // Runs inside the call, before it returns.
        internal Action<ICoreReply>? OnCall { get; set; }

        internal Exception? Throws { get; set; }

        internal bool ThrowsInUninit { get; set; }

        // The array that the last login gave, not a copy.
        internal byte[] UserSig { get; private set; } = Array.Empty<byte>();

        // After the core was called.
        internal Exception? BreaksOff { get; set; }

        internal ICoreEvents? Events { get; private set; }

        internal int SlotsTaken { get; private set; }

        internal int SlotsGivenBack { get; private set; }

        internal bool HoldsSlots { get; private set; }

        internal bool GaveSlotsBack { get; private set; }

        internal string Version { get; set; } = "8.0.5903";

        public bool IsForThisPlatform { get; set; } = true;

        public void Listen(ICoreEvents? events, bool takeSlots)
        {
            Events = events;
            HoldsSlots = events != null && takeSlots;
            if (events != null)
            {
                SlotsTaken++;
            }
            else
            {
                SlotsGivenBack++;
                GaveSlotsBack = takeSlots;
            }
        }

        public int Init(ulong sdkAppId, byte[] jsonSdkConfig) => Called($"Init {sdkAppId}", null);

        public int Uninit() => ThrowsInUninit ? throw new EntryPointNotFoundException("TIMUninit") : Called("Uninit", null);

        public void CoreWasLetGoOf() => Calls.Add("let go of");

        public int Login(byte[] userId, byte[] userSig, ICoreReply reply)
        {
            UserSig = userSig;
            return Called("Login " + Text(userId), reply);
        }

        public int Logout(ICoreReply reply) => Called("Logout", reply);

        public int GetLoginStatus()
        {
            Called("GetLoginStatus", null);
            return LoginStatus;
        }

        public byte[] GetSdkVersion()
        {
            Called("GetSdkVersion", null);
            return Encoding.UTF8.GetBytes(Version);
        }

        public int ConvDelete(byte[] convId, int convType, ICoreReply reply) => Called($"ConvDelete {Text(convId)} {convType}", reply);

        public int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply) =>
            Called($"ConvDeleteList {Text(JsonText.Array(convIds))} {clearMessage}", reply);

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

            if (BreaksOff != null)
            {
                throw new CallBrokeOffException(BreaksOff);
            }

            return Returns;
        }
    }
}
