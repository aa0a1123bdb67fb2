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
    /// Put this on a GameObject with a ChatListWindow, a ScriptedChatListWindow, or both. Runs the game's script
    /// (chat-list.mjs, built from game.ts). The bridge's own package ticks the bridge.
    /// </summary>
    public sealed class ChatListGame : MonoBehaviour
    {
        private ScriptEnvironment? environment;

        private void Start()
        {
#if TIM_CHATBRIDGE_PUERTS_2
            environment = new JsEnv();
#elif UNITY_WEBGL && !UNITY_EDITOR
            environment = Puerts.WebGL.MainEnv.Get();
#else
            // On QuickJS: new BackendQuickJS().
            environment = new ScriptEnv(new BackendV8());
#endif
            environment.ExecuteModule("chat-list.mjs");
        }

        // Script's timers run here.
        private void Update() => environment?.Tick();

        private void OnDestroy()
        {
            ScriptedChatListWindow.Forget();
#if !UNITY_WEBGL || UNITY_EDITOR
            // WebGL has one environment, and it throws when it is disposed.
            environment?.Dispose();
#endif
            environment = null;
        }
    }
}
