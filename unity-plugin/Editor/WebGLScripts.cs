using System;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEditor.Compilation;
using UnityEngine;
using PackageInfo = UnityEditor.PackageManager.PackageInfo;

namespace TimChatBridge.Editor
{
    // PuerTS packs the script of a WebGL build from Resources folders under Assets and from nowhere else: for the length of the
    // build those of the package's script files that it would not find are copied there. A file of the same name that the game
    // brings itself, where PuerTS does find it, stays as it is.
    internal sealed class WebGLScripts : IPreprocessBuildWithReport
    {
        private const string CoreAssembly = "TimChatBridge";
        private const string Folder = "Assets/TimChatBridge.WebGL";
        private const string Resources = Folder + "/Resources";
        private const string PackageResources = "Runtime/Resources";

        public int callbackOrder => 0;

        public void OnPreprocessBuild(BuildReport report)
        {
            if (report.summary.platform != BuildTarget.WebGL)
            {
                return;
            }

            Remove();
            string? folder = ScriptFolder();
            if (folder == null)
            {
                Debug.LogWarning(
                    "TIM ChatBridge: this package is here as compiled assemblies, so its script files cannot be found. If your game's script " +
                    "does not have the bridge in it, put tim-chatbridge.mjs into a Resources folder under Assets.");
                return;
            }

            string[] scripts = Directory.Exists(folder)
                ? Directory.GetFiles(folder, "*.mjs", SearchOption.AllDirectories)
                : Array.Empty<string>();
            if (scripts.Length == 0)
            {
                throw new BuildFailedException(
                    $"TIM ChatBridge: there is no script in {folder}. This is the source tree and not the packed package: install the " +
                    "tarball, or the upm branch.");
            }

            string? why = PuertsPacking.WhyLeftOut(Application.dataPath);
            if (why != null)
            {
                Debug.LogWarning(
                    $"TIM ChatBridge: PuerTS leaves every script out of a WebGL build whose path has the word {why} in it, and this project " +
                    $"lies in {Application.dataPath}. Move it, or the player has no script at all.");
            }

            foreach (string script in scripts)
            {
                Copy(script, script.Substring(folder.Length + 1).Replace('\\', '/'));
            }

            AssetDatabase.Refresh();
            // The next turn of the editor: after the build, failed or not, and after PuerTS has packed the scripts, which for
            // mini games it does only when the build has returned.
            EditorApplication.delayCall += RemoveAfterBuild;
            EditorApplication.quitting += Remove;
        }

        // What a crashed build left behind.
        [InitializeOnLoadMethod]
        private static void RemoveAfterBuild()
        {
            EditorApplication.delayCall -= RemoveAfterBuild;
            if (BuildPipeline.isBuildingPlayer)
            {
                EditorApplication.delayCall += RemoveAfterBuild;
                return;
            }

            Remove();
        }

        // As a package, embedded or not; or copied into Assets, where PuerTS finds the files only if their path suits it.
        private static string? ScriptFolder()
        {
            PackageInfo? package = PackageInfo.FindForAssembly(typeof(WebGLScripts).Assembly);
            if (package != null)
            {
                return Path.Combine(package.resolvedPath, PackageResources);
            }

            string? definition = CompilationPipeline.GetAssemblyDefinitionFilePathFromAssemblyName(CoreAssembly);
            return definition == null ? null : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(definition)!, "Resources"));
        }

        // `name` is what it is called below a Resources folder, by which script imports it.
        private static void Copy(string script, string name)
        {
            string[] own = PuertsPacking.Files(Application.dataPath, name);
            if (own.Length == 0)
            {
                string copy = Path.Combine(Resources, name);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(script, copy, true);
            }

            string text = File.ReadAllText(script);
            foreach (string other in own.Where(file => File.ReadAllText(file) != text))
            {
                Debug.LogWarning(
                    $"TIM ChatBridge: the build takes {other}, which is not the {name} of the installed package. Delete it, unless " +
                    "this is meant.");
            }
        }

        private static void Remove()
        {
            EditorApplication.quitting -= Remove;
            if (AssetDatabase.IsValidFolder(Folder))
            {
                AssetDatabase.DeleteAsset(Folder);
            }
        }
    }
}
