using System;

namespace TimChatBridge.UserModel
{
    // The callback of a call that the game's other code makes beside the bridge.
    internal sealed class OthersReply : ICoreReply
    {
        private readonly Action<int> heard;

        internal OthersReply(Action<int> heard)
        {
            this.heard = heard;
        }

        public void Answer(int code, byte[] desc, byte[] json) => heard(code);
    }
}
