using System;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Method)]
    public class InitializeOnLoadMethodAttribute : Attribute
    {
    }

    // Makes PackageManager.PackageInfo ambiguous for whoever uses both namespaces.
    public struct PackageInfo
    {
    }

    public enum PlayModeStateChange
    {
        EnteredEditMode,
        ExitingEditMode,
        EnteredPlayMode,
        ExitingPlayMode,
    }

    public enum PauseState
    {
        Paused,
        Unpaused,
    }

    public class EditorApplication
    {
        public delegate void CallbackFunction();

        public static event Action<PlayModeStateChange> playModeStateChanged
        {
            add { }
            remove { }
        }

        public static event Action<PauseState> pauseStateChanged
        {
            add { }
            remove { }
        }

        public static event Action quitting
        {
            add { }
            remove { }
        }

        // Fields in Unity, not events.
        public static CallbackFunction delayCall;

        public static CallbackFunction update;

        public static bool isPlaying { get; set; }

        public static bool isPaused { get; set; }

        public static void LockReloadAssemblies()
        {
        }

        public static void UnlockReloadAssemblies()
        {
        }
    }

    public class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload
        {
            add { }
            remove { }
        }

        public static event AssemblyReloadCallback afterAssemblyReload
        {
            add { }
            remove { }
        }
    }

    public class AssetDatabase
    {
        public static bool IsValidFolder(string path) => false;

        public static bool DeleteAsset(string path) => false;

        public static string[] FindAssets(string filter) => null;

        public static string GUIDToAssetPath(string guid) => null;

        public static void Refresh()
        {
        }
    }

    public class FileUtil
    {
        // Where a file of "Assets/..." or "Packages/..." is; Unity 2021.2 and later.
        public static string GetPhysicalPath(string path) => null;
    }

    // Unity calls the static OnPostprocessAllAssets of what derives from it, by its name.
    public class AssetPostprocessor
    {
    }

    public class BuildPipeline
    {
        public static bool isBuildingPlayer => false;

        public static BuildTargetGroup GetBuildTargetGroup(BuildTarget platform) => BuildTargetGroup.Unknown;
    }

    public class SessionState
    {
        public static bool GetBool(string key, bool defaultValue) => defaultValue;

        public static void SetBool(string key, bool value)
        {
        }
    }

    public class EditorUserBuildSettings
    {
        public static BuildTarget activeBuildTarget => BuildTarget.NoTarget;
    }

    public sealed class PlayerSettings
    {
        public static string GetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget) => string.Empty;

        public static void SetScriptingDefineSymbols(Build.NamedBuildTarget buildTarget, string defines)
        {
        }
    }

    public enum BuildTarget
    {
        NoTarget = -2,
        StandaloneOSX = 2,
        iOS = 9,
        Android = 13,
        StandaloneWindows64 = 19,
        WebGL = 20,
        StandaloneLinux64 = 24,
    }

    public enum BuildTargetGroup
    {
        Unknown = 0,
        Standalone = 1,
        iOS = 4,
        Android = 7,
        WebGL = 13,
    }
}

namespace UnityEditor.Compilation
{
    public static class CompilationPipeline
    {
        public static string GetAssemblyDefinitionFilePathFromAssemblyName(string assemblyName) => null;
    }
}

namespace UnityEditor.PackageManager
{
    public class PackageInfo
    {
        public string name => null;

        public string version => null;

        public string assetPath => null;

        public string resolvedPath => null;

        public static PackageInfo FindForAssembly(System.Reflection.Assembly assembly) => null;
    }
}
