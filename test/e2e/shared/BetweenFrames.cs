using System;

namespace TimChatBridge.Testing
{
    /// <summary>What a scenario has the game do between two frames: none of it may happen on script's stack.</summary>
    public static class BetweenFrames
    {
        /// <summary>Does it, by the scenario's word for it.</summary>
        public static void Do(string command)
        {
            switch (command)
            {
                case "restart":
                    TestGame.Restart();
                    break;
                case "next-play-mode":
                    TestGame.NextPlayMode();
                    break;
#if !UNITY_WEBGL
                case "matrix-restart":
                    MatrixDoor.Restart();
                    break;
#endif
                default:
                    throw new ArgumentException("the game does not know how to " + command);
            }
        }
    }
}
