using System;
using System.IO;
using Puerts;

namespace TimChatBridge.PuertsTests
{
    /// <summary>Gives PuerTS its own files and the shipped script files, from beside the test assembly.</summary>
    public sealed class ScriptFiles : ILoader, IModuleChecker
    {
        public bool FileExists(string filepath) => File.Exists(Find(filepath));

        public string ReadFile(string filepath, out string debugpath)
        {
            debugpath = filepath;
            return File.ReadAllText(Find(filepath));
        }

        public bool IsESM(string filepath) => filepath.EndsWith(".mjs", StringComparison.Ordinal);

        private static string Find(string path) =>
            Path.Combine(AppContext.BaseDirectory, path.StartsWith("puerts/", StringComparison.Ordinal) ? path : "scripts/" + path);
    }
}
