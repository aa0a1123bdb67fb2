using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// Deletes conversations from C#, and tells C# of every deletion, whoever asked for it. All of it on the main thread, but for
    /// <see cref="DeletionsAllowed"/>; the events and callbacks come in <see cref="BridgeLoop.Tick"/>, never inside a call and never
    /// on the script's stack.
    /// </summary>
    public static class Conversations
    {
        /// <summary>Conversations are gone from this client's list. Source: <c>TIMConvEvent_Del</c>.</summary>
        public static event Action<ConversationsDeleted>? Deleted
        {
            add => BridgeLoop.Plugin.Listeners.Deleted += value;
            remove => BridgeLoop.Plugin.Listeners.Deleted -= value;
        }

        /// <summary>Conversations are new in this client's list, or back. Source: <c>TIMConvEvent_Add</c>.</summary>
        public static event Action<ConversationsAdded>? Added
        {
            add => BridgeLoop.Plugin.Listeners.Added += value;
            remove => BridgeLoop.Plugin.Listeners.Added -= value;
        }

        /// <summary>
        /// Conversations have changed. Those that were deleted are left out until something new happens in them, so that no late
        /// update brings one back. Source: <c>TIMConvEvent_Update</c>.
        /// </summary>
        public static event Action<ConversationsUpdated>? Updated
        {
            add => BridgeLoop.Plugin.Listeners.Updated += value;
            remove => BridgeLoop.Plugin.Listeners.Updated -= value;
        }

        /// <summary>The core fetches the list from its server, or has. Source: <c>TIMConvEvent_Start</c>,
        /// <c>TIMConvEvent_Finish</c>.</summary>
        public static event Action<ConversationListSync>? ListSync
        {
            add => BridgeLoop.Plugin.Listeners.ListSync += value;
            remove => BridgeLoop.Plugin.Listeners.ListSync -= value;
        }

        /// <summary>
        /// Events were lost, or came while the user was changing, and this is the list as the core has it now. Source:
        /// <c>TIMConvGetConvList</c>.
        /// </summary>
        public static event Action<ConversationListReset>? ListReset
        {
            add => BridgeLoop.Plugin.Listeners.ListReset += value;
            remove => BridgeLoop.Plugin.Listeners.ListReset -= value;
        }

        /// <summary>A deletion that C# or script asked for has ended. After the callback of the call, if it has one.</summary>
        public static event Action<DeleteCompleted>? DeleteCompleted
        {
            add => BridgeLoop.Plugin.Listeners.DeleteCompleted += value;
            remove => BridgeLoop.Plugin.Listeners.DeleteCompleted -= value;
        }

        /// <summary>The core answered a deletion that had ended as <see cref="Outcome.Unknown"/>.</summary>
        public static event Action<LateResult>? LateResult
        {
            add => BridgeLoop.Plugin.Listeners.LateResult += value;
            remove => BridgeLoop.Plugin.Listeners.LateResult -= value;
        }

        /// <summary>
        /// A listener or callback threw. It stopped no other. Where nobody listens, <see cref="BridgeLoop.Log"/> gets it.
        /// </summary>
        public static event Action<Exception>? ListenerFailed
        {
            add => BridgeLoop.Plugin.Listeners.ListenerFailed += value;
            remove => BridgeLoop.Plugin.Listeners.ListenerFailed -= value;
        }

        /// <summary>Why the last deletion asked for here was refused; null when it was accepted.</summary>
        public static BridgeError? LastError => BridgeLoop.Plugin.Requests.LastError;

        /// <summary>
        /// The game's own veto. While false, no deletion is accepted here or from script, and none that was accepted before is handed
        /// to the core any more: they are refused, or end as not sent, with <see cref="TIMResult.BRIDGE_ERR_VETOED"/>. It reaches every
        /// bridge that has the plugin; one that script opened with <c>plugin: false</c> does without it. True unless the game says
        /// otherwise, and again after <see cref="BridgeLoop.Shutdown"/>. Any thread.
        /// </summary>
        public static bool DeletionsAllowed
        {
            get => BridgeLoop.Plugin.DeletionsAllowed;
            set => BridgeLoop.Plugin.DeletionsAllowed = value;
        }

        /// <summary>
        /// Deletes one conversation and its history, on client and server, for good. Carried out by script's bridge, on whatever
        /// core that runs on. Maps <c>TIMConvDelete</c>.
        /// </summary>
        /// <param name="convId">Bare userID (at most 32 bytes of UTF-8) or groupID (at most 48; topics 96).</param>
        /// <param name="convType">C2C or Group.</param>
        /// <param name="callback">The answer; once, in a later tick, if and only if this returns TIM_SUCC.</param>
        /// <param name="userData">Handed to the callback as it is; never leaves C#.</param>
        /// <returns>
        /// <see cref="TIMResult.TIM_SUCC"/>: accepted, and exactly one callback and one <see cref="DeleteCompleted"/> follow.
        /// <see cref="TIMResult.TIM_ERR_PARAM"/>: id or type is wrong. <see cref="TIMResult.TIM_ERR_SDKUNINIT"/>: script has not
        /// connected. <see cref="TIMResult.BRIDGE_ERR_BUSY"/>: too many are under way.
        /// <see cref="TIMResult.BRIDGE_ERR_VETOED"/>: see <see cref="DeletionsAllowed"/>.
        /// <see cref="TIMResult.BRIDGE_ERR_USER_CHANGING"/>: see <see cref="CoreSession.BeginUserChange"/>; or
        /// <see cref="CoreSession.Changed"/> is about to tell of a change. <see cref="LastError"/> says more.
        /// </returns>
        /// <exception cref="InvalidOperationException">Not on the main thread.</exception>
        public static TIMResult ConvDelete(
            string convId, TIMConvType convType, ConvDeleteCallback? callback = null, string? userData = null) =>
            BridgeLoop.Plugin.Requests.ConvDelete(convId, convType, callback, userData);

        /// <summary>
        /// Deletes up to 100 conversations. Carried out by script's bridge, on whatever core that runs on. Maps
        /// <c>TIMConvDeleteConversationList</c>.
        /// </summary>
        /// <param name="conversations">1 to 100 users or groups.</param>
        /// <param name="clearMessage">True clears their history on client and server, for good; false keeps it.</param>
        /// <param name="callback">The answer; once, in a later tick, if and only if this returns TIM_SUCC.</param>
        /// <param name="userData">Handed to the callback as it is; never leaves C#.</param>
        /// <returns>As for <see cref="ConvDelete"/>; also TIM_ERR_PARAM for a wrong number of conversations.</returns>
        /// <exception cref="InvalidOperationException">Not on the main thread.</exception>
        public static TIMResult ConvDeleteConversationList(
            IReadOnlyList<ConversationKey> conversations,
            bool clearMessage,
            ConvDeleteListCallback? callback = null,
            string? userData = null) =>
            BridgeLoop.Plugin.Requests.ConvDeleteConversationList(conversations, clearMessage, callback, userData);
    }
}
