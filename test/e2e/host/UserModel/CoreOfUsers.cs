using System;
using System.Collections.Generic;
using System.Text;

namespace TimChatBridge.UserModel
{
    // A core that carries out what it was handed in that order, when the play says so, as whoever is signed in by then.
    internal sealed class CoreOfUsers : ICoreLibrary
    {
        private const int NotSignedIn = 6014;
        private readonly Action<HandedCall, string> carriedOutAs;
        private readonly Action<HandedCall> handed;
        private readonly Action inside;
        private readonly List<HandedCall> unsaid = new List<HandedCall>();
        private readonly List<HandedCall> said = new List<HandedCall>();
        private ICoreEvents? events;

        internal CoreOfUsers(Action<HandedCall> handed, Action<HandedCall, string> carriedOutAs, Action inside)
        {
            this.handed = handed;
            this.carriedOutAs = carriedOutAs;
            this.inside = inside;
        }

        public bool IsForThisPlatform => true;

        internal NextCall Next { get; set; }

        // The session call that is being made.
        internal SessionCall? Making { get; set; }

        // "": nobody.
        internal string User { get; private set; } = string.Empty;

        internal bool IsInitialised { get; private set; } = true;

        internal List<HandedCall> Handed { get; } = new List<HandedCall>();

        // Input of calls that it will not answer any more.
        internal bool HoldsInput { get; private set; }

        // How often the user has changed.
        internal int Changes { get; private set; }

        // Which of them was the last sign-off.
        internal int LastSignOff { get; private set; }

        internal bool OwesAnswers => Handed.Count + unsaid.Count > 0;

        public void Listen(ICoreEvents? events, bool takeSlots) => this.events = events;

        public int Init(ulong sdkAppId, byte[] jsonSdkConfig) => AtOnce(() => IsInitialised = true);

        public int Uninit()
        {
            bool byOthers = Making != null && Making.IsOthers;
            return AtOnce(() => LetGo(byOthers));
        }

        public void CoreWasLetGoOf() => HoldsInput = false;

        public int Login(byte[] userId, byte[] userSig, ICoreReply reply) => Take(reply, Making);

        public int Logout(ICoreReply reply) => Take(reply, Making);

        public int GetLoginStatus() => User.Length > 0 ? 1 : 3;

        public byte[] GetSdkVersion() => Encoding.UTF8.GetBytes("8.0.5903");

        public int ConvDelete(byte[] convId, int convType, ICoreReply reply) => Take(reply, null, Encoding.UTF8.GetString(convId));

        public int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply)
        {
            var ids = new string[convIds.Count];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = Encoding.UTF8.GetString(convIds[i]).Substring("c2c_".Length);
            }

