using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge
{
    // What waits for one session's script, in one order: answers and events that the core's threads bring, and what C# asks.
    // Callers on the core's threads do nothing here but take the lock for as long as an enqueue lasts.
    internal sealed class FrameQueue
    {
        private readonly object gate = new object();
        private readonly Queue<QueuedFrame> frames = new Queue<QueuedFrame>();
        private readonly Diagnostics diagnostics;
        private readonly LoginEpoch epoch;
        private readonly int maxEvents;
        private readonly long maxEventBytes;
        private QueuedFrame? lost;
        private int events;
        private long eventBytes;
        // Of those that stand in the queue.
        private int voided;
        private bool closed;

        internal FrameQueue(PluginOptions options, Diagnostics diagnostics, LoginEpoch epoch)
        {
            this.diagnostics = diagnostics;
            this.epoch = epoch;
            maxEvents = options.MaxWaitingEvents;
            maxEventBytes = options.MaxWaitingEventBytes;
        }

        // Those that will come.
        internal int Count
        {
            get
            {
                lock (gate)
                {
                    return frames.Count - voided;
                }
            }
        }

        // False: it came to a session that has ended, or behind the bridge's own word: a change of user in it is to be told another way.
        internal bool AddAnswer(PendingCall call, Protocol.ErrorSource source, int code, byte[] desc, byte[] json)
        {
            lock (gate)
            {
                if (call.Refused)
                {
                    Diagnostics.Count(ref diagnostics.AnswersDespiteRefusal);
                }
                else if (call.BrokeOff && !call.AnsweredSince && source == Protocol.ErrorSource.SdkCallback)
                {
                    // What has come of it after all: script has heard that nobody knows.
                    call.AnsweredSince = true;
                    return false;
                }
                else if (call.Place != null)
                {
                    Diagnostics.Count(ref diagnostics.DuplicateAnswers);
                }
                else if (closed)
                {
                    // Marked as answered, so that a second one counts as what it is.
                    call.Place = new QueuedFrame(QueuedFrameKind.Result, call.Epoch);
                    Diagnostics.Count(ref diagnostics.AnswersDropped);
                    return false;
                }
                else
                {
                    var place = new QueuedFrame(QueuedFrameKind.Result, call.Epoch)
                    {
                        Call = call,
                        Source = source,
                        Number = code,
                        Desc = desc,
                        Json = json,
                    };
                    // First: where there is no room for it the call has not been answered yet, and may be, with less.
                    Enqueue(place);
                    call.Place = place;
                    call.BrokeOff = source == Protocol.ErrorSource.Bridge && call.MayStillAnswer;
                }

                return true;
            }
        }

        // The function returned an error. An answer that came before the return is taken back.
        internal void Refuse(PendingCall call)
        {
            lock (gate)
            {
                call.Refused = true;
                if (call.Place != null)
                {
                    TakeBack(call.Place);
                    Diagnostics.Count(ref diagnostics.AnswersDespiteRefusal);
                }
            }
        }

        // Whether the core has answered the call; its answer may still wait to be drained.
        internal bool IsAnswered(PendingCall call)
        {
            lock (gate)
            {
                return call.Place != null;
            }
        }

        internal void AddConversationEvent(int type, byte[] json)
        {
            lock (gate)
            {
                AddEvent(new QueuedFrame(QueuedFrameKind.ConversationEvent, epoch.Current) { Number = type, Json = json });
            }
        }

        internal void AddNetworkEvent(int status, int code, byte[] desc)
        {
            lock (gate)
            {
                AddEvent(new QueuedFrame(QueuedFrameKind.NetworkEvent, epoch.Current) { Number = status, Detail = code, Desc = desc });
            }
        }

        // The core's reports went to nobody for a while; how many they were nobody knows.
        internal void AddEventsLost()
        {
            lock (gate)
            {
                if (!closed)
                {
                    StandForLost();
                }
            }
        }

        // Raises the epoch and says so in one step, so that no frame of the new epoch stands before its announcement.
        // Never collapsed: script must hear of every change of user. Nor dropped: the plugin ends no session while it does this.
        internal void AddSessionEvent(Protocol.SessionEventKind kind)
        {
            lock (gate)
            {
                uint raised = epoch.Raise();
                Enqueue(new QueuedFrame(QueuedFrameKind.SessionEvent, raised) { Number = (int)kind });
                // What the next user loses is not told before it: the list would be asked for in the earlier one's name.
                lost = null;
            }
        }

        // The epoch went up when they happened.
        internal void AddEarlierSessionEvents(IEnumerable<Protocol.SessionEventKind> kinds)
        {
            lock (gate)
            {
                foreach (Protocol.SessionEventKind kind in kinds)
                {
                    Enqueue(new QueuedFrame(QueuedFrameKind.SessionEvent, epoch.Current) { Number = (int)kind });
                }
            }
        }

        internal void AddRequest(LedgerEntry request)
        {
            lock (gate)
            {
                request.Place = new QueuedFrame(QueuedFrameKind.Request, request.Epoch) { Request = request };
                Enqueue(request.Place);
            }
        }

        internal void Void(QueuedFrame place)
        {
            lock (gate)
            {
                TakeBack(place);
            }
        }

        // The oldest that waits, for good; null where none does.
        internal QueuedFrame? Take()
        {
            lock (gate)
            {
                while (frames.Count > 0)
                {
                    QueuedFrame taken = frames.Dequeue();
                    taken.Waits = false;
                    voided -= taken.Voided ? 1 : 0;
                    if (taken.Kind == QueuedFrameKind.ConversationEvent || taken.Kind == QueuedFrameKind.NetworkEvent)
                    {
                        events--;
                        eventBytes -= taken.EventBytes;
                    }
                    else if (ReferenceEquals(taken, lost))
                    {
                        lost = null;
                    }

                    if (!taken.Voided)
                    {
                        return taken;
                    }
                }

                return null;
            }
        }

        // Returns the changes of user that waited: they are nobody's to drop.
        internal IReadOnlyList<Protocol.SessionEventKind> Close()
        {
            lock (gate)
            {
                closed = true;
                List<Protocol.SessionEventKind> changes = frames.Select(frame => frame.ChangeOfUser).OfType<Protocol.SessionEventKind>().ToList();
                Diagnostics.Count(ref diagnostics.WaitingDropped, frames.Count - changes.Count);
                frames.Clear();
                voided = 0;
                lost = null;
                return changes;
            }
        }

        private void Enqueue(QueuedFrame frame)
        {
            frames.Enqueue(frame);
            frame.Waits = true;
        }

        private void TakeBack(QueuedFrame place)
        {
            voided += place.Waits && !place.Voided && !closed ? 1 : 0;
            place.Voided = true;
        }

        private void AddEvent(QueuedFrame one)
        {
            if (closed)
            {
                Diagnostics.Count(ref diagnostics.EventsDropped);
            }
            else if (events < maxEvents && eventBytes + one.EventBytes <= maxEventBytes)
            {
                events++;
                eventBytes += one.EventBytes;
                Enqueue(one);
            }
            else
            {
                CountLost();
            }
        }

        private void CountLost()
        {
            Diagnostics.Count(ref diagnostics.EventsCollapsed);
            QueuedFrame standing = StandForLost();
            if (standing.Number < int.MaxValue)
            {
                standing.Number++;
            }
        }

        // One stands for all that were lost since it was last drained.
        private QueuedFrame StandForLost()
        {
            if (lost == null)
            {
                lost = new QueuedFrame(QueuedFrameKind.EventsLost, epoch.Current);
                Enqueue(lost);
            }

            return lost;
        }
    }
}
