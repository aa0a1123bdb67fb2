using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;

namespace TimChatBridge
{
    // The C# side as a whole: one script session at a time, and the turn of a frame. The process's one is BridgeLoop's; tests
    // make their own. Main thread, but for ICoreEvents and SessionChanged.
    internal sealed class Plugin : ICoreEvents
    {
        internal const int ProtocolMajor = 1000;
        private const int RememberedSessions = 16;
        private const int MaxUntold = 16;

        // Of the process: a script of an earlier play mode must not find its number again.
        private static int lastSession;

        private readonly PluginOptions options;
        private readonly LoginEpoch epoch;
        // Held over a change of user and over a change of session, so that no change of user falls between two sessions: the next
        // script would never hear of it, and everything that it asked for would be refused.
        private readonly object changing = new object();
        // Changes of user that waited for a script that has gone, and sign-offs while there is none: the next one is told.
        private readonly List<Protocol.SessionEventKind> untold = new List<Protocol.SessionEventKind>();
        private volatile bool deletionsAllowed = true;
        private readonly List<ScriptSession> replaced = new List<ScriptSession>();
        private readonly ConcurrentDictionary<Protocol.SendResult, bool> refusalsSaid = new ConcurrentDictionary<Protocol.SendResult, bool>();
        private readonly ConcurrentDictionary<string, bool> slotsMissed = new ConcurrentDictionary<string, bool>();
        // The user has changed while no script was there to tell C# of it. Under `changing`, where it is set.
        private volatile bool isCSharpToBeTold;
        private volatile ScriptSession? current;
        private volatile Plugin? successor;
        private int mainThread;
        private bool ticking;
        private bool shutdownAsked;

        // `previous`: of the play mode before, shut down. What the core still has of its script's may be carried out in this one.
        internal Plugin(PluginOptions options, Plugin? previous = null)
        {
            this.options = options;
            epoch = new LoginEpoch(options.EpochRaising);
            Clock = new ForegroundClock(options.MonotonicMs);
            Listeners = new Listeners(Diagnostics, Log);
            var ledger = new Ledger(options.FirstRequestId);
            Notices = new NoticeDesk(this);
            Requests = new RequestDesk(this, options, epoch, ledger);
            Core = new CoreDoor(this, options, epoch, ledger, previous?.Core);
            Intake = new FrameIntake(this, options, epoch);
            GamesChanges = new GamesChanges(this);
            if (previous != null)
            {
                previous.successor = this;
            }
        }

        // This one, or that of a later play mode. Any thread.
        internal Plugin Latest => successor?.Latest ?? this;

        internal Diagnostics Diagnostics { get; } = new Diagnostics();

        internal ForegroundClock Clock { get; }

        internal Listeners Listeners { get; }

        internal RequestDesk Requests { get; }

        internal NoticeDesk Notices { get; }

        internal CoreDoor Core { get; }

        internal FrameIntake Intake { get; }

        internal GamesChanges GamesChanges { get; }

        // Any thread.
        internal bool DeletionsAllowed
        {
            get => deletionsAllowed;
            set => deletionsAllowed = value;
        }

        internal bool IsShutDown { get; private set; }

        // Why Send last refused a frame, for logs: no id and no UserSig in it.
        internal string LastRefusal { get; private set; } = string.Empty;

        // Sum of Protocol.Capability.
        internal int Capabilities => (int)(options.Library.IsForThisPlatform ? Protocol.Capability.NativeCore : Protocol.Capability.Unspecified);

        internal ScriptSession? Current => current;

        internal uint Epoch => epoch.Current;

        // C# has not heard of the last change of user.
        internal bool ChangeIsUntold => isCSharpToBeTold || Listeners.ChangeIsUntold;

        internal bool OnMainThread => mainThread != 0 && Environment.CurrentManagedThreadId == mainThread;

        internal void Initialize()
        {
            int here = Environment.CurrentManagedThreadId;
            if (mainThread != 0 && mainThread != here)
            {
                throw new InvalidOperationException(
                    $"BridgeLoop.Initialize was called on thread {here}, but thread {mainThread} is the bridge's main thread already");
            }

            mainThread = here;
        }

        internal void RequireMainThread(string what)
        {
            if (mainThread != 0 && !OnMainThread)
            {
                throw new InvalidOperationException(
                    $"{what} was called on thread {Environment.CurrentManagedThreadId}; it works on the main thread (thread {mainThread}) only: go there first");
            }
        }

