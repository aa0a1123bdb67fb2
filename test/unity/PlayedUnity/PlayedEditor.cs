using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
#if NETFRAMEWORK
using System.Runtime.InteropServices;
#endif
using NUnit.Framework;

namespace TimChatBridge.UnityTests
{
    // What the tests say of the project and its settings, and what the editor was told. One project folder for each test.
    internal static class PlayedEditor
    {
        private static string top = string.Empty;

        internal static string Project { get; private set; } = string.Empty;

        internal static List<string> Logged => Played.Logged;

        // By target; the settings are written only by the code under test.
        internal static Dictionary<string, string> Symbols { get; private set; } = new Dictionary<string, string>();

        internal static int SettingsWritten { get; set; }

        // Where Unity finds the assembly definition of an assembly.
        internal static Dictionary<string, string> Definitions { get; private set; } = new Dictionary<string, string>();

        // Packages whose files are elsewhere than where Unity shows them, by name, each one's folder.
        internal static Dictionary<string, string> Packages { get; private set; } = new Dictionary<string, string>();

        // What survives a domain reload, and no restart of the editor.
        internal static Dictionary<string, bool> Session { get; private set; } = new Dictionary<string, bool>();

        internal static string? PackageFolder { get; set; }

        internal static bool IsBuilding { get; set; }

        internal static void Start()
        {
            Project = top = Path.Combine(Path.GetTempPath(), "chatbridge-project-" + Path.GetRandomFileName());
            Directory.CreateDirectory(Path.Combine(Project, "Assets"));
            Directory.SetCurrentDirectory(Project);
            Logged.Clear();
            Symbols = new Dictionary<string, string>();
            SettingsWritten = 0;
            Definitions = new Dictionary<string, string>();
            Packages = new Dictionary<string, string>();
            Session = new Dictionary<string, bool>();
            PackageFolder = null;
            IsBuilding = false;
            Played.ForgetListeners();
        }

        internal static void End()
        {
            Directory.SetCurrentDirectory(TestContext.CurrentContext.TestDirectory);
            Directory.Delete(top, true);
        }

        // The asset database has imported, deleted or moved these: every postprocessor hears of it, by the method's name.
        internal static void Import(string? imported = null, string? deleted = null, string? moved = null, string? movedFrom = null)
        {
            object[] paths = new[] { imported, deleted, moved, movedFrom }
                .Select(path => (object)(path == null ? new string[0] : new[] { path })).ToArray();
            foreach (System.Type postprocessor in typeof(PlayedEditor).Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(UnityEditor.AssetPostprocessor))))
            {
                postprocessor.GetMethod("OnPostprocessAllAssets", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                    .Invoke(null, paths);
            }
        }

        // The project is one below a folder of this name.
        internal static void MoveProjectInto(string folder)
        {
            string assets = Path.Combine(Project, folder, "Assets");
            Directory.CreateDirectory(assets);
            Project = Path.GetDirectoryName(assets)!;
            Directory.SetCurrentDirectory(Project);
        }

        internal static string Write(string path, string text)
        {
            string file = Path.Combine(Project, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return file;
        }

        // A folder's second name.
        internal static void Link(string path, string folder)
        {
            string link = Path.Combine(Project, path);
            string target = Path.Combine(Project, folder);
#if NETFRAMEWORK
            // It has no call for it, and is run by Mono on POSIX systems only.
            Assert.That(symlink(target, link), Is.Zero, $"{link} could not be linked to {target}");
#else
            Directory.CreateSymbolicLink(link, target);
#endif
        }

#if NETFRAMEWORK
        [DllImport("libc")]
        private static extern int symlink(
            [MarshalAs(UnmanagedType.LPUTF8Str)] string target, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);
#endif
    }
}
