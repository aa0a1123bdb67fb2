using System;
using System.Collections.Generic;
using System.Globalization;
using TimChatBridge.Testing;

namespace TimChatBridge.Soak
{
    // The run: sessions of many deletes each, every one opened, signed in, signed out, let go of and closed as a game does.
    internal sealed class Soak
    {
        private const int NeverEvery = 100;
        private const int HeldBack = 200;
        private const int MostUnderWay = 800;

        private const int LongestSession = 10000;

        // Of Init one, of Login two.
        private const int TextsOfASession = 3;
        private const int FrameDeletes = 64;
        private const int IdleMs = 300000;

        private readonly Tally tally = new Tally();
        private readonly long count;
        private readonly int sessionDeletes;
        private readonly long baselineAt;
        private readonly Diagnostics diagnostics;
        private long sessions;

        internal Soak(long count)
        {
            this.count = count;
            sessionDeletes = (int)Math.Min(LongestSession, Math.Max(1, count / 10));
            baselineAt = Math.Min(100000, count / 2);
            BridgeLoop.Log = line => tally.Failure ??= line;
            BridgeLoop.Initialize();
            diagnostics = BridgeLoop.Plugin.Diagnostics;
            Conversations.DeleteCompleted += _ => tally.Completions++;
            StandInNative.standin_reset();
            StandInNative.standin_set_logs(0);
            StandInNative.standin_set_accept_unknown(1);
            Fault(StandInLibrary.ForeignThread, 0);
            Fault(StandInLibrary.Late, HeldBack);
            Fault(StandInLibrary.Never, 0);
            StandInNative.standin_pace_fault(StandInLibrary.Never, StandInLibrary.ConvDelete, NeverEvery, -1);
        }

        private static long NeverAnswered => Fired(StandInLibrary.Never);

        // Prints its readings, and returns what must hold of them.
        internal List<Check> Run()
        {
            Console.WriteLine(Reading.Header);
            Reading start = Take();
            Reading? baseline = null;
            Reading last = start;
            long nextReading = baselineAt;
            while (tally.Sent < count)
            {
                Session((int)Math.Min(sessionDeletes, count - tally.Sent));
                if (tally.Sent >= nextReading || tally.Sent == count)
                {
                    last = Take();
                    baseline ??= last;
                    nextReading += baselineAt;
                }
            }

            return Checks(start, baseline ?? last, last);
        }

        private static void Fault(int fault, long argument) =>
            StandInNative.standin_set_fault(fault, StandInLibrary.ConvDelete, argument);

        private static long Fired(int fault) => StandInNative.standin_fault_fired(fault, StandInLibrary.ConvDelete);

        private Reading Take()
        {
            Reading reading = Reading.Take(tally);
            Console.WriteLine(reading);
            return reading;
        }

        private void Session(int deletes)
        {
            sessions++;
            long neverBefore = NeverAnswered;
            var script = new ScriptDouble(tally);
            script.Init();
            script.Login("me");
            for (int i = 0; i < deletes; i++)
            {
                script.Delete("u" + tally.Sent.ToString(CultureInfo.InvariantCulture));
                if (i % FrameDeletes == 0)
                {
                    Game.Tick(tally);
                    Game.TickUntil(() => script.Pending - (NeverAnswered - neverBefore) < MostUnderWay, tally, "room for another call");
                }
            }

            WaitIdle();
            StandInNative.standin_release_held(-1);
            WaitIdle();
            Game.TickUntil(
                () => script.Pending == NeverAnswered - neverBefore && tally.DelEvents == tally.Sent, tally, "what the core owed");
            script.ForgetOverdue();
            script.Logout();
            script.Uninit();
            script.Close();
            Game.Tick(tally);
        }

        private static void WaitIdle()
        {
            if (StandInNative.standin_wait_idle(IdleMs) != 1)
            {
                throw new TimeoutException("the stand-in did not come to rest");
            }
        }

        private List<Check> Checks(Reading start, Reading baseline, Reading end)
        {
            double heapKb = (end.HeapBytes - baseline.HeapBytes) / 1024.0;
            double residentMb = (end.ResidentBytes - baseline.ResidentBytes) / 1048576.0;
            return new List<Check>
            {
                Check.Equal("deletes sent", tally.Sent, count),
                Check.Equal("deletes that the core carried out", StandInNative.standin_deleted_count(), count),
                Check.Equal("deletes never answered: one in a hundred", NeverAnswered, count / NeverEvery),
                Check.Equal("deletes given up at their deadline: those", tally.Forgotten, NeverAnswered),
                Check.Equal("deletes settled once: all others", tally.Settled, count - NeverAnswered),
                Check.Equal("answers held back", Fired(StandInLibrary.Late), tally.Settled),
                Check.Equal("answers on foreign threads", Fired(StandInLibrary.ForeignThread), tally.Settled),
                Check.Equal("deletion events", tally.DelEvents, count),
                Check.Equal("completions that C# heard of", tally.Completions, tally.Settled),
                Check.Equal("answers counted as doubled, unwanted or dropped", Unwanted, 0),
                Check.Equal("frames refused, listeners failed, events dropped", Lost, 0),
                Check.Equal("native allocations: one for each delete, three for each session", end.Allocated, count + (TextsOfASession * sessions)),
                Check.Equal("native frees: as many", end.Freed, end.Allocated),
                Check.Equal("native tokens that live", end.Tokens, start.Tokens),
                Check.Equal("script delegates that live", end.Delegates, start.Delegates),
                Check.Equal("the stand-in's own live allocations", end.StandIn, start.StandIn),
                Check.AtMost($"managed heap, KB above the reading at {baseline.Deletes}", heapKb, 256),
                Check.AtMost($"resident memory, MB above the reading at {baseline.Deletes}", residentMb, 8),
            };
        }

        private long Unwanted => diagnostics.DuplicateAnswers + diagnostics.AnswersDespiteRefusal + diagnostics.AnswersDropped;

        private long Lost => diagnostics.FramesRefused + diagnostics.ListenersFailed + diagnostics.EventsDropped
            + diagnostics.EventsCollapsed + diagnostics.WaitingDropped;
    }
}