            return Take(reply, null, ids);
        }

        public int ConvGetConvList(ICoreReply reply) => Take(reply, null);

        internal void CarryOutNext(int code = 0, bool isAnswered = true)
        {
            if (Handed.Count > 0)
            {
                HandedCall call = Handed[0];
                Handed.RemoveAt(0);
                CarryOut(call, code);
                unsaid.Add(call);
                if (isAnswered)
                {
                    Say(call);
                }
            }
        }

        // Both are carried out, the second is answered first.
        internal void SwapTwoAnswers()
        {
            int from = unsaid.Count;
            CarryOutNext(0, false);
            CarryOutNext(0, false);
            while (unsaid.Count > from)
            {
                Say(unsaid[unsaid.Count - 1]);
            }
        }

        internal void SayWhatIsUnsaid()
        {
            if (unsaid.Count > 0)
            {
                Say(unsaid[0]);
            }
        }

        internal void SayAgain()
        {
            if (said.Count > 0)
            {
                said[said.Count - 1].Reply(0);
            }
        }

        // It neither carries it out nor answers it, ever.
        internal void DropNext()
        {
            if (Handed.Count > 0)
            {
                Drop(Handed[0]);
                Handed.RemoveAt(0);
            }
        }

        internal void SignOff(bool kicked)
        {
            if (User.Length == 0)
            {
                return;
            }

            SignsOff();
            if (kicked)
            {
                events?.KickedOffline();
            }
            else
            {
                events?.UserSigExpired();
            }
        }

        internal void SignsOff()
        {
            Becomes(string.Empty);
            LastSignOff = Changes;
        }

        // Beside the bridge: by code that tells it only afterwards.
        internal void Becomes(string user)
        {
            User = user;
            Changes++;
        }

        internal void Reports() => events?.ConversationEvent(1, Encoding.UTF8.GetBytes("[\"c2c_x\"]"));

        private static void Forget(HandedCall call)
        {
            if (call.Session != null)
            {
                call.Session.IsUnanswered = false;
                call.Session.IsLate = call.Session.IsGivenUp;
            }
        }

        private static void Drop(HandedCall call)
        {
            if (call.Session != null)
            {
                call.Session.IsUnanswered = false;
                call.Session.IsDropped = true;
            }
        }

        private int AtOnce(Action does)
        {
            SessionCall? call = Making;
            Making = null;
            NextCall fate = Next;
            Next = NextCall.IsTaken;
            switch (fate)
            {
                case NextCall.ThrowsBeforeTheCore:
                    throw new InvalidOperationException("thrown before the core");
                case NextCall.IsRefused:
                case NextCall.IsRefusedAndAnswered:
                    return -4;
                case NextCall.BreaksOffUnheard:
                    throw new CallBrokeOffException(new InvalidOperationException("broke off"));
            }

            does();
            if (call != null && call.Method == SessionMethod.Uninit)
            {
                call.CarriedOutAs = Changes;
            }

            inside();
            return fate == NextCall.BreaksOff || fate == NextCall.IsAnsweredInsideAndThrows
                ? throw new CallBrokeOffException(new InvalidOperationException("broke off"))
                : 0;
        }

        // The bridge frees what it gave the core where it lets go of it itself; where others do, it has to be told.
        private void LetGo(bool byOthers)
        {
            HoldsInput = byOthers && OwesAnswers;
            Handed.ForEach(Drop);
            unsaid.ForEach(Drop);
            Handed.Clear();
            unsaid.Clear();
            said.Clear();
            IsInitialised = false;
            Becomes(string.Empty);
        }

        private int Take(ICoreReply reply, SessionCall? session, params string[] deletes)
        {
            Making = null;
            NextCall fate = Next;
            Next = NextCall.IsTaken;
            var call = new HandedCall(reply, session, deletes);
            if (fate == NextCall.ThrowsBeforeTheCore)
            {
                throw new InvalidOperationException("thrown before the core");
            }

            if (!IsInitialised)
            {
                return -1;
            }

            if (fate == NextCall.IsRefused || fate == NextCall.IsRefusedAndAnswered)
            {
                if (fate == NextCall.IsRefusedAndAnswered)
                {
                    call.Reply(0);
                }

                return -4;
            }

            handed(call);
            if (fate == NextCall.BreaksOffUnheard)
            {
                Drop(call);
                throw new CallBrokeOffException(new InvalidOperationException("broke off"));
            }

            if (session != null)
            {
                session.IsUnanswered = true;
            }

            Handed.Add(call);
            if (fate == NextCall.IsAnsweredInside || fate == NextCall.IsAnsweredInsideAndThrows)
            {
                while (Handed.Contains(call))
                {
                    CarryOutNext();
                }
            }

            inside();
            return fate == NextCall.BreaksOff || fate == NextCall.IsAnsweredInsideAndThrows
                ? throw new CallBrokeOffException(new InvalidOperationException("broke off"))
                : 0;
        }

        private void CarryOut(HandedCall call, int code)
        {
            call.Code = code != 0 ? code : call.Deletes.Length > 0 && User.Length == 0 ? NotSignedIn : 0;
            if (call.Code != 0)
            {
                return;
            }

            if (call.Session != null)
            {
                Becomes(call.Session.User);
                call.Session.CarriedOutAs = Changes;
            }
            else if (call.Deletes.Length > 0)
            {
                carriedOutAs(call, User);
            }
        }

        private void Say(HandedCall call)
        {
            unsaid.Remove(call);
            said.Add(call);
            Forget(call);
            call.Reply(call.Code);
        }
    }
}
