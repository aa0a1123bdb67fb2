using System;

namespace TimChatBridge
{
    /// <summary>
    /// Drives the bridge. Unity projects need not touch it: Runtime/Unity does. Elsewhere the host calls
    /// <see cref="Initialize"/> once on its main thread and <see cref="Tick"/> once a frame.
    /// </summary>
    public static class BridgeLoop
    {
        private static readonly object Gate = new object();
        private static Plugin? current;
        // Of the play mode before, where the domain was not reloaded since.
        private static Plugin? previous;

        /// <summary>
        /// Where the bridge says what nobody else is told: a listener that threw, a script that died, the first refusal of each kind
        /// of what script sent. Called on the main thread, or on the wrong one where something that belongs to the main thread was
        /// done there. By default standard error; in Unity each start (play mode, or the player's) sets it
        /// to <c>Debug.LogError</c>. The bridge's own words carry neither a UserSig nor a conversation's id; what a
        /// listener or a script of the game's threw is logged whole, as the game worded it.
        /// </summary>
        public static Action<string>? Log { get; set; } = Console.Error.WriteLine;

        // Never null, so that a game may subscribe before the host has called Initialize.
        internal static Plugin Plugin
        {
            get
            {
                lock (Gate)
                {
                    return current ??= new Plugin(
                        new PluginOptions(new CoreLibrary()) { Log = WriteLog, DataFolder = () => CoreSession.DataFolderUtf8 }, previous);
                }
            }
        }

        // What a core that a shutdown would not let go of owes: answers to calls that it was given. Any thread.
        internal static int OwedBeyondShutdown
        {
            get
            {
                lock (Gate)
                {
                    return current != null && current.Core.OwnsCore ? 0 : CoreLibrary.Owed;
                }
            }
        }

        /// <summary>Takes the calling thread as the main thread. Calling it again on that thread does nothing.</summary>
        /// <exception cref="InvalidOperationException">Another thread is the main thread already.</exception>
        public static void Initialize() => Plugin.Initialize();

        /// <summary>
        /// One frame: wakes script, which drains what waits for it; then calls C# listeners and callbacks; then ends C# requests
        /// that have waited too long. Called from inside a listener or script it does nothing.
        /// </summary>
        /// <exception cref="InvalidOperationException">Not on the main thread, or <see cref="Initialize"/> has not run.</exception>
        public static void Tick()
        {
            var plugin = Plugin;
            plugin.Tick();
            Forget(plugin);
        }

        /// <summary>
        /// The host stops ticking for a while: deadlines stand still until <see cref="Resume"/>. In Unity not needed for what
        /// Unity tells of (the background, the editor's pause button), which stays as it is beside this. Any thread.
        /// </summary>
        public static void Pause() => Plugin.Clock.Pause();

        /// <summary>Ends what <see cref="Pause"/> began, however often that was called. Any thread.</summary>
        public static void Resume() => Plugin.Clock.Resume();

        /// <summary>
        /// Ends everything, at play mode's exit, before an assembly reload or at quit: C#'s own requests end as not sent or
        /// unknown and their callbacks run now; script's session is closed, listeners are forgotten, the core's event slots are
        /// given back, and a core that script initialised is let go of (<c>TIMUninit</c>). Afterwards <see cref="Initialize"/> begins anew.
        /// Inside a tick it takes effect at that tick's end.
        /// </summary>
        /// <exception cref="InvalidOperationException">Not on the main thread.</exception>
        public static void Shutdown()
        {
            Plugin? plugin;
            lock (Gate)
            {
                plugin = current;
            }

            if (plugin != null)
            {
                plugin.Shutdown();
                Forget(plugin);
            }
        }

        /// <summary>
        /// Waits, after <see cref="Shutdown"/>, until the core has answered every call that it was given: a callback into an assembly
        /// that has been unloaded crashes the editor. The answers are dropped, and their memory is freed. On Windows and macOS the
        /// core answers on the thread that initialised it: waiting there waits in vain.
        /// </summary>
        /// <param name="milliseconds">How long at most.</param>
        /// <returns>How many calls it still owes an answer.</returns>
        public static int AwaitCore(int milliseconds) => CoreLibrary.AwaitAnswers(milliseconds);

        internal static void BeginPause(PauseReason reason) => Plugin.Clock.Pause(reason);

        internal static void EndPause(PauseReason reason) => Plugin.Clock.Resume(reason);

        private static void Forget(Plugin plugin)
        {
            if (plugin.IsShutDown)
            {
                lock (Gate)
                {
                    if (ReferenceEquals(current, plugin))
                    {
                        current = null;
                        previous = plugin;
                    }
                }
            }
        }

        private static void WriteLog(string line) => Log?.Invoke(line);
    }
}
