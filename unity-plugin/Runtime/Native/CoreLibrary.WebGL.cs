#if UNITY_WEBGL && !UNITY_EDITOR
using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // WebGL players have no native core: script brings one of its own. Binding the names would reach the vendor's jslib, which
    // says success and does nothing.
    internal sealed class CoreLibrary : ICoreLibrary
    {
        internal static int LiveBuffers => 0;

        internal static int LiveTokens => 0;

        public bool IsForThisPlatform => false;

        public void Listen(ICoreEvents? events, bool takeSlots)
        {
        }

        public int Init(ulong sdkAppId, byte[] jsonSdkConfig) => throw None();

        public int Uninit() => throw None();

        public void CoreWasLetGoOf()
        {
        }

        public int Login(byte[] userId, byte[] userSig, ICoreReply reply) => throw None();

        public int Logout(ICoreReply reply) => throw None();

        public int GetLoginStatus() => throw None();

        public byte[] GetSdkVersion() => throw None();

        public int ConvDelete(byte[] convId, int convType, ICoreReply reply) => throw None();

        public int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply) => throw None();

        public int ConvGetConvList(ICoreReply reply) => throw None();

        internal static int Owed => 0;

        internal static int AwaitAnswers(int milliseconds) => 0;

        private static Exception None() =>
            new PlatformNotSupportedException("WebGL players have no native core: give connect() one that lives in script, such as EmbeddedCore");
    }
}
#endif
