namespace TimChatBridge
{
    // The game's other code changes who is signed in: it says so before each of its calls, and again when that has ended. Until all have,
    // nothing is deleted. Any thread.
    internal sealed class GamesChanges
    {
        private readonly object gate = new object();
        private readonly Plugin plugin;
        private readonly ChangesUnderWay underWay = new ChangesUnderWay();
        private int begun;
        // The core was let go of in the change of that number: it carries out none up to it.
        private int letGo;

        internal GamesChanges(Plugin plugin)
        {
            this.plugin = plugin;
        }

        internal bool AreUnderWay => underWay.Any(plugin.Clock.NowMs);

        internal UserChange Begin()
        {
            UserChange change;
            lock (gate)
            {
                change = new UserChange(this, ++begun);
                underWay.Add(change, plugin.Clock.NowMs);
            }

            // Last: whoever finds the new epoch finds it under way.
            plugin.SessionChanged(Protocol.SessionEventKind.Notified);
            return change;
        }

        // Once, whichever way it ends first.
        internal void End(UserChange change, bool coreLetGo)
        {
            lock (gate)
            {
                if (change.HasEnded || change.Number <= letGo)
                {
                    return;
                }

                change.HasEnded = true;
                letGo = coreLetGo ? change.Number : letGo;
            }

            // First: no deletion may pass between the two. Whoever is there now does not know who is signed in.
            Plugin latest = plugin.Latest;
            latest.SessionChanged(Protocol.SessionEventKind.Notified);
            if (coreLetGo)
            {
                latest.Core.WasLetGoOf(latest.Epoch);
                underWay.EndUpTo(change);
            }
            else
            {
                underWay.End(change);
            }
        }
    }
}
