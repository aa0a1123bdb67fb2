#nullable enable

using System;
using System.Collections.Generic;
using UnityEngine;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// The chat list whose logic is TypeScript (window.ts): this draws what script says and reports what was pressed. Put it on
    /// a GameObject, beside ChatListGame.
    /// </summary>
    [UnityEngine.Scripting.Preserve]
    public sealed class ScriptedChatListWindow : MonoBehaviour
    {
        private static readonly List<Row> Rows = new List<Row>();
        private static readonly Queue<string> Presses = new Queue<string>();
        private static Action? pressed;
        private static string question = string.Empty;
        private static string warning = string.Empty;

        /// <summary>Empties the window; <see cref="AddRow"/> and <see cref="Ask"/> fill it again.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void Clear()
        {
            Rows.Clear();
            question = warning = string.Empty;
        }

        /// <summary>Adds a row at the bottom.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void AddRow(string id, string title, string note, bool selected) =>
            Rows.Add(new Row(id, $"{title}  {note}", selected));

        /// <summary>Puts a question with its warning under the rows.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void Ask(string asked, string warned)
        {
            question = asked;
            warning = warned;
        }

        /// <summary>What to call after a press. Held until the script's environment is gone.</summary>
        [UnityEngine.Scripting.Preserve]
        public static void OnPress(Action call) => pressed = call;

        /// <summary>The oldest press that was not taken; empty where there is none.</summary>
        [UnityEngine.Scripting.Preserve]
        public static string TakePress() => Presses.Count == 0 ? string.Empty : Presses.Dequeue();

        /// <summary>Script is gone: nothing is called, and nothing is left of it. Before its environment is disposed.</summary>
        internal static void Forget()
        {
            pressed = null;
            Presses.Clear();
            Clear();
        }

        private void OnGUI()
        {
            // Script draws anew while it hears of a press: it is told after the last row.
            GUILayout.BeginArea(new Rect(320, 10, 300, 460), "Chats (TypeScript)", GUI.skin.window);
            foreach (Row row in Rows)
            {
                if (GUILayout.Toggle(row.Selected, row.Text) != row.Selected)
                {
                    Presses.Enqueue(row.Id);
                }
            }

            if (question.Length == 0)
            {
                Offer("Delete selected", "delete");
            }
            else
            {
                GUILayout.Label(question);
                GUILayout.Label(warning);
                Offer("Delete, history and all", "delete history");
                Offer("Delete, keep the history", "keep history");
                Offer("Cancel", "cancel");
            }

            GUILayout.EndArea();
            if (Presses.Count > 0)
            {
                pressed?.Invoke();
            }
        }

        private static void Offer(string text, string press)
        {
            if (GUILayout.Button(text))
            {
                Presses.Enqueue(press);
            }
        }

        private readonly struct Row
        {
            public Row(string id, string text, bool selected)
            {
                Id = id;
                Text = text;
                Selected = selected;
            }

            public string Id { get; }

            public string Text { get; }

            public bool Selected { get; }
        }
    }
}
