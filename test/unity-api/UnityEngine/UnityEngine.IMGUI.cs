namespace UnityEngine
{
    public struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
        }
    }

    public class GUIStyle
    {
    }

    public class GUISkin : ScriptableObject
    {
        public GUIStyle window { get; set; }
    }

    public class GUI
    {
        public static GUISkin skin { get; set; }
    }

    public class GUILayoutOption
    {
    }

    public class GUILayout
    {
        public static void BeginArea(Rect screenRect, string text, GUIStyle style)
        {
        }

        public static void EndArea()
        {
        }

        public static void Label(string text, params GUILayoutOption[] options)
        {
        }

        public static bool Button(string text, params GUILayoutOption[] options) => false;

        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) => value;
    }
}
