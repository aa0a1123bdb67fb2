using System;
using System.Collections.Generic;
using Google.Protobuf;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // The script's side, in C#: opens a session, drains in its wake, keeps what came.
    internal sealed class Script
    {
        private readonly Plugin plugin;

        internal Script(Plugin plugin, int maxBytes = int.MaxValue)
        {
            this.plugin = plugin;
            MaxBytes = maxBytes;
            Session = plugin.Open(1000, 1000);
            plugin.SetWake(Session, Wake);
        }

        internal int Session { get; }

        internal int MaxBytes { get; set; }

        internal List<ToScript> Frames { get; } = new List<ToScript>();

        internal List<DrainBatch> Batches { get; } = new List<DrainBatch>();

        internal Action? BeforeDrain { get; set; }

        internal Action? AfterDrain { get; set; }

        internal Action<ToScript>? OnFrame { get; set; }

        internal DrainBatch LastBatch => Batches[Batches.Count - 1];

        internal static DrainBatch Parse(ArraySegment<byte> batch) => DrainBatch.Parser.ParseFrom(batch.Array, batch.Offset, batch.Count);

        internal static ToPlugin Frame(CoreCall call) => new ToPlugin { Version = 1, CoreCall = call };

        internal int Send(ToPlugin frame) => Send(frame.ToByteArray());

        internal int Send(byte[] frame) => plugin.Send(Session, frame, frame.Length);

        internal int Call(CoreCall call) => Send(Frame(call));

        internal CoreCall NewDelete(uint callId, string id, int type = 1, uint origin = 0, uint? epoch = null) =>
            new CoreCall
            {
                CallId = callId,
                Epoch = epoch ?? plugin.Epoch,
                OriginRequestId = origin,
                ConvDelete = new Protocol.ConvDelete { ConvId = ByteString.CopyFromUtf8(id), ConvType = type },
            };

        internal CoreCall NewDeleteList(uint callId, bool clear, params string[] ids)
        {
            var list = new ConvDeleteList { ClearMessage = clear };
            foreach (string id in ids)
            {
                list.ConvIds.Add(ByteString.CopyFromUtf8(id));
            }

            return new CoreCall { CallId = callId, Epoch = plugin.Epoch, ConvDeleteList = list };
        }

        internal int Delete(uint callId, string id, int type = 1, uint origin = 0, uint? epoch = null) =>
            Call(NewDelete(callId, id, type, origin, epoch));

        internal int Complete(uint requestId, string userId, Protocol.Outcome outcome = Protocol.Outcome.Deleted, int code = 0, string desc = "")
        {
            var completed = new Protocol.DeleteCompleted { RequestId = requestId, Code = code, Desc = desc };
            var result = new Result { Conversation = new Key { UserId = userId }, Outcome = outcome };
            if (outcome != Protocol.Outcome.Deleted)
            {
                result.Error = new Protocol.BridgeError
                {
                    Source = Protocol.ErrorSource.SdkCallback,
                    Code = code,
                    Category = Protocol.ErrorCategory.Other,
                    Message = desc,
                };
            }

            completed.Results.Add(result);
            return Publish(new Notice { DeleteCompleted = completed });
        }

        internal int PublishDeleted(params string[] userIds)
        {
            var deleted = new Protocol.ConversationsDeleted();
            foreach (string id in userIds)
            {
                deleted.Conversations.Add(new Key { UserId = id });
            }

            return Publish(new Notice { ConversationsDeleted = deleted });
        }

        internal int Publish(Notice notice) => Send(new ToPlugin { Version = 1, Publish = notice });

        internal int Claim(uint requestId) => Send(new ToPlugin { Version = 1, Claim = new Claim { RequestId = requestId } });

        private void Wake()
        {
            BeforeDrain?.Invoke();
            DrainBatch batch = Parse(plugin.Drain(Session, MaxBytes));
            Batches.Add(batch);
            foreach (ByteString frame in batch.Frames)
            {
                ToScript parsed = ToScript.Parser.ParseFrom(frame);
                Frames.Add(parsed);
                OnFrame?.Invoke(parsed);
            }

            AfterDrain?.Invoke();
        }
    }
}
