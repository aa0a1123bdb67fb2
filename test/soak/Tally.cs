using System;
using System.Collections.Generic;

namespace TimChatBridge.Soak
{
    // What the run counted itself.
    internal sealed class Tally
    {
        private readonly List<WeakReference> wakes = new List<WeakReference>();

        internal long Sent { get; set; }

        internal long Settled { get; set; }

        // Never answered, and given up by script.
        internal long Forgotten { get; set; }

        internal long DelEvents { get; set; }

        // Completions that C#'s listener heard of.
        internal long Completions { get; set; }

        // The first thing that went wrong where it could not be thrown: inside a wake, a listener or the log.
        internal string? Failure { get; set; }

        internal void Hand(Action wake) => wakes.Add(new WeakReference(wake));

        // Script delegates that C# was given and that still live.
        internal int CountWakesHeld()
        {
            wakes.RemoveAll(wake => !wake.IsAlive);
            return wakes.Count;
        }
    }
}
