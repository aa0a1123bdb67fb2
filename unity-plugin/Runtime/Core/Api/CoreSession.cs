using System;

namespace TimChatBridge
{
    /// <summary>
    /// For a game whose other code, such as the vendor's own C# SDK, initialises the core and signs users in: it must tell the
    /// bridge of each change, so that what one user asked for never runs as another.
    /// </summary>
    public static class CoreSession
    {
        /// <summary>
        /// Whether the bridge takes the core's one conversation event slot (<c>TIMSetConvEventCallback</c>) at its first call of
        /// the core. Set it to false, before script connects, where other code owns the slot and forwards its events
        /// with <see cref="ForwardConvEvent"/>. True again after <see cref="BridgeLoop.Shutdown"/>.
        /// </summary>
        public static bool TakesEventSlot
        {
            get => BridgeLoop.Plugin.Core.TakesEventSlot;
            set => BridgeLoop.Plugin.Core.TakesEventSlot = value;
        }

        /// <summary>
        /// The signed-in user has changed, or the core was initialised or let go of. Deletions asked for before are refused from
        /// here on. Any thread; call it before the core can carry out a call as the new user.
        /// </summary>
        public static void NotifySession() => BridgeLoop.Plugin.SessionChanged(Protocol.SessionEventKind.Notified);

        /// <summary>Hands on a conversation event that the game's other code received. Any thread.</summary>
        /// <param name="convEvent">TIMConvEvent: 0 Add, 1 Del, 2 Update, 3 Start, 4 Finish.</param>
        /// <param name="jsonConvArray">json_conv_array as the core gave it; null or empty for Start and Finish.</param>
        public static void ForwardConvEvent(int convEvent, string? jsonConvArray) =>
            BridgeLoop.Plugin.ConversationEvent(
                convEvent, jsonConvArray == null ? Array.Empty<byte>() : System.Text.Encoding.UTF8.GetBytes(jsonConvArray));
    }
}
