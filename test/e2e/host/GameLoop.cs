using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TimChatBridge.NodeHost
{
    /// <summary>Unity's part: the game loop, and where the core's native library is.</summary>
    public static class GameLoop
    {
        private static string? libraryPath;

        /// <summary>Takes the calling thread as the game's main thread.</summary>
        public static void Initialize() => BridgeLoop.Initialize();

        /// <summary>One game frame.</summary>
        public static void Tick() => BridgeLoop.Tick();

        /// <summary>Play mode's exit.</summary>
        public static void Shutdown() => BridgeLoop.Shutdown();

        /// <summary>Has the plugin load this file as its libImSDK. Once a process, before the first call.</summary>
        public static void UseLibrary(string path)
        {
            if (libraryPath == null)
            {
                NativeLibrary.SetDllImportResolver(typeof(BridgeLoop).Assembly, Resolve);
                NativeLibrary.SetDllImportResolver(typeof(GameLoop).Assembly, Resolve);
            }

            libraryPath = path;
        }

        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
            name.Contains("ImSDK", StringComparison.Ordinal) ? NativeLibrary.Load(libraryPath!) : IntPtr.Zero;
    }
}