        internal void Log(string line)
        {
            try
            {
                options.Log(line);
            }
            catch (Exception)
            {
                // A log that fails must not take the frame with it, and there is nowhere left to say so.
            }
        }

        internal int Refuse(SendRefusal refusal)
        {
            Diagnostics.Count(ref Diagnostics.FramesRefused);
            LastRefusal = $"{refusal.Code}: {refusal.Why}";
            if (refusalsSaid.TryAdd(refusal.Code, true))
            {
                Log($"what script sent was refused, which is said once for each kind: {LastRefusal}");
            }

            return -(int)refusal.Code;
        }

        // The session's number; or minus the highest protocol number that the plugin speaks; or 0: not on the main thread, or
        // the loop is not initialised.
        internal int Open(int minProtocol, int maxProtocol)
        {
            if (!OnMainThread || IsShutDown)
            {
                Log("a script tried to connect " + WhyNotOpened());
                return 0;
            }

            int agreed = Math.Min(maxProtocol, options.HighestProtocol);
            if (agreed < Math.Max(minProtocol, options.LowestProtocol) || agreed / ProtocolMajor != options.HighestProtocol / ProtocolMajor)
            {
                return -options.HighestProtocol;
            }

            ScriptSession? loser = current;
            if (loser != null)
            {
                End(loser, Protocol.SessionState.Replaced, TIMResult.BRIDGE_ERR_REPLACED, "another script took over the plugin");
                Remember(loser);
            }

            Core.Slots.DecideAnew();
            var session = new ScriptSession(NextSession(), agreed, new FrameQueue(options, Diagnostics, epoch));
            lock (changing)
            {
                session.Queue.AddEarlierSessionEvents(untold);
                untold.Clear();
                current = session;
            }

            return session.Id;
        }

        internal void SetWake(int id, Action? wake)
        {
            ScriptSession? session = OnMainThread ? Find(id) : null;
            if (session != null)
            {
                session.Wake = wake;
            }
        }

        internal void SetEnvironment(int id, object? environment)
        {
            ScriptSession? session = OnMainThread ? Find(id) : null;
            if (session != null)
            {
                session.Environment = environment == null ? null : EnvironmentProbe.Of(environment);
            }
        }

        // The core's TIMResult for a core call, 0 for anything else that was taken, or a SendResult, negated. Never throws.
        internal int Send(int id, byte[]? bytes, int count)
        {
            if (!OnMainThread)
            {
                return Refuse(new SendRefusal(Protocol.SendResult.WrongThread, "Send was called on another thread than the main thread"));
            }

            ScriptSession? session = Find(id);
            return session == null
                ? Refuse(new SendRefusal(Protocol.SendResult.Closed, $"session {id} is closed, or never was"))
                : Intake.Take(session, bytes, count);
        }

        // A DrainBatch, never empty. Valid until the next outermost Drain. Never throws.
        internal ArraySegment<byte> Drain(int id, int maxBytes)
        {
            ScriptSession? session = OnMainThread ? Find(id) : null;
            if (session == null)
            {
                Diagnostics.Count(ref Diagnostics.EmptyDrains);
                return BatchWriter.HeaderOnly(Clock.NowMs, Protocol.SessionState.Closed, epoch.Current, Array.Empty<byte>(), 0);
            }

            try
            {
                return session.Drain(maxBytes, Clock.NowMs, epoch.Current, options.DataFolder(), Diagnostics, Log);
            }
            catch (Exception thrown)
            {
                Log($"what waits for script could not be handed over: {thrown}");
                return BatchWriter.HeaderOnly(Clock.NowMs, session.State, epoch.Current, Array.Empty<byte>(), session.Waiting);
            }
        }

        internal void Close(int id)
        {
            ScriptSession? session = OnMainThread ? Find(id) : null;
            if (session == null)
            {
                return;
            }

            if (session.State == Protocol.SessionState.Replaced)
            {
                replaced.Remove(session);
                session.LetGo();
            }
            else if (session.InWake)
            {
                session.CloseAsked = true;
            }
            else
            {
                End(session, Protocol.SessionState.Closed, TIMResult.BRIDGE_ERR_CLOSED, "script closed the bridge");
            }
        }

