using System;
using System.Text;

namespace TimChatBridge
{
    /// <summary>
    /// The core's session as C# sees it, and what a game says whose other code, such as the vendor's own C# SDK, initialises the
    /// core and signs users in while script joins with <c>connect({ attach: true })</c>: it must tell the bridge of each change, so that
    /// what was asked for as one user is not carried out as another (<see cref="BeginUserChange"/> has the limit of 30 seconds).
    /// </summary>
    public static class CoreSession
    {
        private static volatile byte[] dataFolder = Array.Empty<byte>();

        /// <summary>
        /// The signed-in user has changed, or may have, and no callback of the bridge's tells of it. The core said so (kicked offline, an
        /// expired UserSig); the game did (<see cref="BeginUserChange"/>, <see cref="UserChange.Done"/>, <see cref="NotifySession"/>); or
        /// the core carried out a session call that had passed its deadline, had broken off, or was of a script that has gone. In the
        /// tick, on the main thread. A sign-off with no script connected is told when the next one is.
        /// </summary>
        public static event Action<SessionChanged>? Changed
        {
            add => BridgeLoop.Plugin.Listeners.SessionChanged += value;
            remove => BridgeLoop.Plugin.Listeners.SessionChanged -= value;
        }

        /// <summary>
        /// The core's connection to its server has changed. In the tick, on the main thread. Source:
        /// <c>TIMSetNetworkStatusListenerCallback</c>.
        /// </summary>
        public static event Action<ConnectionChanged>? ConnectionChanged
        {
            add => BridgeLoop.Plugin.Listeners.ConnectionChanged += value;
            remove => BridgeLoop.Plugin.Listeners.ConnectionChanged -= value;
        }

        /// <summary>
        /// Where the core keeps its files when script's <c>Init</c> does not say (<c>sdk_config_config_file_path</c>,
        /// <c>sdk_config_log_file_path</c>); empty: where the core likes. In Unity <c>tim-chatbridge</c> in
        /// <c>Application.persistentDataPath</c>. Script gets it when it connects. Any thread.
        /// </summary>
        public static string DataFolder
        {
            get => Encoding.UTF8.GetString(dataFolder);
            set => dataFolder = Encoding.UTF8.GetBytes(value ?? string.Empty);
        }

        /// <summary>
        /// Whether the bridge takes the core's event slots at its first call of the core: the conversation event
        /// (<c>TIMSetConvEventCallback</c>), kicked offline, UserSig expired and the network's status. The core has one of each,
        /// and whoever was listening there hears nothing more. Decided anew for each script that connects. Set it to false, before,
        /// where other code owns them and forwards what it hears with <see cref="ForwardConvEvent"/>,
        /// <see cref="ForwardNetworkStatus"/> and <see cref="NotifySession"/>. True again after <see cref="BridgeLoop.Shutdown"/>.
        /// </summary>
        /// <remarks>
        /// The core does not say who listens. The bridge gives the slots back empty, when script closes it, at Uninit and at
        /// <see cref="BridgeLoop.Shutdown"/>: a listener that other code has set since the bridge took them goes with that, and is to
        /// be set again. Where the bridge knows of other code, it says so in the log. Set to false while the bridge holds
        /// them, on the main thread, it gives them back at once: set your own listeners after that.
        /// </remarks>
        public static bool TakesEventSlot
        {
            get => BridgeLoop.Plugin.Core.Slots.TakesEventSlot;
            set => BridgeLoop.Plugin.Core.Slots.TakesEventSlot = value;
        }

        internal static byte[] DataFolderUtf8 => dataFolder;

        /// <summary>
        /// The game's other code is about to call <c>Init</c>, <c>Login</c>, <c>Logout</c> or <c>Uninit</c>: right before each, and
        /// <see cref="UserChange.Done"/> when the call has ended. What was asked for before is refused from here on, or ends as not sent
        /// or unknown. Until it is done nobody can tell whose a deletion would be: all are refused with
        /// <see cref="TIMResult.BRIDGE_ERR_USER_CHANGING"/>, for 30 seconds of foreground time at most. The core may carry the call out
        /// later than that, so that it is still to be told when it is done, and a deletion asked for meanwhile may be that user's. A
        /// script that is connected, and with it C#, hears <see cref="SessionChangeKind.Notified"/> when it begins and when it is done. What the core reports
        /// between them may be about the earlier user: list anew at each. Any number may be under way.
        /// </summary>
        /// <remarks>
        /// Any thread. On the main thread nothing can come between; on another a call that script is just handing to the core may still
        /// reach it, so that a change that is made at once could find it there. What is under way at <see cref="BridgeLoop.Shutdown"/>
        /// holds nothing back afterwards; its end is told to whoever is connected by then.
        /// </remarks>
        /// <returns>The change, for its end.</returns>
        public static UserChange BeginUserChange()
        {
            BridgeLoop.Plugin.Core.Slots.OthersUseTheCore();
            return BridgeLoop.Plugin.GamesChanges.Begin();
        }

        /// <summary>
        /// The signed-in user has changed by itself: kicked offline, an expired UserSig, or a change that was not announced with
        /// <see cref="BeginUserChange"/>. What was asked for before is refused from there on, or ends as not sent or unknown. Any thread.
        /// </summary>
        /// <param name="kind">What happened, for those who listen to <see cref="Changed"/>.</param>
        public static void NotifySession(SessionChangeKind kind = SessionChangeKind.Notified)
        {
            BridgeLoop.Plugin.Core.Slots.OthersUseTheCore();
            BridgeLoop.Plugin.SessionChanged(
                kind == SessionChangeKind.KickedOffline || kind == SessionChangeKind.UserSigExpired
                    ? (Protocol.SessionEventKind)kind
                    : Protocol.SessionEventKind.Notified);
        }

        /// <summary>Hands on a conversation event that the game's other code received. Any thread.</summary>
        /// <param name="convEvent">TIMConvEvent: 0 Add, 1 Del, 2 Update, 3 Start, 4 Finish.</param>
        /// <param name="jsonConvArray">json_conv_array as the core gave it; null or empty for Start and Finish.</param>
        public static void ForwardConvEvent(int convEvent, string? jsonConvArray)
        {
            BridgeLoop.Plugin.Core.Slots.OthersForward(nameof(ForwardConvEvent));
            BridgeLoop.Plugin.ConversationEvent(convEvent, Utf8(jsonConvArray));
        }

        /// <summary>Hands on a change of the connection that the game's other code received. Any thread.</summary>
        /// <param name="status">TIMNetworkStatus: 0 connected, 1 disconnected, 2 connecting, 3 connecting failed.</param>
        /// <param name="code">The core's code.</param>
        /// <param name="desc">The core's words.</param>
        public static void ForwardNetworkStatus(int status, int code, string? desc)
        {
            BridgeLoop.Plugin.Core.Slots.OthersForward(nameof(ForwardNetworkStatus));
            BridgeLoop.Plugin.NetworkStatus(status, code, Utf8(desc));
        }

        private static byte[] Utf8(string? text) => text == null ? Array.Empty<byte>() : Encoding.UTF8.GetBytes(text);
    }
}
