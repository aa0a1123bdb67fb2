using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine;

namespace TimChatBridge.Editor
{
    // With two copies of this package there are two definitions of each assembly: Unity compiles nothing any more, and says neither
    // what has come twice nor what to do. What was compiled before that still runs, and hears of the second copy's import.
    internal sealed class SecondCopy : AssetPostprocessor
    {
        private const string Assembly = "TimChatBridge";

        private static void OnPostprocessAllAssets(
            string[] importedAssets, string[] _1, string[] movedAssets, string[] _2)
        {
            if (!importedAssets.Concat(movedAssets).Any(IsDefinition))
            {
                return;
            }

            List<string> folders = AssetDatabase.FindAssets(Assembly + " t:AssemblyDefinitionAsset")
                .Select(AssetDatabase.GUIDToAssetPath)
                .Where(IsDefinition)
                .Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/'))
                .Distinct()
                .OrderBy(folder => folder, StringComparer.Ordinal)
                .ToList();
            if (folders.Count > 1)
            {
                Debug.LogError(
                    $"TIM ChatBridge: this package is in the project {folders.Count} times, in {string.Join(" and in ", folders)}. Unity " +
                    $"compiles nothing while it is (Assembly with name '{Assembly}' already exists). Keep one: delete the copy under Assets, " +
                    "or remove the package in the Package Manager.");
            }
        }

        private static bool IsDefinition(string path) => path.EndsWith("/" + Assembly + ".asmdef", StringComparison.Ordinal);
    }
}
