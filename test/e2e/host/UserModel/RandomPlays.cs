using System;
using System.Collections.Generic;
using System.Linq;

namespace TimChatBridge.UserModel
{
    // Plays from a seed, the same on every runtime, and a failing one made short.
    internal sealed class RandomPlays
    {
        private static readonly Deed[] All = (Deed[])Enum.GetValues(typeof(Deed));
        private static readonly Moment[] Moments = (Moment[])Enum.GetValues(typeof(Moment));
        // What gets something done.
        private static readonly Deed[] Often =
        {
            Deed.Tick, Deed.Tick, Deed.Tick, Deed.CoreCarriesOutNext, Deed.CoreCarriesOutNext, Deed.ScriptLogsAnnIn, Deed.ScriptLogsBobIn,
            Deed.ScriptDeletes, Deed.CSharpDeletes, Deed.CSharpDeletes, Deed.TickThatDrainsOneFrame,
        };
        // What ends much: after it little is deleted.
        private static readonly Deed[] Seldom =
        {
            Deed.ScriptUninits, Deed.OthersUninit, Deed.DeletionsAreSwitched, Deed.ScriptCloses, Deed.ScriptDies, Deed.PlayModeEnds, Deed.ScriptJoins,
            Deed.CoreDropsNext, Deed.CoreKicksTheUser, Deed.CoreFindsTheUserSigExpired, Deed.OthersTellOfASignOff,
        };
        // By a callback or a listener, where who is signed in has just changed.
        private static readonly Deed[] InBetween = { Deed.ScriptDeletes, Deed.CSharpDeletes };
        private static readonly Moment[] CallbackMoments =
        {
            Moment.BeforeAFrame, Moment.TurnEnd, Moment.ScriptsCallback, Moment.CSharpsCallback, Moment.CSharpIsTold,
        };
        private static readonly Deed[] AnnIsIn = { Deed.ScriptLogsAnnIn, Deed.CoreCarriesOutNext, Deed.Tick };
        private ulong state;

        internal RandomPlays(ulong seed)
        {
            // Of neighbours, too, the plays have nothing in common.
            state = (seed + 1) * 0x9E3779B97F4A7C15UL;
            Next(2);
        }

        internal Step[] NewPlay()
        {
            var steps = new List<Step>();
            if (Next(8) > 0)
            {
                steps.AddRange(AnnIsIn.Select(deed => new Step(deed, null)));
            }

            for (int left = 3 + Next(28); left > 0; left--)
            {
                if (Next(8) == 0)
                {
                    steps.Add(new Step(InBetween[Next(InBetween.Length)], CallbackMoments[Next(CallbackMoments.Length)]));
                    continue;
                }

                Deed deed = Next(2) == 0 ? All[Next(All.Length)] : Often[Next(Often.Length)];
                if (Array.IndexOf(Seldom, deed) >= 0 && Next(3) > 0)
                {
                    continue;
                }

                steps.Add(new Step(deed, Next(4) == 0 ? Moments[Next(Moments.Length)] : (Moment?)null));
            }

            return steps.ToArray();
        }

        // Leaves out what is not needed for it to fail, one step after another.
        internal static Step[] Shortened(Step[] steps, Func<Step[], bool> fails)
        {
            for (int length = steps.Length / 2; length > 0; length /= 2)
            {
                for (int from = 0; from + length <= steps.Length;)
                {
                    Step[] shorter = steps.Take(from).Concat(steps.Skip(from + length)).ToArray();
                    if (fails(shorter))
                    {
                        steps = shorter;
                    }
                    else
                    {
                        from++;
                    }
                }
            }

            return steps;
        }

        // xorshift64*
        private int Next(int below)
        {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            return (int)((state * 0x2545F4914F6CDD1DUL >> 33) % (ulong)below);
        }
    }
}
