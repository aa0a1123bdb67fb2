using UnityEngine;

namespace TimChatBridge.Unity
{
    // Unity tells only components that the app went to the background.
    internal sealed class PauseWatcher : MonoBehaviour
    {
        private void OnApplicationPause(bool paused)
        {
            if (paused)
            {
                BridgeLoop.Pause();
            }
            else
            {
                BridgeLoop.Resume();
            }
        }
    }
}
