using System;

namespace UnityEngine.LowLevel
{
    public struct PlayerLoopSystem
    {
        public Type type;

        public PlayerLoopSystem[] subSystemList;

        public UpdateFunction updateDelegate;

        public IntPtr updateFunction;

        public IntPtr loopConditionFunction;

        public delegate void UpdateFunction();
    }

    public class PlayerLoop
    {
        public static PlayerLoopSystem GetDefaultPlayerLoop() => default;

        public static PlayerLoopSystem GetCurrentPlayerLoop() => default;

        public static void SetPlayerLoop(PlayerLoopSystem loop)
        {
        }
    }
}

namespace UnityEngine.PlayerLoop
{
    public struct Initialization
    {
    }

    public struct EarlyUpdate
    {
    }

    public struct FixedUpdate
    {
    }

    public struct PreUpdate
    {
    }

    public struct Update
    {
    }

    public struct PreLateUpdate
    {
    }

    public struct PostLateUpdate
    {
    }
}
