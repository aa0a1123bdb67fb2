using System;

namespace UnityEditor
{
    internal enum PlayModeStateChange
    {
        EnteredEditMode,
        ExitingEditMode,
        EnteredPlayMode,
        ExitingPlayMode,
    }

    internal enum PauseState
    {
        Paused,
        Unpaused,
    }

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class InitializeOnLoadMethodAttribute : Attribute
    {
    }

    internal static class EditorApplication
    {
        internal delegate void CallbackFunction();

        public static event Action<PlayModeStateChange>? playModeStateChanged;

        public static event Action<PauseState>? pauseStateChanged;

        public static event Action? quitting;

        public static CallbackFunction? update { get; set; }

        public static bool isPlaying { get; set; }

        internal static int Locks { get; private set; }

        public static void LockReloadAssemblies() => Locks++;

        public static void UnlockReloadAssemblies() => Locks--;

        internal static void Change(PlayModeStateChange change) => playModeStateChanged?.Invoke(change);

        internal static void Pause(PauseState state) => pauseStateChanged?.Invoke(state);

        internal static void Quit() => quitting?.Invoke();
    }

    internal static class AssemblyReloadEvents
    {
        internal delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback? beforeAssemblyReload;

        internal static void Begin() => beforeAssemblyReload?.Invoke();
    }
}
