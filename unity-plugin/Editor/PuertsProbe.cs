using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Compilation;
using UnityEngine;

namespace TimChatBridge.Editor
{
    // Sets TIM_CHATBRIDGE_PUERTS where PuerTS was copied into Assets, or is a package of another name, such as a fork's. Where it is
    // the package of its own name, the versionDefines of TimChatBridge.Puerts.asmdef, and of the samples that run in PuerTS, see it,
    // and nothing is written into the project's settings.
    internal static class PuertsProbe
    {
        private const string Symbol = "TIM_CHATBRIDGE_PUERTS";
        private const string PuertsAssembly = "com.tencent.puerts.core";
        private const string OwnPackage = "Packages/" + PuertsAssembly + "/";
        private const string ToldOfMissingPuerts = "TimChatBridge.ToldOfMissingPuerts";

        private static readonly NamedBuildTarget[] Targets =
        {
            NamedBuildTarget.Standalone,
            NamedBuildTarget.Server,
            NamedBuildTarget.Android,
            NamedBuildTarget.iOS,
            NamedBuildTarget.WebGL,
        };

        [InitializeOnLoadMethod]
        internal static void Probe()
        {
            string? definition = CompilationPipeline.GetAssemblyDefinitionFilePathFromAssemblyName(PuertsAssembly);
            // A definition that was just deleted is known for a little longer than it exists. A package's files are seldom at the path
            // by which Unity calls them.
            bool needsSymbol = definition != null && !definition.StartsWith(OwnPackage, StringComparison.Ordinal)
                && File.Exists(FileUtil.GetPhysicalPath(definition));
            foreach (NamedBuildTarget target in Targets.Append(ActiveTarget()).Distinct())
            {
                Set(target, needsSymbol);
            }

            if (definition == null)
            {
                WarnOfMissingPuerts();
            }
        }

        private static NamedBuildTarget ActiveTarget() =>
            NamedBuildTarget.FromBuildTargetGroup(BuildPipeline.GetBuildTargetGroup(EditorUserBuildSettings.activeBuildTarget));

        private static void Set(NamedBuildTarget target, bool wanted)
        {
            List<string> symbols = PlayerSettings.GetScriptingDefineSymbols(target)
                .Split(';').Where(symbol => symbol.Length > 0).ToList();
            // Writing the settings recompiles everything: only where something changes.
            if (symbols.Contains(Symbol) == wanted)
            {
                return;
            }

            if (wanted)
            {
                symbols.Add(Symbol);
            }
            else
            {
                symbols.RemoveAll(symbol => symbol == Symbol);
            }

            PlayerSettings.SetScriptingDefineSymbols(target, string.Join(";", symbols));
        }

        private static void WarnOfMissingPuerts()
        {
            // Sources without their assembly definition end up in Assembly-CSharp, which no package can refer to.
            System.Reflection.Assembly? holder = AppDomain.CurrentDomain.GetAssemblies()
                .FirstOrDefault(assembly => assembly.GetType("Puerts.ArrayBuffer", false) != null);
            if (holder != null)
            {
                Debug.LogWarning(
                    $"TIM ChatBridge: PuerTS is compiled into {holder.GetName().Name}, which a package cannot refer to, so script " +
                    $"cannot reach the bridge. Copy PuerTS with its {PuertsAssembly}.asmdef, or install it as a package.");
            }
            else if (!SessionState.GetBool(ToldOfMissingPuerts, false))
            {
                // A project may well be without it for a while: once is enough, and assemblies are reloaded all the time.
                SessionState.SetBool(ToldOfMissingPuerts, true);
                Debug.LogWarning(
                    "TIM ChatBridge: PuerTS is not in this project, so no script can reach the bridge, and its C# part does nothing: calls " +
                    "return TIM_ERR_SDKUNINIT, and no message comes. The samples that run in PuerTS are not compiled: their components cannot be " +
                    $"added. Install PuerTS 3, from its releases or OpenUPM: {PuertsAssembly} and one backend, such as com.tencent.puerts.v8. The " +
                    "page Install of this package's documentation says how.");
            }
        }

        // PuerTS came, went or moved. Asked before the next compilation, so that a symbol left behind cannot break it. And a sample
        // came: where PuerTS is missing, whoever looks for its components is told why now, too.
        private sealed class DefinitionWatcher : AssetPostprocessor
        {
            private static void OnPostprocessAllAssets(
                string[] importedAssets, string[] deletedAssets, string[] movedAssets, string[] movedFromAssetPaths)
            {
                string file = PuertsAssembly + ".asmdef";
                if (importedAssets.Any(IsSample))
                {
                    SessionState.SetBool(ToldOfMissingPuerts, false);
                    Probe();
                }
                else if (importedAssets.Concat(deletedAssets).Concat(movedAssets).Concat(movedFromAssetPaths)
                    .Any(path => path.EndsWith(file, StringComparison.Ordinal)))
                {
                    Probe();
                }
            }

            private static bool IsSample(string path) =>
                Path.GetFileName(path).StartsWith("TimChatBridge.Samples.", StringComparison.Ordinal)
                && path.EndsWith(".asmdef", StringComparison.Ordinal);
        }
    }
}
