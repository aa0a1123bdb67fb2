using System;
using UnityEngine;
using UnityEngine.LowLevel;
using UnityEngine.PlayerLoop;

namespace TimChatBridge.Unity
{
    // Gives the bridge its main thread and one tick a frame, before any game script's Update, and tells it of pauses. Statics
    // survive a play mode without domain reload, so everything is taken and given back by name. When it ends, a player knows by
    // Application.quitting; in the editor EditorGuard says so.
    internal static class PlayerLoopDriver
    {
        private static bool running;
        private static bool saidThereIsNoPlace;
        private static GameObject? watcher;

        // Unity calls this on its main thread, before any scene and any Awake, in every play mode.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Start()
        {
            Stop();
            saidThereIsNoPlace = false;
            BridgeLoop.Log = Debug.LogError;
            CoreSession.DataFolder = DataFolder();
            BridgeLoop.Initialize();
            Insert();
            Application.quitting += Stop;
            running = true;
        }

        // The core does not create it. Where there is none, the core keeps its files where it likes.
        private static string DataFolder()
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return string.Empty;
#else
            string folder = System.IO.Path.Combine(Application.persistentDataPath, "tim-chatbridge");
            try
            {
                System.IO.Directory.CreateDirectory(folder);
                return folder;
            }
            catch (Exception thrown)
            {
                Debug.LogException(thrown);
                return string.Empty;
            }
#endif
        }

        // A scene must exist before an object can be kept across scenes.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void WatchPauses()
        {
            watcher = new GameObject("TimChatBridge") { hideFlags = HideFlags.HideAndDontSave };
            watcher.AddComponent<PauseWatcher>();
            UnityEngine.Object.DontDestroyOnLoad(watcher);
        }

        internal static void Stop()
        {
            if (!running)
            {
                return;
            }

            running = false;
            Application.quitting -= Stop;
            Remove();
            if (watcher != null)
            {
                // Hidden objects outlive play mode.
                UnityEngine.Object.DestroyImmediate(watcher);
                watcher = null;
            }

            BridgeLoop.Shutdown();
        }

        // Other code may have set a player loop of its own, made from the default one: the bridge's tick would be gone.
        internal static void KeepInserted()
        {
            if (running && !IsInserted())
            {
                Insert();
            }
        }

        private static void Tick()
        {
            // The player loop goes on with the next system, and with the next frame, whatever happened in this one.
            try
            {
                // A game may have called Shutdown: the next script finds a bridge all the same.
                BridgeLoop.Initialize();
                BridgeLoop.Tick();
            }
            catch (Exception thrown)
            {
                Debug.LogException(thrown);
            }
        }

        private static void Insert()
        {
            PlayerLoopSystem loop = PlayerLoop.GetCurrentPlayerLoop();
            for (int i = 0; i < (loop.subSystemList?.Length ?? 0); i++)
            {
                if (loop.subSystemList![i].type != typeof(PreUpdate))
                {
                    continue;
                }

                PlayerLoopSystem[] before = loop.subSystemList[i].subSystemList ?? Array.Empty<PlayerLoopSystem>();
                var after = new PlayerLoopSystem[before.Length + 1];
                Array.Copy(before, after, before.Length);
                after[before.Length] = new PlayerLoopSystem { type = typeof(PlayerLoopDriver), updateDelegate = Tick };
                loop.subSystemList[i].subSystemList = after;
                PlayerLoop.SetPlayerLoop(loop);
                return;
            }

            // Once: a game that does as it is told here must not be told again every second.
            if (!saidThereIsNoPlace)
            {
                saidThereIsNoPlace = true;
                Debug.LogError("TimChatBridge: the player loop has no PreUpdate; call BridgeLoop.Tick() once a frame yourself");
            }
        }

        private static bool IsInserted()
        {
            foreach (PlayerLoopSystem phase in PlayerLoop.GetCurrentPlayerLoop().subSystemList ?? Array.Empty<PlayerLoopSystem>())
            {
                if (phase.subSystemList != null && Array.Exists(phase.subSystemList, system => system.type == typeof(PlayerLoopDriver)))
                {
                    return true;
                }
            }

            return false;
        }

        private static void Remove()
        {
            PlayerLoopSystem loop = PlayerLoop.GetCurrentPlayerLoop();
            if (loop.subSystemList == null)
            {
                return;
            }

            for (int i = 0; i < loop.subSystemList.Length; i++)
            {
                PlayerLoopSystem[] inside = loop.subSystemList[i].subSystemList;
                if (inside != null)
                {
                    loop.subSystemList[i].subSystemList = Array.FindAll(inside, system => system.type != typeof(PlayerLoopDriver));
                }
            }

            PlayerLoop.SetPlayerLoop(loop);
        }
    }
}
