using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using UnityEditor;
using UnityEngine;
using UnityEngine.LowLevel;

namespace TimChatBridge.UnityTests
{
    // What the engine and its editor do, as far as the package can see it, and what they have been told.
    internal static class Played
    {
        private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

        internal static List<GameObject> Objects { get; } = new List<GameObject>();

        // What a change of scene does not destroy.
        internal static HashSet<UnityEngine.Object> Kept { get; } = new HashSet<UnityEngine.Object>();

        // "warning: words", in order.
        internal static List<string> Logged { get; } = new List<string>();

        // As after the editor's start: only what the package's own start registers is listened to.
        internal static void StartEditor()
        {
            ForgetListeners();
            foreach (MethodInfo method in Methods(method => method.GetCustomAttribute<InitializeOnLoadMethodAttribute>() != null))
            {
                method.Invoke(null, null);
            }

            Logged.Clear();
        }

        internal static void ForgetListeners()
        {
            EditorApplication.Forget();
            AssemblyReloadEvents.Forget();
        }

        // Play mode without a domain reload; in a player, its start.
        internal static void EnterPlayMode()
        {
            EditorApplication.isPlaying = true;
            Initialize(RuntimeInitializeLoadType.SubsystemRegistration);
            Initialize(RuntimeInitializeLoadType.BeforeSceneLoad);
            EditorApplication.Change(PlayModeStateChange.EnteredPlayMode);
        }

        internal static void ExitPlayMode()
        {
            EditorApplication.Change(PlayModeStateChange.ExitingPlayMode);
            Application.Quit();
            EditorApplication.isPlaying = false;
            PlayerLoop.SetPlayerLoop(PlayerLoop.GetDefaultPlayerLoop());
            ChangeScene();
            EditorApplication.Change(PlayModeStateChange.EnteredEditMode);
        }

        // The code is compiled anew: what the engine and the native core still know of it would crash them.
        internal static void ReloadAssemblies() => AssemblyReloadEvents.Begin();

        // One game frame, and the editor's own update.
        internal static void Frame()
        {
            Time.frameCount++;
            EditorUpdate();
            foreach (PlayerLoopSystem phase in PlayerLoop.GetCurrentPlayerLoop().subSystemList)
            {
                foreach (PlayerLoopSystem system in phase.subSystemList ?? Array.Empty<PlayerLoopSystem>())
                {
                    system.updateDelegate?.Invoke();
                }
            }
        }

        internal static void EditorUpdate() => EditorApplication.update?.Invoke();

        internal static void ChangeScene() => Objects.RemoveAll(one => !Kept.Contains(one));

        // What the engine calls on components by its name, where they have it.
        internal static void Tell(string message, params object[] arguments)
        {
            foreach (Component component in Objects.SelectMany(one => one.Components).ToArray())
            {
                component.GetType().GetMethod(message, Hidden)?.Invoke(component, arguments);
            }
        }

        internal static void UpdateComponents() => Tell("Update");

        // How often the package is in the player loop, and in which phase.
        internal static string[] Ticks() =>
            PlayerLoop.GetCurrentPlayerLoop().subSystemList
                .SelectMany(phase => (phase.subSystemList ?? Array.Empty<PlayerLoopSystem>())
                    .Where(system => system.type == typeof(TimChatBridge.Unity.PlayerLoopDriver))
                    .Select(_ => phase.type.Name))
                .ToArray();

        private static void Initialize(RuntimeInitializeLoadType type)
        {
            foreach (MethodInfo method in Methods(method => method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>()?.LoadType == type))
            {
                method.Invoke(null, null);
            }
        }

        private static IEnumerable<MethodInfo> Methods(Func<MethodInfo, bool> wanted) =>
            typeof(Played).Assembly.GetTypes().SelectMany(type => type.GetMethods(Hidden)).Where(wanted);
    }
}
