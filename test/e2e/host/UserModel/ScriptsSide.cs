using System;
using System.Collections.Generic;

namespace TimChatBridge.UserModel
{
    // The scripts of one play, as C# reaches them: by lines, which test/e2e/host/played-bridges.mjs carries out.
    internal sealed class ScriptsSide
    {
        private readonly Func<string, int> run;
        private readonly List<ScriptsCall> calls = new List<ScriptsCall>();
        private int connected;

        internal ScriptsSide(Func<string, int> run)
        {
            this.run = run;
        }

        // The script that connects just now.
        internal PlayedScript? Connecting { get; private set; }

        internal Dictionary<int, PlayedScript> Sessions { get; } = new Dictionary<int, PlayedScript>();

        internal int Run(string line) => run(line);

        internal string Connect(PlayedScript script, bool joins)
        {
            string name = $"script-{++connected}";
            PlayedScript? outer = Connecting;
            Connecting = script;
            if (run($"{(joins ? "join" : "connect")} {name}") != 0)
            {
                throw new InvalidOperationException("script could not connect");
            }

            Connecting = outer;
            return name;
        }

        // Its number.
        internal int Register(ScriptsCall call)
        {
            calls.Add(call);
            return calls.Count - 1;
        }

        internal ScriptsCall Find(int number) => calls[number];
    }
}
