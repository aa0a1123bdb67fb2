using UnityEngine;

namespace TimChatBridge.Unity
{
    // Unity tells only components that the app went to the background, and updates them whatever became of the player loop.
    internal sealed class PauseWatcher : MonoBehaviour
    {
        // The player loop is copied when it is read: a look a second is enough, and costs next to nothing.
        private const int FramesBetweenLooks = 60;

        private void Update()
        {
            if (Time.frameCount % FramesBetweenLooks == 0)
            {
                PlayerLoopDriver.KeepInserted();
            }
        }

        private void OnApplicationPause(bool paused)
        {
            if (paused)
            {
                BridgeLoop.BeginPause(PauseReason.Background);
            }
            else
            {
                BridgeLoop.EndPause(PauseReason.Background);
            }
        }
    }
}
