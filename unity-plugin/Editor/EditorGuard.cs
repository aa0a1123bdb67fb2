using System;
using UnityEditor;
using UnityEngine;

namespace TimChatBridge.Editor
{
    // The native library outlives play modes and assembly reloads: a callback into what has been unloaded crashes the editor.
    // Whoever started the bridge, play mode or an editor tool, it is shut down before the assemblies go.
    internal static class EditorGuard
    {
        [InitializeOnLoadMethod]
        private static void Watch()
        {
            AssemblyReloadEvents.beforeAssemblyReload += Shutdown;
            EditorApplication.playModeStateChanged += OnPlayModeChanged;
            EditorApplication.pauseStateChanged += OnPauseChanged;
            EditorApplication.quitting += Shutdown;
        }

        private static void OnPlayModeChanged(PlayModeStateChange change)
        {
            // Without domain reload the statics stay: nothing of this play mode may reach the next one.
            if (change == PlayModeStateChange.ExitingPlayMode)
            {
                Shutdown();
            }
        }

        // The editor's pause button stops the player loop and tells no component.
        private static void OnPauseChanged(PauseState state)
        {
            if (!EditorApplication.isPlaying)
            {
                return;
            }

            if (state == PauseState.Paused)
            {
                BridgeLoop.Pause();
            }
            else
            {
                BridgeLoop.Resume();
            }
        }

        private static void Shutdown()
        {
            try
            {
                BridgeLoop.Shutdown();
            }
            catch (InvalidOperationException thrown)
            {
                // Only if a tool initialised the bridge on a thread of its own.
                Debug.LogWarning("TIM ChatBridge was not shut down: " + thrown.Message);
            }
        }
    }
}
