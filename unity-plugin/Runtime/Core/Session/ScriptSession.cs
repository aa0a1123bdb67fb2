using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // One script's hold on the plugin, from Open to Close, replacement or death. Main thread, but for its queue.
    internal sealed class ScriptSession
    {
        private readonly FrameEncoder encoder = new FrameEncoder();
        private readonly BatchWriter batch = new BatchWriter();
        private QueuedFrame? held;
        private ulong sequence;
        // The last Drain that gave frames gave a change of user.
        private bool gaveAChange;

        internal ScriptSession(int id, int protocol, FrameQueue queue)
        {
            Id = id;
            AgreedProtocol = protocol;
            Queue = queue;
        }

        internal int Id { get; }

        // 1000 * major + minor: nothing is sent that it lacks.
        internal int AgreedProtocol { get; }

        // Its major version, which every frame carries.
        internal uint Version => (uint)(AgreedProtocol / Plugin.ProtocolMajor);

        internal FrameQueue Queue { get; }

        internal PendingCalls Pending { get; } = new PendingCalls();

        internal Protocol.SessionState State { get; private set; } = Protocol.SessionState.Open;

        // Held strongly: PuerTS lets go of a script function whose delegate is collected.
        internal Action? Wake { get; set; }

        internal EnvironmentProbe? Environment { get; set; }

        internal bool InWake { get; private set; }

        // In this wake, or the last.
        internal bool Drained { get; private set; }

        // Close was called inside the wake, and takes effect after it.
        internal bool CloseAsked { get; set; }

        // The game's other code owns the core's session.
        internal bool Attached { get; set; }

        // Replaced, and its script has not been woken since: it does not know yet.
        internal bool OwedFarewell => State == Protocol.SessionState.Replaced && Wake != null;

        // In this wake it was given a change of user, and may not have dispatched it as yet.
        internal bool MayNotHaveHeard => InWake && gaveAChange;

        // Frames that no Drain has given yet. Some may be voided as yet, and never come.
        internal int Waiting => Queue.Count + (held == null || held.Voided ? 0 : 1);

        internal void RunWake()
        {
            InWake = true;
            Drained = false;
            try
            {
                Wake?.Invoke();
            }
            finally
            {
                InWake = false;
            }
        }

        // Returns the changes of user that its script has not heard of.
        internal IReadOnlyList<Protocol.SessionEventKind> End(Protocol.SessionState state)
        {
            State = state;
            var unheard = new List<Protocol.SessionEventKind>();
            if (held?.ChangeOfUser is Protocol.SessionEventKind change)
            {
                unheard.Add(change);
            }

            unheard.AddRange(Queue.Close());
            Pending.Clear();
            held = null;
            if (state == Protocol.SessionState.Closed)
            {
                LetGo();
            }

            return unheard;
        }

        internal void LetGo()
        {
            Wake = null;
            Environment = null;
        }

        // Only the first Drain of a wake gives frames: a nested one would put later frames before earlier ones.
        internal ArraySegment<byte> Drain(int maxBytes, long clockMs, uint epoch, byte[] dataFolder, Diagnostics diagnostics, Action<string> log)
        {
            if (!InWake || Drained || State != Protocol.SessionState.Open)
            {
                Drained |= InWake;
                Diagnostics.Count(ref diagnostics.EmptyDrains);
                return BatchWriter.HeaderOnly(clockMs, State, epoch, dataFolder, Waiting);
            }

            Drained = true;
            gaveAChange = false;
            batch.Begin(clockMs, State, epoch);
            bool first = true;
            for (QueuedFrame? next = held ?? Queue.Take(); next != null; next = Queue.Take())
            {
                held = next;
                if (next.Voided)
                {
                    continue;
                }

                try
                {
                    // One frame goes whatever its size: otherwise it would stop all behind it for good.
                    if (!batch.TryAdd(encoder.Encode(next, sequence + 1, Version), first ? long.MaxValue : maxBytes))
                    {
                        encoder.Release();
                        batch.End(Waiting);
                        return batch.Written;
                    }

                    first = false;
                }
                catch (Exception thrown)
                {
                    // It would stop all behind it for good. Its number stays out, by which script sees that something is missing.
                    Diagnostics.Count(ref diagnostics.FramesLost);
                    log($"a frame for script, {next.Kind}, could not be written and is left out: {thrown}");
                }

                sequence++;
                gaveAChange |= next.ChangeOfUser != null;
                if (next.Call != null)
                {
                    Pending.Remove(next.Call.CallId);
                }
            }

            held = null;
            encoder.Release();
            return batch.Written;
        }
    }
}
