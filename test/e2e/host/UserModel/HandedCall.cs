using System;
using System.Linq;
using System.Text;

namespace TimChatBridge.UserModel
{
    // What the core was handed, and its answer's way back.
    internal sealed class HandedCall
    {
        private readonly ICoreReply reply;

        internal HandedCall(ICoreReply reply, SessionCall? session, string[] deletes)
        {
            this.reply = reply;
            Session = session;
            Deletes = deletes;
        }

        internal SessionCall? Session { get; }

        internal string[] Deletes { get; }

        internal int Code { get; set; }

        internal void Reply(int code)
        {
            string items = string.Join(
                ",", Deletes.Select(id => $"{{\"conv_operation_result_conv_id\":\"c2c_{id}\",\"conv_operation_result_result_code\":{code}}}"));
            reply.Answer(code, Array.Empty<byte>(), Encoding.UTF8.GetBytes(Deletes.Length != 1 ? $"[{items}]" : string.Empty));
        }
    }
}