        internal void Tick()
        {
            if (mainThread == 0)
            {
                throw new InvalidOperationException("BridgeLoop.Tick was called before BridgeLoop.Initialize() has run on the main thread");
            }

            RequireMainThread("BridgeLoop.Tick");
            if (ticking || IsShutDown)
            {
                return;
            }

            ticking = true;
            Core.ForgetWhatWasLetGoOf(current);
            try
            {
                WakeReplaced();
                ScriptSession? session = current;
                if (session != null)
                {
                    WakeOpen(session);
                }

                TellCSharp();
                Listeners.Deliver();
                Requests.ExpireOverdue(Clock.NowMs);
            }
            finally
            {
                ticking = false;
                if (shutdownAsked)
                {
                    ShutdownNow();
                }
            }
        }

        internal void Shutdown()
        {
            RequireMainThread("BridgeLoop.Shutdown");
            if (ticking)
            {
                shutdownAsked = true;
            }
            else
            {
                ShutdownNow();
            }
        }

        // Any thread.
        internal void SessionChanged(Protocol.SessionEventKind kind)
        {
            lock (changing)
            {
                ScriptSession? session = current;
                if (session != null)
                {
                    session.Queue.AddSessionEvent(kind);
                }
                else
                {
                    epoch.Raise();
                    KeepForTheNext(kind);
                }
            }
        }

        public void ConversationEvent(int type, byte[] json)
        {
            ScriptSession? session = current;
            if (session != null)
            {
                session.Queue.AddConversationEvent(type, json);
            }
            else
            {
                Diagnostics.Count(ref Diagnostics.EventsDropped);
            }
        }

        public void NetworkStatus(int status, int code, byte[] desc)
        {
            ScriptSession? session = current;
            if (session != null)
            {
                session.Queue.AddNetworkEvent(status, code, desc);
            }
            else
            {
                Diagnostics.Count(ref Diagnostics.EventsDropped);
            }
        }

        public void KickedOffline() => SessionChanged(Protocol.SessionEventKind.KickedOffline);

        public void UserSigExpired() => SessionChanged(Protocol.SessionEventKind.UserSigExpired);

        public void StrayAnswer() => Diagnostics.Count(ref Diagnostics.DuplicateAnswers);

        public void AnswerDespiteRefusal() => Diagnostics.Count(ref Diagnostics.AnswersDespiteRefusal);

        public void EventFailed() => Diagnostics.Count(ref Diagnostics.EventsDropped);

        public void SlotMissing(string function)
        {
            if (slotsMissed.TryAdd(function, true))
            {
                Log(
                    $"this core has no {function}: what it would report there is never heard. All calls work; where the game hears of a sign-off "
                    + "by another way, it must tell the bridge with CoreSession.NotifySession() and its kind");
            }
        }

        private static int NextSession()
        {
            int next = Interlocked.Increment(ref lastSession) & int.MaxValue;
            return next != 0 ? next : Interlocked.Increment(ref lastSession) & int.MaxValue;
        }

        private ScriptSession? Find(int id)
        {
            ScriptSession? open = current;
            if (open != null && open.Id == id)
            {
                return open;
            }

            foreach (ScriptSession session in replaced)
            {
                if (session.Id == id)
                {
                    return session;
                }
            }

            return null;
        }

        private void WakeReplaced()
        {
            foreach (ScriptSession session in replaced.ToArray())
            {
                if (!session.OwedFarewell)
                {
                    continue;
                }

                if (session.Environment == null || !session.Environment.IsDead)
                {
                    try
                    {
                        session.RunWake();
                    }
                    catch (Exception thrown)
                    {
                        Log($"a script that was replaced threw when it was told so: {thrown}");
                    }
                }

                session.LetGo();
            }
        }

        private void WakeOpen(ScriptSession session)
        {
            if (session.Environment != null && session.Environment.IsDead)
            {
                Log("the script environment was disposed without closing the bridge: have script call bridge.close() before");
                End(session, Protocol.SessionState.Closed, TIMResult.BRIDGE_ERR_CLOSED, "the script environment was disposed");
                return;
            }

            try
            {
                session.RunWake();
            }
            catch (Exception thrown)
            {
                Log($"script threw out of its wake {(session.Drained ? "after" : "before")} it drained: {thrown}");
                if (!session.Drained)
                {
                    End(session, Protocol.SessionState.Closed, TIMResult.BRIDGE_ERR_CLOSED, "script failed before it took what waited for it");
                }
            }

            if (session.CloseAsked)
            {
                End(session, Protocol.SessionState.Closed, TIMResult.BRIDGE_ERR_CLOSED, "script closed the bridge");
            }
        }

