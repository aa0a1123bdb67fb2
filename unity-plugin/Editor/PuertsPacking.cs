using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace TimChatBridge.Editor
{
    // Which script files PuerTS puts into a WebGL build, and under which name: as its packer of 3.0.2 finds them (cmd.js of
    // com.tencent.puerts.webgl), by a glob **/Resources/**/*.mjs from Assets.
    internal static class PuertsPacking
    {
        private const string Resources = "Resources";

        // It leaves these out wherever they stand in the whole path, the folders above the project included.
        private static readonly string[] LeftOut = { "Editor", "node_modules" };

        // The files that script gets by this name, such as "tim-chatbridge/embedded-core.mjs". Of several, one is taken.
        internal static string[] Files(string assets, string name) =>
            Folders(assets)
                .Select(folder => Path.Combine(folder, Resources))
                .Where(Directory.Exists)
                .SelectMany(Folders)
                .SelectMany(folder => Directory.GetFiles(folder, Path.GetFileName(name)))
                .Select(file => file.Replace('\\', '/'))
                .Where(file => NameOf(file) == name && WhyLeftOut(file) == null)
                .Distinct()
                .OrderBy(file => file, StringComparer.Ordinal)
                .ToArray();

        // The word in a path for which it is left out; null where it is packed.
        internal static string? WhyLeftOut(string path) =>
            LeftOut.FirstOrDefault(word => path.Contains(word, StringComparison.Ordinal));

        // What follows the last Resources/, be it the end of another folder's name.
        private static string NameOf(string file) =>
            file.Substring(file.LastIndexOf(Resources + "/", StringComparison.Ordinal) + Resources.Length + 1);

        // This one and those below it, as a glob's ** goes: into no dot folder, to a link and not beyond. Folders that end in ~
        // are hidden from Unity, and not from it.
        private static IEnumerable<string> Folders(string folder) =>
            Directory.GetDirectories(folder)
                .Where(below => !Path.GetFileName(below).StartsWith(".", StringComparison.Ordinal))
                .SelectMany(below => IsLink(below) ? new[] { below } : Folders(below))
                .Prepend(folder);

        private static bool IsLink(string folder) => (File.GetAttributes(folder) & FileAttributes.ReparsePoint) != 0;
    }
}
