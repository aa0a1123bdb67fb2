#nullable enable

using Puerts;
using UnityEngine;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// Put this on a GameObject. Runs the game's script (game.mjs, built from game.ts) in PuerTS 3 and shows the chat list in
    /// the console. The bridge's own package ticks it once a frame.
    /// </summary>
    public sealed class ChatListBehaviour : MonoBehaviour
    {
        private ScriptEnv? environment;

        private void Start()
        {
            ChatListScreen.Current = new ChatList(line => Debug.Log("[C#] " + line));
            environment = new ScriptEnv(new BackendV8());
            environment.ExecuteModule("game.mjs");
        }

        private void Update() => environment?.Tick();

        private void OnDestroy()
        {
            ChatListScreen.Current?.Dispose();
            ChatListScreen.Current = null;
            environment?.Dispose();
            environment = null;
        }
    }
}
