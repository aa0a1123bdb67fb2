using System;
using Google.Protobuf;

namespace TimChatBridge
{
    // What a call of the core must say, checked on the bytes that the core would get. Null: nothing is wrong.
    internal static class CoreCallChecks
    {
        internal static SendRefusal? Check(Protocol.CoreCall call)
        {
            switch (call.MethodCase)
            {
                case Protocol.CoreCall.MethodOneofCase.ConvDelete:
                    return Check(call.ConvDelete);
                case Protocol.CoreCall.MethodOneofCase.ConvDeleteList:
                    return Check(call.ConvDeleteList);
                case Protocol.CoreCall.MethodOneofCase.Init:
                    return Check(call.Init);
                case Protocol.CoreCall.MethodOneofCase.Login:
                    return Check(call.Login);
                case Protocol.CoreCall.MethodOneofCase.ConvGetConvList:
                case Protocol.CoreCall.MethodOneofCase.Uninit:
                case Protocol.CoreCall.MethodOneofCase.Logout:
                case Protocol.CoreCall.MethodOneofCase.GetLoginStatus:
                case Protocol.CoreCall.MethodOneofCase.GetSdkVersion:
                    return null;
                default:
                    return BadFrame("CoreCall.method: missing");
            }
        }

        private static SendRefusal? Check(Protocol.ConvDelete method)
        {
            if (!method.HasConvId)
            {
                return BadFrame("ConvDelete.conv_id: missing");
            }

            if (!method.HasConvType)
            {
                return BadFrame("ConvDelete.conv_type: missing");
            }

            IdFlaw flaw = ConversationIds.Check(method.ConvId.Span, method.ConvType);
            return flaw == IdFlaw.None ? null : Flawed("ConvDelete", flaw);
        }

        private static SendRefusal? Check(Protocol.ConvDeleteList method)
        {
            if (!method.HasClearMessage)
            {
                return BadFrame("ConvDeleteList.clear_message: missing");
            }

            int count = method.ConvIds.Count;
            if (count < 1 || count > ConversationIds.MaxListLength)
            {
                return new SendRefusal(
                    Protocol.SendResult.BadCount, $"ConvDeleteList.conv_ids: {count} ids, 1 to {ConversationIds.MaxListLength} are taken");
            }

            for (int i = 0; i < count; i++)
            {
                IdFlaw flaw = ConversationIds.CheckPrefixed(method.ConvIds[i].Span);
                if (flaw != IdFlaw.None)
                {
                    return Flawed($"ConvDeleteList.conv_ids[{i}]", flaw);
                }
            }

            return null;
        }

        private static SendRefusal? Check(Protocol.Init method)
        {
            if (!method.HasSdkAppId || method.SdkAppId == 0)
            {
                return BadFrame("Init.sdk_app_id: missing");
            }

            return IsText(method.JsonSdkConfig) ? null : BadFrame("Init.json_sdk_config: contains a NUL, or is not valid UTF-8");
        }

        private static SendRefusal? Check(Protocol.Login method)
        {
            if (!method.HasUserId)
            {
                return BadFrame("Login.user_id: missing");
            }

            if (!method.HasUserSig || method.UserSig.IsEmpty)
            {
                return BadFrame("Login.user_sig: missing");
            }

            if (!IsText(method.UserSig))
            {
                return BadFrame("Login.user_sig: contains a NUL, or is not valid UTF-8");
            }

            IdFlaw flaw = ConversationIds.Check(method.UserId.Span, (int)TIMConvType.kTIMConv_C2C);
            return flaw == IdFlaw.None ? null : Flawed("Login.user_id", flaw);
        }

        private static bool IsText(ByteString bytes) => bytes.Span.IndexOf((byte)0) < 0 && StrictUtf8.IsValid(bytes.Span);

        private static SendRefusal? BadFrame(string why) => new SendRefusal(Protocol.SendResult.BadFrame, why);

        private static SendRefusal? Flawed(string where, IdFlaw flaw) =>
            new SendRefusal(
                flaw == IdFlaw.BadType ? Protocol.SendResult.BadType : Protocol.SendResult.BadId,
                $"{where}: {ConversationIds.Describe(flaw)}");
    }
}
