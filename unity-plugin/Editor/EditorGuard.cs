using System;
using System.Diagnostics;
using TimChatBridge.Unity;
using UnityEditor;
using Debug = UnityEngine.Debug;

namespace TimChatBridge.Editor
{
    // The native library outlives play modes and assembly reloads: a callback into what has been unloaded crashes the editor.
    // Here, and nowhere else, the editor's own ends are the bridge's ends, whoever started it: play mode, or an editor tool.
    internal static class EditorGuard
    {
        private const int LongestWaitMs = 2000;

        private static readonly Stopwatch Running = Stopwatch.StartNew();

        private static readonly ReloadFence Fence = new ReloadFence(
            EditorApplication.LockReloadAssemblies,
            EditorApplication.UnlockReloadAssemblies,
            Debug.LogError,
            () => Running.ElapsedMilliseconds);

        [InitializeOnLoadMethod]
        private static void Watch()
        {
            AssemblyReloadEvents.beforeAssemblyReload += OnAssemblyReload;
            EditorApplication.playModeStateChanged += OnPlayModeChanged;
            EditorApplication.pauseStateChanged += OnPauseChanged;
            EditorApplication.quitting += Shutdown;
            EditorApplication.update += Look;
        }

        private static void Look() => Fence.Look(BridgeLoop.OwedBeyondShutdown);

        private static void OnAssemblyReload()
        {
            Shutdown();
            Fence.Reload(BridgeLoop.AwaitCore(LongestWaitMs));
        }

        private static void OnPlayModeChanged(PlayModeStateChange change)
        {
            // Without domain reload the statics stay: nothing of this play mode may reach the next one.
            if (change == PlayModeStateChange.ExitingPlayMode)
            {
                Shutdown();
            }
            else if (change == PlayModeStateChange.EnteredPlayMode && EditorApplication.isPaused)
            {
                // The button was pressed before: nothing tells of it now.
                BridgeLoop.BeginPause(PauseReason.EditorButton);
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
                BridgeLoop.BeginPause(PauseReason.EditorButton);
            }
            else
            {
                BridgeLoop.EndPause(PauseReason.EditorButton);
            }
        }

        private static void Shutdown()
        {
            try
            {
                PlayerLoopDriver.Stop();
                // An editor tool may have used it outside play mode.
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
