using System;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEngine;
using PackageInfo = UnityEditor.PackageManager.PackageInfo;

namespace TimChatBridge.Editor
{
    // PuerTS packs the script of a WebGL build from Resources folders under Assets and from nowhere else: for the length of the
    // build the package's script files are copied there. A file of the same name that the game brings itself stays as it is.
    internal sealed class WebGLScripts : IPreprocessBuildWithReport
    {
        // PuerTS leaves out every path that has the word Editor in it.
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
            PackageInfo? package = PackageInfo.FindForAssembly(typeof(WebGLScripts).Assembly);
            if (package == null)
            {
                // The package was copied into Assets: its files are where PuerTS looks.
                return;
            }

            string folder = Path.Combine(package.resolvedPath, PackageResources);
            string[] scripts = Directory.Exists(folder)
                ? Directory.GetFiles(folder, "*.mjs", SearchOption.AllDirectories)
                : Array.Empty<string>();
            if (scripts.Length == 0)
            {
                throw new BuildFailedException(
                    $"TIM ChatBridge: there is no script in {folder}. This is the source tree and not the packed package: install the " +
                    "tarball, or the upm branch.");
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

        // `name` is what it is called below a Resources folder, by which script imports it.
        private static void Copy(string script, string name)
        {
            string? own = Directory.GetFiles(Application.dataPath, Path.GetFileName(name), SearchOption.AllDirectories)
                .FirstOrDefault(file => file.Replace('\\', '/').EndsWith("/Resources/" + name, StringComparison.Ordinal));
            if (own == null)
            {
                string copy = Path.Combine(Resources, name);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(script, copy, true);
            }
            else if (File.ReadAllText(own) != File.ReadAllText(script))
            {
                Debug.LogWarning(
                    $"TIM ChatBridge: the build takes {own}, which is not the {name} of the installed package. Delete it, unless " +
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
