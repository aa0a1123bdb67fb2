using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace TimChatBridge.UserModel
{
    /// <summary>
    /// Random plays of a game whose users come and go, on the whole path: the shipped script and the production plugin, on a core that
    /// carries things out when the play says so. Main thread.
    /// </summary>
    public static class UserPlays
    {
        private static readonly FieldInfo CurrentPlugin =
            typeof(BridgeLoop).GetField("current", BindingFlags.Static | BindingFlags.NonPublic)
            ?? throw new MissingMemberException("BridgeLoop.current is gone: UserPlays must follow the production code");

        private static readonly Dictionary<string, int> Judged = new Dictionary<string, int>();
        private static Func<string, int> runLine = _ => throw new InvalidOperationException("UserPlays.Use comes first");
        private static ScriptsSide side = new ScriptsSide(runLine);
        private static UserPlay? play;

        /// <summary>What carries out the lines that the plays have for script; it returns a call's TIMResult.</summary>
        public static void Use(Func<string, int> run) => runLine = run;

        /// <summary>Plays what follows from a seed. Empty; or, made short, what is against the rules.</summary>
        public static string Play(int seed)
        {
            Step[] steps = new RandomPlays((ulong)seed).NewPlay();
            if (Played(steps, true).Count == 0)
            {
                return string.Empty;
            }

            steps = RandomPlays.Shortened(steps, fewer => Played(fewer, false).Count > 0);
            return Told(steps);
        }

        /// <summary>Plays these deeds, as <see cref="Play"/> names them. Empty; or what is against the rules.</summary>
        public static string Replay(string deeds)
        {
            Step[] steps = deeds.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Step.Parse).ToArray();
            return Played(steps, false).Count == 0 ? string.Empty : Told(steps);
        }

        /// <summary>How much of it has been judged so far.</summary>
        public static int TimesJudged(string what) => Judged.TryGetValue(what, out int times) ? times : 0;

        /// <summary>As ScriptPort's.</summary>
        public static void SetWake(int session, Action wake)
        {
            PlayedScript script = side.Connecting!;
            side.Sessions.Add(session, script);
            script.SetWake(session, wake, At);
        }

        /// <summary>As ScriptPort's.</summary>
        public static Memory<byte> Drain(int session, int maxBytes) =>
            side.Sessions.TryGetValue(session, out PlayedScript? script)
                ? script.Drain(session, maxBytes, At)
                : NodeHost.NodeScriptPort.Drain(session, maxBytes);

        /// <summary>Script's callback for a deletion runs.</summary>
        public static void CalledBack(int call) => side.Find(call).CalledBack();

        /// <summary>Script hears how a call has ended. A deletion's outcome is C#'s number for it.</summary>
        public static void Ended(int call, int code, int outcome) => side.Find(call).Ended(code, (Outcome)outcome);

        /// <summary>Script's listener is told that who is signed in has changed.</summary>
        public static void Told(bool nobodyKnows) => play!.Script.IsTold(nobodyKnows);

        /// <summary>Script's listener hears of a conversation, or of a deletion that C# asked for.</summary>
        public static void FrameIsHeard() => At(Moment.BeforeAFrame);

        /// <summary>Script has found something that is against the rules.</summary>
        public static void Wrong(string what) => play!.Wrong.Add(what);

        // None while the first script connects.
        private static void At(Moment moment) => play?.At(moment);

        private static string Told(Step[] steps) => $"{string.Join(", ", steps)}:\n{string.Join("\n", Played(steps, false))}";

        private static List<string> Played(Step[] steps, bool counts)
        {
            side = new ScriptsSide(runLine);
            play = null;
            var wrong = new List<string>();
            try
            {
                play = new UserPlay((its, joins) => new PlayedScript(its.Plugin, side, joins), plugin => CurrentPlugin.SetValue(null, plugin));
                wrong = play.Wrong;
                foreach (Step step in steps)
                {
                    play.Do(step);
                }

                PlaysEnd.Judge(play);
            }
            catch (Exception thrown)
            {
                wrong.Add(thrown.ToString());
            }

            foreach (KeyValuePair<string, int> each in play?.Judged.ToArray() ?? Array.Empty<KeyValuePair<string, int>>())
            {
                Judged[each.Key] = TimesJudged(each.Key) + (counts ? each.Value : 0);
            }

            runLine("end");
            return wrong;
        }
    }
}
