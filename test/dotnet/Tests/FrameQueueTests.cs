using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // One order for all, and limits on what waits. Invariants 5 and 10.
    public sealed class FrameQueueTests : PluginFixture
    {
        [Test]
        public void AnswersEventsAndRequestsKeepTheirOrder()
        {
            var script = new Script(Plugin);
            script.Delete(1, "a");
            script.Delete(2, "b");
            Event(1);
            Core.Answer(1);
            Ask("c");
            Event(2);
            Plugin.SessionChanged(SessionEventKind.Notified);
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(
                script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "result 2", "request c", "event 2", "session", "result 1" }));
            Assert.That(script.Frames.Select(frame => frame.Sequence), Is.EqualTo(new ulong[] { 1, 2, 3, 4, 5, 6 }));
            Event(3);
            Plugin.Tick();
            Assert.That(script.Frames.Last().Sequence, Is.EqualTo(7));
        }

        [Test]
        public void EachThreadsOrderIsKeptAndNothingIsLost()
        {
            const int threads = 4;
            const int each = 2000;
            Rebuild(options => options.MaxWaitingEvents = threads * each);
            var script = new Script(Plugin);
            var running = new List<Thread>();
            for (int t = 0; t < threads; t++)
            {
                int thread = t;
                running.Add(new Thread(() =>
                {
                    for (int i = 0; i < each; i++)
                    {
                        Plugin.ConversationEvent(thread, BitConverter.GetBytes(i));
                    }
                }));
            }

            running.ForEach(thread => thread.Start());
            while (running.Any(thread => thread.IsAlive))
            {
                Plugin.Tick();
            }

            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(threads * each));
            for (int t = 0; t < threads; t++)
            {
                IEnumerable<int> seen = script.Frames.Where(frame => frame.Event.Conversation.Type == t)
                    .Select(frame => BitConverter.ToInt32(frame.Event.Conversation.Json.ToByteArray(), 0));
                Assert.That(seen, Is.EqualTo(Enumerable.Range(0, each)));
            }

            Assert.That(script.Frames.Select(frame => (int)frame.Sequence), Is.EqualTo(Enumerable.Range(1, threads * each)));
        }

        [Test]
        public void AFrameThatCannotBeWrittenIsLeftOutAndMissed()
        {
            var script = new Script(Plugin);
            script.Delete(1, "a");
            Event(1);
            // Nothing but a fault of the plugin's own does that.
            Core.Replies[0].Answer(0, null!, null!);
            Event(2);
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "event 2" }));
            Assert.That(script.Frames.Select(frame => frame.Sequence), Is.EqualTo(new ulong[] { 1, 3 }), "script sees that one is missing");
            Assert.That(Plugin.Diagnostics.FramesLost, Is.EqualTo(1));
            Assert.That(Logged.Single(), Does.Contain("Result"));
            Event(3);
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "event 2", "event 3" }));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), "its call takes up no room");
        }

        [Test]
        public void AnAnswerThatFoundNoRoomIsTakenTheSecondTime()
        {
            var script = new Script(Plugin);
            script.Delete(1, "a");
            FieldInfo field = typeof(FrameQueue).GetField("frames", BindingFlags.Instance | BindingFlags.NonPublic)!;
            object? frames = field.GetValue(Plugin.Current!.Queue);
            field.SetValue(Plugin.Current.Queue, null);
            Assert.That(() => Core.Answer(0), Throws.TypeOf<NullReferenceException>());
            field.SetValue(Plugin.Current.Queue, frames);
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "result 1" }));
            Assert.That(Plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(0));
        }

        [Test]
        public void WhatWasTakenBackDoesNotCountAsWaiting()
        {
            var script = new Script(Plugin);
            Plugin.ConversationEvent(1, new byte[0]);
            Core.OnCall = reply => reply.Answer(0, new byte[0], new byte[0]);
            Core.Returns = -3;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-3));
            Assert.That(StillWaiting(script), Is.EqualTo(1));
            Plugin.Tick();
            Assert.That(StillWaiting(script), Is.EqualTo(0));
            Plugin.ConversationEvent(1, new byte[0]);
            Assert.That(StillWaiting(script), Is.EqualTo(1));
            script.MaxBytes = 1;
            Ask("a");
            Now += 30_000;
            Plugin.Tick();
            Assert.That(StillWaiting(script), Is.EqualTo(0), "the request was held for the next drain, and has expired");
            // The game's log handler shuts the bridge down inside the call.
            Core.OnCall = reply =>
            {
                reply.Answer(0, new byte[0], new byte[0]);
                Plugin.Close(script.Session);
            };
            FrameQueue queue = Plugin.Current!.Queue;
            Assert.That(script.Delete(2, "a"), Is.EqualTo(-3));
            Assert.That(queue.Count, Is.EqualTo(0));
        }

        // A thread of the core's finds the session open, and reports only when it has ended.
        [Test]
        public void WhatIsReportedToASessionThatHasJustEndedIsDroppedAndCounted()
        {
            var script = new Script(Plugin);
            FrameQueue queue = Plugin.Current!.Queue;
            Plugin.Close(script.Session);
            int dropped = Plugin.Diagnostics.EventsDropped;
            OnOtherThread(() =>
            {
                queue.AddConversationEvent(1, new byte[1]);
                queue.AddNetworkEvent(1, 0, new byte[1]);
            });
            Assert.That(Plugin.Diagnostics.EventsDropped, Is.EqualTo(dropped + 2));
            // So does an Uninit during which the game's log handler shut the bridge down.
            queue.AddEventsLost();
            Assert.That(queue.Count, Is.EqualTo(0), "nobody would ever take it");
        }

        [Test]
        public void WhatTheNextUserLosesIsToldBehindTheirBeginning()
        {
            Rebuild(options => options.MaxWaitingEvents = 1);
            var script = new Script(Plugin);
            Event(1);
            Event(2);
            Plugin.SessionChanged(SessionEventKind.Notified);
            Event(3);
            Event(4);
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "lost 1", "session", "lost 2" }));
        }

        [Test]
        public void EventsBeyondTheLimitCollapseInTheirPlace()
        {
            Rebuild(options => options.MaxWaitingEvents = 3);
            var script = new Script(Plugin);
            script.Delete(1, "a");
            for (int i = 1; i <= 5; i++)
            {
                Event(i);
            }

            Core.Answer(0);
            Event(6);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Plugin.Tick();
            Assert.That(
                script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "event 2", "event 3", "lost 3", "result 1", "session" }));
            Assert.That(Plugin.Diagnostics.EventsCollapsed, Is.EqualTo(3));
            script.Frames.Clear();
            for (int i = 7; i <= 10; i++)
            {
                Event(i);
            }

            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 7", "event 8", "event 9", "lost 1" }));
        }

        [Test]
        public void EventsBeyondTheirSizeCollapse()
        {
            Rebuild(options => options.MaxWaitingEventBytes = 100);
            var script = new Script(Plugin);
            Plugin.ConversationEvent(1, new byte[60]);
            Plugin.ConversationEvent(1, new byte[60]);
            Plugin.ConversationEvent(1, new byte[40]);
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "lost 1", "event 1" }));
        }

        [Test]
        public void ADrainTakesWholeFramesUpToItsBudgetAndKeepsTheRestInOrder()
        {
            var script = new Script(Plugin, maxBytes: 2000);
            for (int i = 0; i < 10; i++)
            {
                Plugin.ConversationEvent(i, new byte[600]);
            }

            var sizes = new List<int>();
            var left = new List<uint>();
            for (int tick = 0; script.Frames.Count < 10; tick++)
            {
                Assert.That(tick, Is.LessThan(10));
                Plugin.Tick();
                sizes.Add(script.LastBatch.Frames.Count);
                left.Add(script.LastBatch.StillWaiting);
                Assert.That(script.LastBatch.CalculateSize(), Is.LessThanOrEqualTo(2000));
            }

            Assert.That(sizes, Is.EqualTo(new[] { 3, 3, 3, 1 }));
            Assert.That(left, Is.EqualTo(new[] { 7, 4, 1, 0 }), "script expires no call whose answer may still wait");
            Assert.That(script.Frames.Select(frame => frame.Event.Conversation.Type), Is.EqualTo(Enumerable.Range(0, 10)));
        }

        [TestCase(0)]
        [TestCase(-1)]
        [TestCase(1)]
        public void AtLeastOneFrameComesWhateverItsSize(int maxBytes)
        {
            var script = new Script(Plugin, maxBytes);
            Plugin.ConversationEvent(1, new byte[5 * 1024 * 1024]);
            Plugin.ConversationEvent(2, new byte[10]);
            Plugin.Tick();
            Assert.That(script.LastBatch.Frames.Count, Is.EqualTo(1));
            Assert.That(script.Frames[0].Event.Conversation.Json.Length, Is.EqualTo(5 * 1024 * 1024));
            Plugin.Tick();
            Assert.That(script.Frames.Select(Describe), Is.EqualTo(new[] { "event 1", "event 2" }));
        }

        [Test]
        public void ASecondANestedAndAnOutsideDrainGiveTheClockAndNothingElse()
        {
            var script = new Script(Plugin);
            Event(1);
            Now += 250;
            ArraySegment<byte> outside = Plugin.Drain(script.Session, int.MaxValue);
            Assert.That(Script.Parse(outside), Is.EqualTo(new DrainBatch { ClockMs = 250, State = SessionState.Open, Epoch = Plugin.Epoch, StillWaiting = 1 }));
            ArraySegment<byte> outermost = default;
            byte[] copy = new byte[0];
            Plugin.SetWake(script.Session, () =>
            {
                outermost = Plugin.Drain(script.Session, int.MaxValue);
                copy = outermost.ToArray();
                Event(2);
                Assert.That(Script.Parse(Plugin.Drain(script.Session, int.MaxValue)).Frames, Is.Empty);
            });
            Plugin.Tick();
            Assert.That(Script.Parse(outermost).Frames.Count, Is.EqualTo(1));
            Plugin.Drain(script.Session, int.MaxValue);
            Assert.That(outermost.ToArray(), Is.EqualTo(copy), "left alone until the next outermost drain");
            Assert.That(Plugin.Diagnostics.EmptyDrains, Is.EqualTo(3));
            Plugin.Tick();
            Assert.That(ToScript.Parser.ParseFrom(Script.Parse(outermost).Frames.Single()).Event.Conversation.Type, Is.EqualTo(2));
        }

        [Test]
        public void AnUnknownSessionAndAnotherThreadDrainAClosedOne()
        {
            var script = new Script(Plugin);
            Event(1);
            Assert.That(Script.Parse(Plugin.Drain(script.Session + 1, 100)).State, Is.EqualTo(SessionState.Closed));
            OnOtherThread(() => Assert.That(Script.Parse(Plugin.Drain(script.Session, 100)).Frames, Is.Empty));
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1), "and took nothing");
        }

        [Test]
        public void TheClockStandsStillInTheBackground()
        {
            var script = new Script(Plugin);
            Now += 100;
            Plugin.Tick();
            Assert.That(script.LastBatch.ClockMs, Is.EqualTo(100));
            Plugin.Clock.Pause();
            Now += 1000000;
            Plugin.Clock.Pause();
            Plugin.Tick();
            Assert.That(script.LastBatch.ClockMs, Is.EqualTo(100));
            Plugin.Clock.Resume();
            Plugin.Clock.Resume();
            Now += 5;
            Plugin.Tick();
            Assert.That(script.LastBatch.ClockMs, Is.EqualTo(105));
        }

        private static string Describe(ToScript frame)
        {
            switch (frame.BodyCase)
            {
                case ToScript.BodyOneofCase.Result:
                    return "result " + frame.Result.CallId;
                case ToScript.BodyOneofCase.Request:
                    return "request " + frame.Request.ConvDelete.ConvId.ToStringUtf8();
                case ToScript.BodyOneofCase.Lost:
                    return "lost " + frame.Lost.Count;
                default:
                    return frame.Event.Session != null ? "session" : "event " + frame.Event.Conversation.Type;
            }
        }

        private void Event(int type) => Plugin.ConversationEvent(type, new byte[0]);

        private uint StillWaiting(Script script) => Script.Parse(Plugin.Drain(script.Session, 1)).StillWaiting;
    }
}