        private void End(ScriptSession session, Protocol.SessionState state, TIMResult code, string why)
        {
            if (session.State != Protocol.SessionState.Open)
            {
                return;
            }

            IReadOnlyCollection<PendingCall> changingUser = session.Pending.ThoseChangingUser;
            lock (changing)
            {
                current = null;
                isCSharpToBeTold |= session.MayNotHaveHeard;
                untold.AddRange(session.End(state));
            }

            Core.LeaveBehind(changingUser, session.Queue);
            Notices.ForgetListParts();
            Requests.SettleAll(code, why);
            if (state == Protocol.SessionState.Closed)
            {
                Core.Slots.StopListening();
            }
        }

        private static bool IsSignOff(Protocol.SessionEventKind kind) =>
            kind == Protocol.SessionEventKind.KickedOffline || kind == Protocol.SessionEventKind.UserSigExpired;

        private void TellCSharp()
        {
            if (isCSharpToBeTold)
            {
                // First: of one that comes meanwhile the next tick tells.
                isCSharpToBeTold = false;
                Listeners.Queue(new SessionChanged(SessionChangeKind.Notified));
            }
        }

        private void KeepForTheNext(Protocol.SessionEventKind kind)
        {
            if (kind == Protocol.SessionEventKind.Notified || kind == Protocol.SessionEventKind.CarriedOut)
            {
                isCSharpToBeTold = true;
                // Earlier sign-offs are past.
                Diagnostics.Count(ref Diagnostics.EventsDropped, untold.RemoveAll(IsSignOff));
                if (kind == Protocol.SessionEventKind.CarriedOut && !untold.Contains(kind))
                {
                    untold.Add(kind);
                }
                else
                {
                    // Of what the game has done the next script finds out when it connects.
                    Diagnostics.Count(ref Diagnostics.EventsDropped);
                }
            }
            else if (untold.Count == 0 || untold[untold.Count - 1] != kind)
            {
                untold.Add(kind);
                if (untold.Count > MaxUntold)
                {
                    untold.RemoveAt(0);
                    Diagnostics.Count(ref Diagnostics.EventsDropped);
                }
            }
        }

        private string WhyNotOpened()
        {
            if (mainThread == 0)
            {
                return "before BridgeLoop.Initialize() has run on the main thread";
            }

            return OnMainThread
                ? "while the bridge was being shut down, or after: BridgeLoop.Initialize() comes first"
                : "from another thread than the main thread";
        }

        // The oldest is forgotten, but for those that have not been told yet: the next tick tells them all.
        private void Remember(ScriptSession loser)
        {
            replaced.Add(loser);
            for (int i = 0; i < replaced.Count && replaced.Count > RememberedSessions;)
            {
                if (replaced[i].OwedFarewell)
                {
                    i++;
                }
                else
                {
                    replaced.RemoveAt(i);
                }
            }
        }

        // Nothing wakes script any more: it drains the news that its session is closed, and settles what it has.
        private void SayFarewell(Action? wake, EnvironmentProbe? environment)
        {
            if (wake == null || (environment != null && environment.IsDead))
            {
                return;
            }

            try
            {
                wake();
            }
            catch (Exception thrown)
            {
                Log($"a script threw when it was told that the bridge was shut down: {thrown}");
            }
        }

        private void ShutdownNow()
        {
            shutdownAsked = false;
            if (IsShutDown)
            {
                return;
            }

            // Before anybody is told: a script that connects again, or a deletion that is asked for from here on, would never end.
            IsShutDown = true;
            WakeReplaced();
            ScriptSession? session = current;
            if (session != null)
            {
                Action? wake = session.Wake;
                EnvironmentProbe? environment = session.Environment;
                End(session, Protocol.SessionState.Closed, TIMResult.BRIDGE_ERR_CLOSED, "the bridge was shut down");
                SayFarewell(wake, environment);
            }

            replaced.Clear();
            Core.Slots.StopListening();
            Core.UninitOwn();
            ticking = true;
            Listeners.Deliver();
            Listeners.Forget();
            ticking = false;
        }
    }
}
