using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace TimChatBridge.Testing
{
    /// <summary>The game's C# in the end-to-end scenarios, as their TypeScript sees it: plain static methods.</summary>
    public static class TestGame
    {
        private static bool listenersThrow;
        private static Action tick = BridgeLoop.Tick;

        /// <summary>A fresh game: nothing is left of the scenario before. Never from inside script.</summary>
        public static void Restart()
        {
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            listenersThrow = false;
            tick = BridgeLoop.Tick;
            MessageLog.Start();
            CoreEventLog.Start();
            CoreSession.DataFolder = string.Empty;
            Conversations.Deleted += ThrowIfAsked;
            Conversations.ListenerFailed += thrown => MessageLog.Receive("ListenerFailed", Quote(thrown.Message));
        }

        /// <summary>One game frame.</summary>
        public static void Tick() => tick();

        /// <summary>Until the next Restart another game ticks.</summary>
        internal static void TickBy(Action other) => tick = other;

        /// <summary>Conversations.ConvDelete; its callback is received as "Callback".</summary>
        public static int ConvDelete(string id, int type, string userData) =>
            (int)Conversations.ConvDelete(
                id,
                (TIMConvType)type,
                (code, desc, data) => MessageLog.Receive("Callback", $"{{\"code\":{code},\"userData\":{Quote(data)}}}"),
                userData);

        /// <summary>Conversations.ConvDeleteConversationList; ids such as c2c_x parted by line feeds.</summary>
        public static int ConvDeleteList(string ids, bool clearMessage)
        {
            List<ConversationKey> keys = ids.Split('\n').Select(Parse).ToList();
            return (int)Conversations.ConvDeleteConversationList(
                keys,
                clearMessage,
                (code, desc, results, data) =>
                    MessageLog.Receive("Callback", $"{{\"code\":{code},\"results\":{results.Count}}}"));
        }

        /// <summary>Why the last of these was refused.</summary>
        public static string LastError() => Conversations.LastError?.Message ?? string.Empty;

        /// <summary>The messages since the last call, each "Name {json}", parted by line feeds.</summary>
        public static string TakeReceived() => MessageLog.TakeReceived();

        /// <summary>From now on a listener of Conversations.Deleted throws.</summary>
        public static void ThrowInListeners() => listenersThrow = true;

        /// <summary>Conversations.DeletionsAllowed.</summary>
        public static void AllowDeletions(bool allowed) => Conversations.DeletionsAllowed = allowed;

        /// <summary>CoreSession.NotifySession.</summary>
        public static void NotifySession() => CoreSession.NotifySession();

        /// <summary>CoreSession.TakesEventSlot.</summary>
        public static void TakeEventSlots(bool take) => CoreSession.TakesEventSlot = take;

        /// <summary>CoreSession.ForwardConvEvent.</summary>
        public static void ForwardConvEvent(int type, string json) => CoreSession.ForwardConvEvent(type, json);

        /// <summary>CoreSession.DataFolder.</summary>
        public static void SetDataFolder(string folder) => CoreSession.DataFolder = folder;

        /// <summary>BridgeLoop.Shutdown and Initialize, as between two play modes. Never from inside script.</summary>
        public static void NextPlayMode()
        {
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
        }

        /// <summary>Answers of the core that came for a session that had ended.</summary>
        public static int AnswersDropped() => BridgeLoop.Plugin.Diagnostics.AnswersDropped;

        /// <summary>Calls that the core has not answered, and input texts that it may still read.</summary>
        public static string InTheCore() => $"{CoreLibrary.LiveTokens} {CoreLibrary.LiveBuffers}";

        private static void ThrowIfAsked(ConversationsDeleted message)
        {
            if (listenersThrow)
            {
                throw new InvalidOperationException("a listener threw");
            }
        }

        private static ConversationKey Parse(string id) =>
            ConversationKey.TryParse(id, out var key) ? key : throw new ArgumentException("not a conversation: " + id);

        private static string Quote(string? text) => JsonSerializer.Serialize(text);
    }
}
