using System;
using System.Collections.Generic;

namespace TimChatBridge.UserModel
{
    // One play: a game whose users come and go, on the real plugin and the real script. Who is signed in at the core is known here, and
    // whom each asker was last told of.
    internal sealed class UserPlay
    {
        internal const int NeverMore = 12;
        internal const long DeadlineMs = 30_000;
        private readonly Action<Plugin> inUse;
        private readonly List<Step> later = new List<Step>();
        // How deep in calls of the game's or of the core's that came in between.
        private int depth;
        private int onCoresThread;

        // `inUse`: from here on script finds this plugin.
        internal UserPlay(Func<UserPlay, bool, PlayedScript> connect, Action<Plugin> inUse)
        {
            this.inUse = inUse;
            Deletions = new AskedDeletions(this);
            Core = new CoreOfUsers(Deletions.IsHanded, Deletions.IsCarriedOut, () => At(Moment.InsideTheCore));
            Doubts = new Doubts(this);
            Script = new GamesScript(this, connect);
            CSharp = new GamesCSharp(this);
            Others = new GamesOtherCode(this);
            Plugin = NewPlugin(null);
            Script.Connect(false);
        }

        internal List<string> Wrong { get; } = new List<string>();

        // What was judged: a play in which nothing is deleted shows nothing.
        internal Dictionary<string, int> Judged { get; } = new Dictionary<string, int>();

        internal CoreOfUsers Core { get; }

        internal Plugin Plugin { get; private set; }

        internal GamesScript Script { get; }

        internal GamesCSharp CSharp { get; }

        internal GamesOtherCode Others { get; }

        internal AskedDeletions Deletions { get; }

        internal Doubts Doubts { get; }

        // All that the game has made, by whichever of its code.
        internal List<SessionCall> Calls { get; } = new List<SessionCall>();

        internal long Now { get; private set; } = 1000;

        internal bool IsTicking { get; private set; }

        internal bool IsEnding { get; set; }

        internal int TurnsBegun { get; private set; }

        internal int TurnsEnded { get; private set; }

        internal void Do(Step step)
        {
            if (step.At == null)
            {
                Do(step.Deed);
            }
            else
            {
                later.Add(step);
            }
        }

        internal void DoNothingLater() => later.Clear();

        internal void At(Moment moment)
        {
            int index = later.FindIndex(step => step.At == moment);
            if (index < 0 || depth > 3 || ((moment == Moment.EpochRaising || moment == Moment.ClockIsRead) && onCoresThread > 0))
            {
                return;
            }

            Deed deed = later[index].Deed;
            if (!CanHappen(deed, moment))
            {
                return;
            }

            later.RemoveAt(index);
            depth++;
            Do(deed);
            depth--;
        }

        // As on a thread of the core's, or of the game's other code: nothing else comes in between there.
        internal void OnAnotherThread(Action does)
        {
            onCoresThread++;
            does();
            onCoresThread--;
        }

        internal void Passes(long milliseconds) => Now += milliseconds;

        internal void Tick(int maxBytes)
        {
            // Never on script's stack.
            if (IsTicking || depth > 0)
            {
                return;
            }

            IsTicking = true;
            Now += 16;
            Script.TurnBegins(maxBytes);
            TurnsBegun++;
            Plugin.Tick();
            TurnsEnded++;
            if (Plugin.Current == null || Plugin.Current.Waiting == 0)
            {
                Calls.ForEach(call => call.IsLate = false);
            }

            IsTicking = false;
        }

        internal void Count(string what) => Judged[what] = (Judged.TryGetValue(what, out int before) ? before : 0) + (IsEnding ? 0 : 1);

        private static bool CanHappen(Deed deed, Moment moment)
        {
            bool isOfTheCore = deed >= Deed.CoreCarriesOutNext && deed <= Deed.CoreReports;
            bool isOfOthers = deed >= Deed.OthersLogAnnIn && deed <= Deed.OthersTellOfASignOff;
            return isOfTheCore || (moment < Moment.InsideTheCore && (isOfOthers || moment > Moment.BeforeFrames));
        }

        private Plugin NewPlugin(Plugin? previous)
        {
            var options = new PluginOptions(Core)
            {
                MonotonicMs = () =>
                {
                    At(Moment.ClockIsRead);
                    return Now;
                },
                EpochRaising = EpochIsRaised,
                MaxPendingRequests = NeverMore,
                MaxPendingCalls = NeverMore,
            };
            onCoresThread++;
            var plugin = new Plugin(options, previous);
            onCoresThread--;
            plugin.Initialize();
            CSharp.Listens(plugin.Listeners);
            inUse(plugin);
            return plugin;
        }

        private void EpochIsRaised()
        {
            // Neither another thread's, nor a session call's: script has heard a late answer, and says so.
            if (onCoresThread == 0 && Core.Making == null)
            {
                Calls.ForEach(call => call.IsLate = false);
            }

            At(Moment.EpochRaising);
        }

        private void EndPlayMode()
        {
            Doubts.Another();
            IsTicking = true;
            Plugin.Shutdown();
            IsTicking = false;
            Others.PlayModeEnds();
            Plugin = NewPlugin(Plugin);
            Script.IsGone();
            // The game's C# begins anew, too.
            CSharp.Asker.Looks(Core);
        }

        private void Do(Deed deed)
        {
            switch (deed)
            {
                case Deed.Tick:
                    Tick(1 << 20);
                    break;
                case Deed.TickThatDrainsOneFrame:
                    Tick(1);
                    break;
                case Deed.SecondPasses:
                    Passes(1000);
                    break;
                case Deed.DeadlinePasses:
                    Passes(DeadlineMs);
                    break;
                case Deed.AlmostADeadlinePasses:
                    Passes(DeadlineMs - 1);
                    break;
                case Deed.DeletionsAreSwitched:
                    Plugin.DeletionsAllowed = !Plugin.DeletionsAllowed;
                    break;
                case Deed.PlayModeEnds:
                    if (depth == 0)
                    {
                        EndPlayMode();
                    }

                    break;
                default:
                    DoAsOneOfThem(deed);
                    break;
            }
        }

        private void DoAsOneOfThem(Deed deed)
        {
            if (deed <= Deed.ScriptDeletesTwo || deed >= Deed.ScriptConnects)
            {
                Script.Do(deed);
            }
            else if (deed <= Deed.CSharpDeletesTwo)
            {
                CSharp.Deletes(deed == Deed.CSharpDeletes ? 1 : 2);
            }
            else if (deed <= Deed.OthersTellOfASignOff)
            {
                Others.Do(deed);
            }
            else if (deed <= Deed.CoreReports)
            {
                OnAnotherThread(() => CoresDeeds.Do(deed, Core, Doubts));
            }
            else
            {
                Core.Next = NextCall.IsRefused + (deed - Deed.NextCallIsRefused);
            }
        }
    }
}
