using System;
using System.IO;
using System.Linq;
using TimChatBridge.UnityTests;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class InitializeOnLoadMethodAttribute : Attribute
    {
    }

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

    internal static class EditorApplication
    {
        // Fields in Unity, too.
        public static CallbackFunction? delayCall;

        public static CallbackFunction? update;

        public delegate void CallbackFunction();

        public static event Action<PlayModeStateChange>? playModeStateChanged;

        public static event Action<PauseState>? pauseStateChanged;

        public static event Action? quitting;

        public static bool isPlaying { get; set; }

        public static bool isPaused { get; set; }

        internal static int Locks { get; private set; }

        public static void LockReloadAssemblies() => Locks++;

        public static void UnlockReloadAssemblies() => Locks--;

        internal static void Forget()
        {
            delayCall = null;
            update = null;
            playModeStateChanged = null;
            pauseStateChanged = null;
            quitting = null;
            isPaused = false;
        }

        // The editor's next turn.
        internal static void Turn()
        {
            CallbackFunction? due = delayCall;
            delayCall = null;
            due?.Invoke();
        }

        internal static void Change(PlayModeStateChange change) => playModeStateChanged?.Invoke(change);

        internal static void Pause(PauseState state)
        {
            isPaused = state == PauseState.Paused;
            pauseStateChanged?.Invoke(state);
        }

        internal static void Quit() => quitting?.Invoke();
    }

    internal static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback? beforeAssemblyReload;

        internal static void Forget() => beforeAssemblyReload = null;

        internal static void Begin() => beforeAssemblyReload?.Invoke();
    }

    internal static class SessionState
    {
        public static bool GetBool(string key, bool defaultValue) =>
            PlayedEditor.Session.TryGetValue(key, out bool value) ? value : defaultValue;

        public static void SetBool(string key, bool value) => PlayedEditor.Session[key] = value;
    }

    internal static class AssetDatabase
    {
        public static bool IsValidFolder(string path) => Directory.Exists(Path.Combine(PlayedEditor.Project, path));

        public static bool DeleteAsset(string path)
        {
            Directory.Delete(Path.Combine(PlayedEditor.Project, path), true);
            return true;
        }

        public static void Refresh()
        {
        }

        // What is asked for here: "NAME t:AssemblyDefinitionAsset", a file whose name begins so. A path serves as its GUID.
        public static string[] FindAssets(string filter)
        {
            string name = filter.Substring(0, filter.IndexOf(" t:AssemblyDefinitionAsset", System.StringComparison.Ordinal));
            return new[] { "Assets", "Packages" }
                .Select(folder => Path.Combine(PlayedEditor.Project, folder))
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.GetFiles(folder, name + "*.asmdef", SearchOption.AllDirectories))
                .Select(file => file.Substring(PlayedEditor.Project.Length + 1).Replace('\\', '/'))
                .ToArray();
        }

        public static string GUIDToAssetPath(string guid) => guid;
    }

    internal static class FileUtil
    {
        // What no package has stays as it is.
        public static string GetPhysicalPath(string path) =>
            PlayedEditor.Packages.Where(package => path.StartsWith($"Packages/{package.Key}/", StringComparison.Ordinal))
                .Select(package => package.Value + path.Substring($"Packages/{package.Key}".Length)).FirstOrDefault() ?? path;
    }

    internal class AssetPostprocessor
    {
    }

    internal static class BuildPipeline
    {
        public static bool isBuildingPlayer => PlayedEditor.IsBuilding;

        public static BuildTargetGroup GetBuildTargetGroup(BuildTarget platform) =>
            platform == BuildTarget.WebGL ? BuildTargetGroup.WebGL : BuildTargetGroup.Standalone;
    }

    internal static class EditorUserBuildSettings
    {
        public static BuildTarget activeBuildTarget => BuildTarget.StandaloneLinux64;
    }

    internal static class PlayerSettings
    {
        public static string GetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget) =>
            PlayedEditor.Symbols.TryGetValue(buildTarget.TargetName, out string? symbols) ? symbols : string.Empty;

        public static void SetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget, string defines)
        {
            PlayedEditor.SettingsWritten++;
            PlayedEditor.Symbols[buildTarget.TargetName] = defines;
        }
    }

    internal enum BuildTarget
    {
        Android = 13,
        WebGL = 20,
        StandaloneLinux64 = 24,
    }

    internal enum BuildTargetGroup
    {
        Standalone = 1,
        WebGL = 13,
    }
}

namespace UnityEditor.Compilation
{
    internal static class CompilationPipeline
    {
        public static string? GetAssemblyDefinitionFilePathFromAssemblyName(string assemblyName) =>
            PlayedEditor.Definitions.TryGetValue(assemblyName, out string? path) ? path : null;
    }
}

namespace UnityEditor.PackageManager
{
    internal sealed class PackageInfo
    {
        public string resolvedPath => PlayedEditor.PackageFolder!;

        public static PackageInfo? FindForAssembly(System.Reflection.Assembly assembly) =>
            PlayedEditor.PackageFolder == null ? null : new PackageInfo();
    }
}
