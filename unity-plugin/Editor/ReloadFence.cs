using System;

namespace TimChatBridge.Editor
{
    // An answer that comes after an assembly reload runs code that is gone. A core that script initialised is let go of before
    // one; a core that the game's other code initialised is not ours to stop, so that reloads are held back as long as it owes an
    // answer. Not by waiting in the reload: on Windows and macOS the answer comes on the very thread that would wait. Names no
    // engine, so that it is tested without one.
    internal sealed class ReloadFence
    {
        // As long as a call waits for its answer by default: one that has not come by now may never come.
        internal const long LongestHoldMs = 30_000;

        private readonly Action hold;
        private readonly Action release;
        private readonly Action<string> say;
        private readonly Func<long> nowMs;
        private bool holding;
        private bool gaveUp;
        private long since;

        // `hold` and `release` come in pairs; the editor counts them across reloads.
        internal ReloadFence(Action hold, Action release, Action<string> say, Func<long> nowMs)
        {
            this.hold = hold;
            this.release = release;
            this.say = say;
            this.nowMs = nowMs;
        }

        // Once an editor update, with the answers that are owed and that no shutdown would end.
        internal void Look(int owed)
        {
            if (owed == 0)
            {
                gaveUp = false;
                Release();
            }
            else if (!holding && !gaveUp)
            {
                holding = true;
                since = nowMs();
                hold();
            }
            else if (holding && nowMs() - since >= LongestHoldMs)
            {
                gaveUp = true;
                Release();
                say(
                    $"TIM ChatBridge: for {LongestHoldMs / 1000} s the chat core has owed {owed} answers. Assembly reloads were held back "
                    + "for them, and no longer are. One that comes after a reload crashes the editor: before you recompile or change play "
                    + "mode, have the code that initialised the core call its Uninit and say so (UserChange.Done(coreLetGo: true)), or restart "
                    + "the editor.");
            }
        }

        // The assemblies are about to go, and what is still owed was waited for in vain.
        internal void Reload(int owed)
        {
            Release();
            if (owed > 0)
            {
                say(
                    $"TIM ChatBridge: the assemblies are reloaded while the chat core owes {owed} answers. One that comes from here on "
                    + "crashes the editor: save, and restart it. To avoid this, have the code that initialised the core call its Uninit "
                    + "and say so (UserChange.Done(coreLetGo: true)) before play mode ends.");
            }
        }

        private void Release()
        {
            if (holding)
            {
                holding = false;
                release();
            }
        }
    }
}
