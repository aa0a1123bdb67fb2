using System;

namespace UnityEngine
{
    public class Object
    {
        public HideFlags hideFlags { get; set; }

        public string name { get; set; }

        public static void DontDestroyOnLoad(Object target)
        {
        }

        public static void Destroy(Object obj)
        {
        }

        public static void DestroyImmediate(Object obj)
        {
        }

        public static bool operator ==(Object x, Object y) => ReferenceEquals(x, y);

        public static bool operator !=(Object x, Object y) => !ReferenceEquals(x, y);

        public override bool Equals(object other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;
    }

    public class Component : Object
    {
        public GameObject gameObject => null;
    }

    public static class Time
    {
        public static int frameCount => 0;
    }

    public class Behaviour : Component
    {
        public bool enabled { get; set; }
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public sealed class GameObject : Object
    {
        public GameObject()
        {
        }

        public GameObject(string name)
        {
        }

        public T AddComponent<T>()
            where T : Component => null;
    }

    public class ScriptableObject : Object
    {
    }

    public class TextAsset : Object
    {
        public string text => null;
    }

    public sealed class Resources
    {
        public static Object Load(string path) => null;

        public static T Load<T>(string path)
            where T : Object => null;
    }

    public class Application
    {
        public static event Action quitting
        {
            add { }
            remove { }
        }

        public static event Action<bool> focusChanged
        {
            add { }
            remove { }
        }

        public static string dataPath => null;

        public static string persistentDataPath => null;

        public static bool isPlaying => false;

        public static bool isEditor => false;
    }

    public class Debug
    {
        public static void Log(object message)
        {
        }

        public static void LogWarning(object message)
        {
        }

        public static void LogError(object message)
        {
        }

        public static void LogException(Exception exception)
        {
        }
    }

    [Flags]
    public enum HideFlags
    {
        None = 0,
        HideInHierarchy = 1,
        HideInInspector = 2,
        DontSaveInEditor = 4,
        NotEditable = 8,
        DontSaveInBuild = 16,
        DontUnloadUnusedAsset = 32,
        DontSave = 52,
        HideAndDontSave = 61,
    }

    public enum RuntimeInitializeLoadType
    {
        AfterSceneLoad,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
    public class RuntimeInitializeOnLoadMethodAttribute : Scripting.PreserveAttribute
    {
        public RuntimeInitializeOnLoadMethodAttribute()
        {
        }

        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }
}
