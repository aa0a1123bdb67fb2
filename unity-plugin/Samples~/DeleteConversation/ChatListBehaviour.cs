#nullable enable

using Puerts;
using UnityEngine;
#if TIM_CHATBRIDGE_PUERTS_2
using ScriptEnvironment = Puerts.JsEnv;
#else
using ScriptEnvironment = Puerts.ScriptEnv;
#endif

namespace TimChatBridge.Samples
{
    /// <summary>
    /// Put this on a GameObject. Runs the game's script (delete-conversation.mjs, built from game.ts) in PuerTS and shows the
    /// chat list in the console. The bridge's own package ticks it once a frame.
    /// </summary>
    public sealed class ChatListBehaviour : MonoBehaviour
    {
        private ScriptEnvironment? environment;

        private void Start()
        {
            ChatListScreen.Current = new ChatList(line => Debug.Log("[C#] " + line));
#if TIM_CHATBRIDGE_PUERTS_2
            environment = new JsEnv();
#elif UNITY_WEBGL && !UNITY_EDITOR
            environment = Puerts.WebGL.MainEnv.Get();
#else
            // On QuickJS: new BackendQuickJS().
            environment = new ScriptEnv(new BackendV8());
#endif
            environment.ExecuteModule("delete-conversation.mjs");
        }

        private void Update() => environment?.Tick();

        private void OnDestroy()
        {
            ChatListScreen.Current?.Dispose();
            ChatListScreen.Current = null;
#if !UNITY_WEBGL || UNITY_EDITOR
            // WebGL has one environment, and it throws when it is disposed.
            environment?.Dispose();
#endif
            environment = null;
        }
    }
}
