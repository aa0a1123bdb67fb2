using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.UserModel
{
    // One deletion, from its asking to what its asker hears of it. Says what of that is against the rules.
    internal sealed class AskedDeletion
    {
        internal const int NotReturned = 1;
        private static readonly int[] OfReturns = { -1, -4, -1001, -1002, -1009, -1011, -1016, -1017, -1020 };
        private static readonly int[] OfCallbacks = { 0, 6014, 6023, -1, -4, -1001, -1002, -1009, -1011, -1016, -1017, -1018, -1020 };
        private readonly List<string> wrong;
        private readonly string name;

        internal AskedDeletion(int serial, Asker asker, int conversations, bool isQuiet, int doubts, List<string> wrong)
        {
            this.wrong = wrong;
            ShownUser = asker.Told;
            IsQuiet = isQuiet;
            Doubts = doubts;
            name = $"deletion {serial} of {asker.Name}, shown as {ShownUser ?? "unknown"}'s,";
            Ids = Enumerable.Range(0, conversations).Select(index => $"{serial}-{index}").ToArray();
        }

        internal string? ShownUser { get; }

        internal string[] Ids { get; }

        // Nothing was in doubt when it was asked for; and how much had been by then.
        internal bool IsQuiet { get; }

        internal int Doubts { get; }

        // Null: C# asked.
        internal PlayedScript? Script { get; set; }

        internal int Returned { get; private set; } = NotReturned;

        internal int TimesEnded { get; private set; }

        internal int TimesCalledBack { get; private set; }

        internal int TimesHanded { get; private set; }

        internal bool IsCarriedOut { get; private set; }

        // The core holds a call that nothing waits for any more: whose a deletion is from there on, the pages do not promise.
        internal bool IsUnjudged { get; set; }

        internal void Returns(int code, int doubts)
        {
            Returned = code;
            Holds(code == 0 || OfReturns.Contains(code), $"returned {code}");
            Holds(code == 0 || TimesHanded == 0, $"was handed to the core, and returned {code}");
            HoldsThatDoubtful(code, doubts);
        }

        internal void IsHanded()
        {
            TimesHanded++;
            Holds(TimesHanded == 1, "was handed to the core twice");
            Holds(TimesEnded == 0, "was handed to the core after it had ended");
        }

        internal void IsCarriedOutAs(string user)
        {
            IsCarriedOut = true;
            Holds(IsUnjudged || ShownUser == null || ShownUser == user, $"was carried out as {user}'s");
        }

        internal void Ends(int code, Outcome outcome, int doubts)
        {
            TimesEnded++;
            Holds(TimesEnded == 1, "ended twice");
            Holds(Returned == 0, Returned == NotReturned ? "ended before it returned" : "ended though it was refused");
            Holds(OfCallbacks.Contains(code), $"ended with {code}");
            Holds(outcome != Outcome.NotSent || TimesHanded == 0, $"had been handed to the core, and ended as not sent ({code})");
            Holds(outcome != Outcome.Deleted || IsCarriedOut, "is said to be deleted");
            Holds(outcome != Outcome.Failed || !IsCarriedOut, $"is said to have failed ({code})");
            Holds(outcome != Outcome.Unknown || TimesHanded > 0, $"was never handed to the core, and ended as unknown ({code})");
            HoldsThatDoubtful(code, doubts);
        }

        internal void IsCalledBack() => TimesCalledBack++;

        internal void PlayEnds()
        {
            int expected = Returned == 0 ? 1 : 0;
            Holds(TimesEnded == expected, $"returned {Returned} and has ended {TimesEnded} times");
            Holds(TimesCalledBack == expected, $"returned {Returned} and was called back {TimesCalledBack} times");
        }

        private void HoldsThatDoubtful(int code, int doubts) =>
            Holds((code != -1020 && code != -1009) || !IsQuiet || doubts != Doubts, $"ended with {code} though no change was in doubt or untold");

        private void Holds(bool isRight, string what)
        {
            if (!isRight)
            {
                wrong.Add($"{name} {what}");
            }
        }
    }
}
