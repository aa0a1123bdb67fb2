#nullable enable

using UnityEngine;

namespace TimChatBridge.Samples
{
    /// <summary>The chat list whose logic is C#: put this on a GameObject, beside ChatListGame.</summary>
    public sealed class ChatListWindow : MonoBehaviour
    {
        private ChatListController? controller;

        private void OnEnable() => ChatListRows.Current = controller = new ChatListController();

        private void OnDisable()
        {
            controller?.Dispose();
            ChatListRows.Current = controller = null;
        }

        private void OnGUI()
        {
            if (controller == null)
            {
                return;
            }

            GUILayout.BeginArea(new Rect(10, 10, 300, 460), "Chats (C#)", GUI.skin.window);
            foreach (ChatRow row in controller.Model.Rows)
            {
                string note = row.Deleting ? "deleting…" : row.Note;
                if (GUILayout.Toggle(row.Selected, $"{row.Title}  {note}") != row.Selected)
                {
                    controller.Model.Toggle(row.Conversation);
                }
            }

            if (controller.Model.Question == null)
            {
                if (GUILayout.Button("Delete selected"))
                {
                    controller.Model.AskToDelete();
                }
            }
            else
            {
                AskThePlayer(controller);
            }

            GUILayout.EndArea();
        }

        private static void AskThePlayer(ChatListController controller)
        {
            GUILayout.Label(controller.Model.Question);
            GUILayout.Label(ChatListModel.Warning);
            if (GUILayout.Button("Delete, history and all"))
            {
                controller.Confirm(clearMessage: true);
            }
            else if (GUILayout.Button("Delete, keep the history"))
            {
                controller.Confirm(clearMessage: false);
            }
            else if (GUILayout.Button("Cancel"))
            {
                controller.Model.Cancel();
            }
        }
    }
}
