using System;
using System.IO;
using Puerts;

namespace TimChatBridge.PuertsTests
{
    /// <summary>
    /// A game's script and the package's files as PuerTS's default loader in Unity finds them: by Resources.Load, which takes a path
    /// without its extension, and to which a folder is nothing.
    /// </summary>
    public sealed class UnbundledGame : ILoader, IModuleChecker
    {
        private readonly ScriptFiles own = new ScriptFiles();
        private readonly string script;

        /// <summary>One script of the game's, which is called game.mjs.</summary>
        public UnbundledGame(string script)
        {
            this.script = script;
        }

        public bool FileExists(string filepath) =>
            IsOwn(filepath) ? own.FileExists(filepath) : filepath == "game.mjs" || File.Exists(Asset(filepath));

        public string ReadFile(string filepath, out string debugpath)
        {
            if (IsOwn(filepath))
            {
                return own.ReadFile(filepath, out debugpath);
            }

            debugpath = filepath;
            return filepath == "game.mjs" ? script : File.ReadAllText(Asset(filepath));
        }

        public bool IsESM(string filepath) => filepath.Length >= 4 && !filepath.EndsWith(".cjs", StringComparison.Ordinal);

        private static bool IsOwn(string filepath) => filepath.StartsWith("puerts/", StringComparison.Ordinal);

        private static string Asset(string filepath)
        {
            string extension = Path.GetExtension(filepath);
            string path = extension == ".mjs" || extension == ".cjs" ? filepath.Substring(0, filepath.Length - extension.Length) : filepath;
            return Path.Combine(AppContext.BaseDirectory, "resources", path + ".mjs");
        }
    }
}
