using System;
using System.Text;

namespace TimChatBridge
{
    // One call of the core, from just before it is made until its answer has been drained. Place and Refused are the queue's,
    // under the queue's lock.
    internal sealed class PendingCall : ICoreReply
    {
        private readonly FrameQueue queue;
        private readonly Action<PendingCall, int>? endedUnheard;

        // The last, of a call that changes the user, hears the code with which it ends when its script has gone. Any thread.
        internal PendingCall(FrameQueue queue, int callId, uint epoch, Action<PendingCall, int>? endedUnheard = null)
        {
            this.queue = queue;
            this.endedUnheard = endedUnheard;
            CallId = callId;
            Epoch = epoch;
        }

        internal int CallId { get; }

        // Init, Uninit, Login or Logout.
        internal bool ChangesUser => endedUnheard != null;

        // The login epoch in which it was made.
        internal uint Epoch { get; }

        // The answer's place, once there is one.
        internal QueuedFrame? Place { get; set; }

        // The function returned an error, which settled the call: no answer counts.
        internal bool Refused { get; set; }

        // It has a callback, which may still come though the call broke off.
        internal bool MayStillAnswer { get; set; }

        // Answered by the bridge: whom it has signed in or out is not known until the core answers too. Both under the queue's lock.
        internal bool BrokeOff { get; set; }

        internal bool AnsweredSince { get; set; }

        // Script has settled it without an answer.
        internal bool Abandoned { get; set; }

        public void Answer(int code, byte[] desc, byte[] json)
        {
            if (!queue.AddAnswer(this, Protocol.ErrorSource.SdkCallback, code, desc, json))
            {
                endedUnheard?.Invoke(this, code);
            }
        }

        // For the core's functions that have no callback.
        internal void AnswerByReturn(byte[] json) =>
            queue.AddAnswer(this, Protocol.ErrorSource.SdkReturn, 0, Array.Empty<byte>(), json);

        // The core was called, and what came of it is not known: that is an answer, and no refusal.
        internal void AnswerByBridge(TIMResult code, string desc) =>
            queue.AddAnswer(this, Protocol.ErrorSource.Bridge, (int)code, Encoding.UTF8.GetBytes(desc), Array.Empty<byte>());
    }
}
