using System;

namespace TimChatBridge
{
    // The core's event slots, of which the process has one each: taken at script's first call of the core, or left to the game's other
    // code, which hands on what it hears. Nobody's listener is lost without a word. Main thread, where nothing else is said.
    internal sealed class EventSlots
    {
        private readonly Plugin plugin;
        private readonly ICoreLibrary library;
        private bool listening;
        private volatile bool took;
        private bool takesEventSlot = true;
        private bool saidTaken;
        private volatile bool saidForwarded;
        private volatile bool othersUseTheCore;

        internal EventSlots(Plugin plugin, ICoreLibrary library)
        {
            this.plugin = plugin;
            this.library = library;
        }

        // Whether they are taken. Refused while they are held they are given back at once: later, what the game sets there meanwhile
        // would go with them.
        internal bool TakesEventSlot
        {
            get => takesEventSlot;
            set
            {
                takesEventSlot = value;
                if (!value && listening && took && plugin.OnMainThread)
                {
                    LeaveSlots();
                }
            }
        }

        internal bool AreHeld => listening && took;

        internal void Listen(ScriptSession session)
        {
            if (!listening)
            {
                bool take = TakesEventSlot;
                library.Listen(plugin, take);
                took = take;
                listening = true;
            }

            if (took && session.Attached && !saidTaken)
            {
                saidTaken = true;
                othersUseTheCore = true;
                // The core cannot be asked whether somebody was listening.
                plugin.Log(
                    "the bridge has taken the core's event slots in a session that it joined: listeners that the game's other code had set "
                    + "there hear nothing more. To keep them, set CoreSession.TakesEventSlot = false and forward what they hear");
            }
        }

        // Nobody says that a slot set before TIMInit survives it. The core is initialised by now, whatever comes of this.
        internal void ListenAnew(ScriptSession session)
        {
            listening = false;
            try
            {
                Listen(session);
            }
            catch (Exception thrown)
            {
                plugin.Log($"the core's event slots could not be taken: {thrown.Message}");
            }
        }

        // Another script is there: what the game has set since holds for it, and whose session it joins is its own matter.
        internal void DecideAnew()
        {
            saidTaken = false;
            saidForwarded = false;
            if (listening && took != TakesEventSlot)
            {
                StopListening();
            }
        }

        // Gives the event slots back, where they are ours.
        internal void StopListening()
        {
            if (!listening)
            {
                return;
            }

            bool gaveBack = took;
            listening = false;
            took = false;
            try
            {
                library.Listen(null, gaveBack);
            }
            catch (Exception thrown)
            {
                plugin.Log($"the core's event slots could not be given back: {thrown.Message}");
                return;
            }

            if (gaveBack && othersUseTheCore)
            {
                // The core cannot be asked whose listener it was that went.
                plugin.Log(
                    "the bridge has given the core's event slots back, empty: a listener that the game's other code had set there, before the "
                    + "bridge took them or since, hears nothing until it is set again");
            }
        }

        // The game's other code has shown that it uses the core, too. Any thread.
        internal void OthersUseTheCore() => othersUseTheCore = true;

        // The game's other code hears an event that the bridge has a slot for. Any thread.
        internal void OthersForward(string what)
        {
            othersUseTheCore = true;
            if (took && !saidForwarded)
            {
                saidForwarded = true;
                plugin.Log(
                    $"{what} was called while the bridge holds the core's event slots: either another listener has been set in one of them since, "
                    + "and the bridge hears nothing there, or events come twice. Set CoreSession.TakesEventSlot = false before script connects");
            }
        }

        private void LeaveSlots()
        {
            othersUseTheCore = true;
            StopListening();
            ScriptSession? session = plugin.Current;
            if (session != null)
            {
                ListenAnew(session);
                // What the core reports until the other code listens goes to nobody.
                session.Queue.AddEventsLost();
            }
        }
    }
}
