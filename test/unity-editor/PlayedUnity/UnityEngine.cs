using System.IO;
using TimChatBridge.UnityEditorTests;

namespace UnityEngine
{
    internal static class Application
    {
        public static string dataPath => Path.Combine(PlayedEditor.Project, "Assets");
    }

    internal static class Debug
    {
        public static void LogWarning(object message) => PlayedEditor.Logged.Add($"warning: {message}");
    }
}
