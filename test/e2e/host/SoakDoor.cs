using System;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using TimChatBridge.Testing;

namespace TimChatBridge.NodeHost
{
    /// <summary>
    /// C#'s part of the soak through the script: the production plugin on the production CoreLibrary and a stand-in that answers
    /// late, on foreign threads, and one call in a hundred never; what C# hears; and what is there between two sessions.
    /// </summary>
    public static class SoakDoor
    {
        private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.NonPublic;
        private const int ConvDelete = 5;
        private const int ForeignThread = 2;
        private const int Late = 3;
        private const int Never = 5;
        private const int NeverEvery = 100;
        private const int HeldBack = 200;
        private const int IdleMs = 300_000;

        private static long nowMs;
        private static long completions;
        private static long deletions;
        private static string logged = string.Empty;

        /// <summary>A fresh game whose deadlines are kept by a clock that the test moves. Never from inside script.</summary>
        public static void Begin()
        {
            BridgeLoop.Shutdown();
            FieldInfo current = typeof(BridgeLoop).GetField("current", Hidden)
                ?? throw new MissingMemberException("BridgeLoop.current is gone: SoakDoor must follow the production code");
            current.SetValue(null, new Plugin(new PluginOptions(new CoreLibrary()) { MonotonicMs = () => nowMs, Log = Log }));
            BridgeLoop.Initialize();
            Conversations.DeleteCompleted += _ => completions++;
            Conversations.Deleted += _ => deletions++;
            Conversations.ListenerFailed += thrown => Log(thrown.ToString());
            StandIn.Reset();
            StandIn.AcceptUnknown(true);
            StandInNative.standin_set_logs(0);
            StandIn.SetFault(ForeignThread, ConvDelete, 0);
            StandIn.SetFault(Late, ConvDelete, HeldBack);
            StandIn.SetFault(Never, ConvDelete, 0);
            StandIn.PaceFault(Never, ConvDelete, NeverEvery, -1);
        }

        /// <summary>Moves the clock on, in milliseconds.</summary>
        public static void AdvanceClock(int milliseconds) => nowMs += milliseconds;

        /// <summary>Lets go what is held back, and waits until the core has nothing to do. False: it did not come to rest.</summary>
        public static bool ReleaseAll()
        {
            bool idle = StandInNative.standin_wait_idle(IdleMs) == 1;
            StandInNative.standin_release_held(-1);
            return idle && StandInNative.standin_wait_idle(IdleMs) == 1;
        }

        /// <summary>Deletes that the core never answered.</summary>
        public static int NeverAnswered() => StandIn.FaultFired(Never, ConvDelete);

        /// <summary>Calls of the open session that C# holds as under way or given up.</summary>
        public static int UnderWay() => BridgeLoop.Plugin.Current?.Pending.Count ?? 0;

        /// <summary>The first lines that were logged; the run logs nothing.</summary>
        public static string Logged() => logged;

        /// <summary>What is there after a forced collection, and what was counted so far: JSON.</summary>
        public static string Read()
        {
            for (int i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
                GC.WaitForPendingFinalizers();
            }

            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
            Diagnostics counted = BridgeLoop.Plugin.Diagnostics;
            using Process self = Process.GetCurrentProcess();
            return JsonSerializer.Serialize(new
            {
                allocated = NativeText.Allocated,
                freed = NativeText.Freed,
                tokens = CoreLibrary.LiveTokens,
                standIn = StandInNative.standin_live_allocations(),
                deleted = StandInNative.standin_deleted_count(),
                late = StandIn.FaultFired(Late, ConvDelete),
                foreign = StandIn.FaultFired(ForeignThread, ConvDelete),
                completions,
                deletions,
                unwanted = counted.DuplicateAnswers + counted.AnswersDespiteRefusal + counted.AnswersDropped,
                lost = counted.FramesRefused + counted.ListenersFailed + counted.EventsDropped + counted.EventsCollapsed
                    + counted.WaitingDropped + counted.FramesLost + counted.UnknownCompletions,
                managedBytes = GC.GetTotalMemory(false),
                residentBytes = self.WorkingSet64,
            });
        }

        private static void Log(string line)
        {
            if (logged.Length < 4000)
            {
                logged += line + "\n";
            }
        }
    }
}
