using System;

namespace TimChatBridge.UserModel
{
    // The real script's bridge, under Node.js: what the game's script calls. What the bridge calls comes by UserPlays.
    internal sealed class PlayedScript
    {
        private readonly Plugin plugin;
        private readonly ScriptsSide side;
        private readonly string name;
        private bool closed;

        internal PlayedScript(Plugin plugin, ScriptsSide side, bool joins)
        {
            this.plugin = plugin;
            this.side = side;
            HasJoined = joins;
            name = side.Connect(this, joins);
        }

        // Into a session that the game's other code owns.
        internal bool HasJoined { get; }

        internal bool IsOpen => !closed && plugin.Current != null;

        // At most so many bytes are drained in a turn.
        internal int MaxBytes { get; set; } = int.MaxValue;

        // The next wake throws before it drains.
        internal bool Dies { get; set; }

        // It has been woken, and has not drained.
        internal bool IsToDrain { get; private set; }

        // What it has that has not ended.
        internal int CallsUnderWay { get; private set; }

        internal void SetWake(int session, Action wake, Action<Moment> at) => NodeHost.NodeScriptPort.SetWake(session, () =>
        {
            if (Dies)
            {
                throw new InvalidOperationException("script dies");
            }

            IsToDrain = true;
            wake();
            IsToDrain = false;
            at(Moment.TurnEnd);
        });

        internal Memory<byte> Drain(int session, int maxBytes, Action<Moment> at)
        {
            if (!IsToDrain)
            {
                return NodeHost.NodeScriptPort.Drain(session, maxBytes);
            }

            IsToDrain = false;
            at(Moment.BeforeDrain);
            Memory<byte> drained = NodeHost.NodeScriptPort.Drain(session, Math.Min(maxBytes, MaxBytes));
            at(Moment.BeforeFrames);
            return drained;
        }

        // 0, or why it was refused. The callback gets the code, once.
        internal int Call(SessionMethod method, string user, Action<int> callback) =>
            Begin(number => side.Run($"{method} {name} {number} {user}"), new ScriptsCall(
                () => { },
                (code, outcome) =>
                {
                    CallsUnderWay--;
                    callback(code);
                }));

        // 0, or why it was refused. Otherwise both are called, once each.
        internal int Delete(string[] ids, Action calledBack, Action<int, Outcome> completed) =>
            Begin(number => side.Run($"delete {name} {number} {string.Join(" ", ids)}"), new ScriptsCall(
                calledBack,
                (code, outcome) =>
                {
                    CallsUnderWay--;
                    completed(code, outcome);
                }));

        internal void Close()
        {
            side.Run($"close {name}");
            closed = true;
        }

        private int Begin(Func<int, int> run, ScriptsCall call)
        {
            CallsUnderWay++;
            int returned = run(side.Register(call));
            CallsUnderWay -= returned == 0 ? 0 : 1;
            return returned;
        }
    }
}
