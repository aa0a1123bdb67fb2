using System;
using Google.Protobuf;

namespace TimChatBridge
{
    // What script sends: each frame is checked as bytes, read into an emptied message, and carried out. Main thread.
    internal sealed class FrameIntake
    {
        private readonly Plugin plugin;
        private readonly LoginEpoch epoch;
        private readonly int maxFrameBytes;
        private Protocol.ToPlugin received = new Protocol.ToPlugin();

        internal FrameIntake(Plugin plugin, PluginOptions options, LoginEpoch epoch)
        {
            this.plugin = plugin;
            this.epoch = epoch;
            maxFrameBytes = options.MaxFrameBytes;
        }

        // As ScriptPort.Send. Never throws.
        internal int Take(ScriptSession session, byte[]? bytes, int count)
        {
            try
            {
                return Receive(session, bytes, count);
            }
            catch (Exception thrown)
            {
                received = new Protocol.ToPlugin();
                return Refuse(Protocol.SendResult.Internal, $"{thrown.GetType().Name}: {thrown.Message}");
            }
        }

        private static void Empty(Protocol.ToPlugin message)
        {
            message.ClearBody();
            message.Version = 0;
        }

        private int Receive(ScriptSession session, byte[]? bytes, int count)
        {
            if (session.State == Protocol.SessionState.Replaced)
            {
                return Refuse(Protocol.SendResult.Replaced, $"another script took the place of session {session.Id}");
            }

            if (count > maxFrameBytes)
            {
                return Refuse(Protocol.SendResult.TooLarge, $"the frame has {count} bytes, {maxFrameBytes} is the limit");
            }

            if (bytes == null || count < 1 || count > bytes.Length)
            {
                return Refuse(Protocol.SendResult.BadFrame, "the frame is empty");
            }

            var frame = new ReadOnlySpan<byte>(bytes, 0, count);
            if (!FrameScanner.TryReadVersion(frame, out uint version))
            {
                return Refuse(Protocol.SendResult.BadFrame, "the frame is cut off, or is no protobuf message");
            }

            if (version != session.Version)
            {
                return Refuse(Protocol.SendResult.WrongVersion, $"ToPlugin.version: {version}, {session.Version} was agreed on at Open");
            }

            string? wrong = FrameScanner.Refusal(frame, FrameShape.ToPlugin);
            if (wrong != null)
            {
                return Refuse(Protocol.SendResult.BadFrame, wrong);
            }

            // One message for all frames, and emptied before each: a merge would keep the last call's id and delete the wrong
            // conversation.
            Empty(received);
            received.MergeFrom(frame);
            int result = Carry(session, received);
            if (received.CoreCall?.MethodCase == Protocol.CoreCall.MethodOneofCase.Login)
            {
                // No UserSig stays.
                received = new Protocol.ToPlugin();
            }

            return result;
        }

        private int Carry(ScriptSession session, Protocol.ToPlugin frame)
        {
            switch (frame.BodyCase)
            {
                case Protocol.ToPlugin.BodyOneofCase.CoreCall:
                    return plugin.Core.Call(session, frame.CoreCall);
                case Protocol.ToPlugin.BodyOneofCase.Publish:
                    return plugin.Notices.Publish(frame.Publish);
                case Protocol.ToPlugin.BodyOneofCase.Claim:
                    return plugin.Requests.Claim(frame.Claim.RequestId);
                case Protocol.ToPlugin.BodyOneofCase.EpochRaised:
                    return RaiseEpoch(frame.EpochRaised.Epoch);
                case Protocol.ToPlugin.BodyOneofCase.Attach:
                    session.Attached = true;
                    return 0;
                case Protocol.ToPlugin.BodyOneofCase.Cancel:
                    return Cancel(session, frame.Cancel.CallId);
                default:
                    return Refuse(Protocol.SendResult.BadFrame, "ToPlugin.body: missing");
            }
        }

        private int RaiseEpoch(uint to)
        {
            if (to == 0 || to > LoginEpoch.HighestFromScript)
            {
                return Refuse(Protocol.SendResult.BadFrame, "EpochRaised.epoch: missing, or larger than 2^31 - 1");
            }

            // Beyond its own, too: a change that C# knows of and script does not must not pass for this one.
            epoch.RaiseBeyond(to - 1);
            return 0;
        }

        // A call is handed to the core inside Send, so that there is never one left to withdraw.
        private int Cancel(ScriptSession session, uint callId)
        {
            if (callId == 0 || callId > int.MaxValue)
            {
                return Refuse(Protocol.SendResult.BadCallId, "Cancel.call_id: missing, or larger than 2^31 - 1");
            }

            session.Pending.Abandon((int)callId);
            return 0;
        }

        private int Refuse(Protocol.SendResult code, string why) => plugin.Refuse(new SendRefusal(code, why));
    }
}
