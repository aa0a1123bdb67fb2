using System;
using TimChatBridge.UnityTests;

namespace UnityEngine.LowLevel
{
    internal struct PlayerLoopSystem
    {
        public Type type;
        public PlayerLoopSystem[] subSystemList;
        public UpdateFunction updateDelegate;

        public delegate void UpdateFunction();
    }

    internal static class PlayerLoop
    {
        private static PlayerLoopSystem current = GetDefaultPlayerLoop();

        // Copies, as the engine gives.
        public static PlayerLoopSystem GetCurrentPlayerLoop() => Copy(current);

        public static void SetPlayerLoop(PlayerLoopSystem loop) => current = Copy(loop);

        public static PlayerLoopSystem GetDefaultPlayerLoop() =>
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
