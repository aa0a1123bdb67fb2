using System;
using System.Collections.Generic;
using System.IO;
using TimChatBridge.UnityTests;

namespace UnityEngine
{
    internal class Object
    {
        public HideFlags hideFlags { get; set; }

        public string name { get; set; } = string.Empty;

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

    internal class Behaviour : Component
    {
    }

    internal class MonoBehaviour : Behaviour
    {
    }

    internal sealed class GameObject : Object
    {
        public GameObject(string name)
        {
            this.name = name;
            Played.Objects.Add(this);
        }

        internal List<Component> Components { get; } = new List<Component>();

        public T AddComponent<T>()
            where T : Component
        {
            T added = Activator.CreateInstance<T>();
            Components.Add(added);
            return added;
        }
    }

    internal static class Time
    {
        public static int frameCount { get; internal set; }
    }

    internal static class Application
    {
        public static event Action? quitting;

        public static string dataPath => Path.Combine(PlayedEditor.Project, "Assets");

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
    internal sealed class RuntimeInitializeOnLoadMethodAttribute : Scripting.PreserveAttribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
            LoadType = loadType;
        }

        internal RuntimeInitializeLoadType LoadType { get; }
    }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.All)]
    internal class PreserveAttribute : Attribute
    {
    }
}
