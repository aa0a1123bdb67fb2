using System;
using System.Collections.Generic;
using System.IO;
using TimChatBridge.LifecycleTests;

namespace UnityEngine
{
    internal class Object
    {
        public HideFlags hideFlags { get; set; }

        public static void DontDestroyOnLoad(Object target) => Played.Kept.Add(target);

        public static void DestroyImmediate(Object obj)
        {
            Played.Kept.Remove(obj);
            Played.Objects.Remove((GameObject)obj);
        }
    }

    internal class Component : Object
    {
    }

    internal class MonoBehaviour : Component
    {
    }

    internal sealed class GameObject : Object
    {
        public GameObject(string name)
        {
            this.name = name;
            Played.Objects.Add(this);
        }

        public string name { get; }

        internal List<Component> Components { get; } = new List<Component>();

        public T AddComponent<T>()
            where T : Component, new()
        {
            var added = new T();
            Components.Add(added);
            return added;
        }
    }

    internal static class Time
    {
        public static int frameCount { get; set; }
    }

    internal static class Application
    {
        public static event Action? quitting;

        public static string persistentDataPath { get; } = Path.Combine(Path.GetTempPath(), "chatbridge-lifecycle");

        internal static bool IsHeard => quitting != null;

        internal static void Quit() => quitting?.Invoke();
    }

    internal static class Debug
    {
        public static void LogWarning(object message) => Played.Logged.Add("warning: " + message);

        public static void LogError(object message) => Played.Logged.Add("error: " + message);

        public static void LogException(Exception exception) => Played.Logged.Add("exception: " + exception);
    }

    [Flags]
    internal enum HideFlags
    {
        HideAndDontSave = 61,
    }

    internal enum RuntimeInitializeLoadType
    {
        AfterSceneLoad,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
            LoadType = loadType;
        }

        internal RuntimeInitializeLoadType LoadType { get; }
    }
}

namespace UnityEngine.LowLevel
{
    internal struct PlayerLoopSystem
    {
        public Type type;
        public PlayerLoopSystem[] subSystemList;
        public UpdateFunction updateDelegate;

        internal delegate void UpdateFunction();
    }

    internal static class PlayerLoop
    {
        private static PlayerLoopSystem current = Default();

        // Copies, as the engine gives.
        public static PlayerLoopSystem GetCurrentPlayerLoop() => Copy(current);

        public static void SetPlayerLoop(PlayerLoopSystem loop) => current = Copy(loop);

        internal static PlayerLoopSystem Default() =>
            new PlayerLoopSystem
            {
                subSystemList = new[]
                {
                    new PlayerLoopSystem { type = typeof(UnityEngine.PlayerLoop.EarlyUpdate), subSystemList = Array.Empty<PlayerLoopSystem>() },
                    new PlayerLoopSystem { type = typeof(UnityEngine.PlayerLoop.PreUpdate) },
                    new PlayerLoopSystem
                    {
                        type = typeof(UnityEngine.PlayerLoop.Update),
                        subSystemList = new[] { new PlayerLoopSystem { type = typeof(MonoBehaviour), updateDelegate = Played.UpdateComponents } },
                    },
                },
            };

        private static PlayerLoopSystem Copy(PlayerLoopSystem system)
        {
            if (system.subSystemList != null)
            {
                system.subSystemList = Array.ConvertAll(system.subSystemList, Copy);
            }

            return system;
        }
    }
}

namespace UnityEngine.PlayerLoop
{
    internal struct EarlyUpdate
    {
    }

    internal struct PreUpdate
    {
    }

    internal struct Update
    {
    }
}
