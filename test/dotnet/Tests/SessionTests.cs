using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // Open, replacement, Close and the script's death. Invariant 6.
    public sealed class SessionTests : PluginFixture
    {
        [TestCase(1000, 1000, true)]
        [TestCase(1000, 1007, true)]
        [TestCase(1, 1000, true)]
        [TestCase(1001, 1007, false)]
        [TestCase(2000, 2003, false)]
        [TestCase(1, 999, false)]
        [TestCase(1000, 999, false)]
        [TestCase(0, 0, false)]
        [TestCase(int.MinValue, -1, false)]
        public void VersionsMeetAtOpen(int min, int max, bool agree)
        {
            int session = Plugin.Open(min, max);
            if (agree)
            {
                Assert.That(session, Is.GreaterThan(0));
            }
            else
            {
                Assert.That(session, Is.EqualTo(-1000));
                Assert.That(Plugin.Current, Is.Null);
            }
        }

        [Test]
        public void AnOpenThatFailsTakesNothingFromTheSessionThatIs()
        {
            var script = new Script(Plugin);
            Assert.That(Plugin.Open(2000, 2000), Is.EqualTo(-1000));
            OnOtherThread(() => Assert.That(Plugin.Open(1000, 1000), Is.EqualTo(0)));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void TheLastOpenWinsAndTheLoserIsToldOnce()
        {
            var loser = new Script(Plugin);
            loser.Delete(1, "a");
            Plugin.Tick();
            var winner = new Script(Plugin);
            Assert.That(winner.Session, Is.Not.EqualTo(loser.Session));
            Plugin.ConversationEvent(1, new byte[0]);
            int batches = loser.Batches.Count;
            for (int i = 0; i < 3; i++)
            {
                Plugin.Tick();
            }

            Assert.That(loser.Batches.Count, Is.EqualTo(batches + 1));
            Assert.That(loser.LastBatch.State, Is.EqualTo(SessionState.Replaced));
            Assert.That(loser.Frames, Is.Empty);
            Assert.That(winner.Frames.Count, Is.EqualTo(1));
            Assert.That(winner.LastBatch.State, Is.EqualTo(SessionState.Open));
            Assert.That(loser.Delete(2, "b"), Is.EqualTo(-(int)SendResult.Replaced));
            Assert.That(Script.Parse(Plugin.Drain(loser.Session, 1)).State, Is.EqualTo(SessionState.Replaced));
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(winner.Frames.Count, Is.EqualTo(1), "the loser's answer is nobody's");
            Assert.That(Plugin.Diagnostics.AnswersDropped, Is.EqualTo(1));
            Plugin.Close(loser.Session);
            Assert.That(loser.Delete(2, "b"), Is.EqualTo(-(int)SendResult.Closed));
            Assert.That(winner.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void ReplacedFromInsideItsOwnWake()
        {
            var loser = new Script(Plugin);
            Script? winner = null;
            loser.AfterDrain = () => winner ??= new Script(Plugin);
            Plugin.Tick();
            Assert.That(loser.LastBatch.State, Is.EqualTo(SessionState.Open));
            Plugin.Tick();
            Assert.That(loser.LastBatch.State, Is.EqualTo(SessionState.Replaced));
            Assert.That(winner!.Batches.Count, Is.EqualTo(1));
            Assert.That(winner.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void ReplacedAgainAndAgainKeepsNothing()
        {
            var first = new Script(Plugin);
            for (int i = 0; i < 50; i++)
            {
                var next = new Script(Plugin);
                Plugin.Tick();
                Assert.That(next.Delete(1, "a"), Is.EqualTo(0));
            }

            Assert.That(first.Delete(1, "a"), Is.EqualTo(-(int)SendResult.Closed), "long forgotten");
        }

        [Test]
        public void ClosedOutsideAWakeItEndsAtOnce()
        {
            var script = new Script(Plugin);
            script.Delete(1, "a");
            Plugin.ConversationEvent(1, new byte[0]);
            Plugin.Close(script.Session);
            Plugin.Close(script.Session);
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(script.Batches, Is.Empty);
            Assert.That(Plugin.Diagnostics.WaitingDropped, Is.EqualTo(1));
            Assert.That(Plugin.Diagnostics.AnswersDropped, Is.EqualTo(1));
            Assert.That(Script.Parse(Plugin.Drain(script.Session, 1)).State, Is.EqualTo(SessionState.Closed));
        }

        [Test]
        public void ClosedInsideItsWakeItEndsAfterIt()
        {
            var script = new Script(Plugin);
            List<string> heard = Ask("a");
            int during = 1;
            script.OnFrame = frame =>
            {
                Plugin.Close(script.Session);
                during = script.Complete(frame.Request.RequestId, "a", Protocol.Outcome.NotSent, -1002, "closing");
            };
            Plugin.Tick();
            Assert.That(during, Is.EqualTo(0), "still open until the wake has returned");
            Assert.That(heard, Is.EqualTo(new[] { "-1002|closing|data" }));
            Assert.That(Plugin.Current, Is.Null);
            Plugin.Tick();
            Assert.That(script.Batches.Count, Is.EqualTo(1));
        }

        [Test]
        public void AWakeThatThrowsBeforeItDrainedIsTheScriptsDeath()
        {
            var script = new Script(Plugin);
            List<string> queued = Ask("queued");
            List<string> sent = Ask("sent");
            Assert.That(script.Claim(2), Is.EqualTo(0));
            script.BeforeDrain = () => throw new InvalidOperationException("no such function");
            Plugin.Tick();
            Assert.That(Plugin.Current, Is.Null);
            Assert.That(queued.Single(), Does.StartWith("-1002|").And.Contain("nothing was deleted"));
            Assert.That(sent.Single(), Does.StartWith("-1002|").And.Contain("may be carried out"));
            Assert.That(Logged.Single(), Does.Contain("no such function"));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.Closed));
        }

        [Test]
        public void AWakeThatThrowsAfterItDrainedIsLogged()
        {
            var script = new Script(Plugin);
            script.AfterDrain = () => throw new InvalidOperationException("a listener of script's");
            Plugin.Tick();
            Plugin.Tick();
            Assert.That(script.Batches.Count, Is.EqualTo(2));
            Assert.That(Logged.Count, Is.EqualTo(2));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void DeathSettlesWhatCSharpAskedInTheOrderOfAsking()
        {
            Rebuild(options => options.FirstRequestId = int.MaxValue - 1);
            var script = new Script(Plugin);
            var order = new List<string>();
            Plugin.Listeners.DeleteCompleted += e => order.Add(e.Results[0].Conversation.Id + " " + e.Results[0].Outcome);
            foreach (string id in new[] { "a", "b", "c", "d" })
            {
                Ask(id);
            }

            Assert.That(script.Delete(1, "b", origin: int.MaxValue), Is.EqualTo(0));
            Plugin.Close(script.Session);
            Assert.That(order, Is.Empty, "listeners run in the tick");
            Plugin.Tick();
            Assert.That(order, Is.EqualTo(new[] { "a NotSent", "b Unknown", "c NotSent", "d NotSent" }));
        }

        [Test]
        public void ReplacementSettlesWhatCSharpAsked()
        {
            var loser = new Script(Plugin);
            List<string> heard = Ask("a");
            var winner = new Script(Plugin);
            Plugin.Tick();
            Plugin.Tick();
            Assert.That(heard.Single(), Does.StartWith("-1001|"));
            Assert.That(winner.Frames, Is.Empty, "it does not go on to the next script");
            Assert.That(loser.Frames, Is.Empty);
        }

        [Test]
        public void ADisposedEnvironmentIsNotCalled()
        {
            var script = new Script(Plugin);
            var environment = new DerivedEnvironment();
            Plugin.SetEnvironment(script.Session, environment);
            Plugin.Tick();
            Assert.That(script.Batches.Count, Is.EqualTo(1));
            List<string> heard = Ask("a");
            environment.Dispose();
            Plugin.Tick();
            Assert.That(script.Batches.Count, Is.EqualTo(1));
            Assert.That(heard.Single(), Does.Contain("disposed").And.Contain("nothing was deleted: ask again when script has connected"));
            Assert.That(Logged.Single(), Does.Contain("have script call bridge.close() before"));
            Assert.That(Plugin.Current, Is.Null);
        }

        [Test]
        public void ADisposedEnvironmentThatWasReplacedIsNotCalledEither()
        {
            var loser = new Script(Plugin);
            var environment = new DerivedEnvironment();
            Plugin.SetEnvironment(loser.Session, environment);
            var winner = new Script(Plugin);
            environment.Dispose();
            Plugin.Tick();
            Assert.That(loser.Batches, Is.Empty);
            Assert.That(winner.Batches.Count, Is.EqualTo(1));
        }

        [Test]
        public void AnEnvironmentThatCannotBeAskedIsTakenForAlive()
        {
            var script = new Script(Plugin);
            Plugin.SetEnvironment(script.Session, new object());
            Plugin.SetEnvironment(script.Session, null);
            Plugin.Tick();
            Assert.That(script.Batches.Count, Is.EqualTo(1));
        }

        [Test]
        public void ATickInsideScriptOrAListenerDoesNothing()
        {
            var script = new Script(Plugin);
            script.BeforeDrain = Plugin.Tick;
            script.AfterDrain = Plugin.Tick;
            int heard = 0;
            Plugin.Listeners.Deleted += _ =>
            {
                heard++;
                Plugin.Tick();
            };
            script.PublishDeleted("a");
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(1));
            Assert.That(script.Batches.Count, Is.EqualTo(1));
        }

        [Test]
        public void ATickBelongsToTheMainThread()
        {
            OnOtherThread(() => Assert.That(Plugin.Tick, Throws.InvalidOperationException.With.Message.Contains("main thread")));
            var uninitialised = new Plugin(new PluginOptions(Core));
            Assert.That(uninitialised.Tick, Throws.InvalidOperationException.With.Message.Contains("Initialize"));
            Assert.That(uninitialised.Open(1000, 1000), Is.EqualTo(0));
            OnOtherThread(() => Assert.That(Plugin.Initialize, Throws.InvalidOperationException));
            Plugin.Initialize();
        }

        [Test]
        public void TheEventSlotIsTakenAtTheFirstUseAndGivenBackAtClose()
        {
            var script = new Script(Plugin);
            Assert.That(Core.SlotsTaken, Is.EqualTo(0), "a script whose core is its own leaves the core's slots alone");
            script.Delete(1, "a");
            script.Delete(2, "a");
            Assert.That(Core.SlotsTaken, Is.EqualTo(1));
            Assert.That(Core.HoldsSlots, Is.True);
            Plugin.Close(script.Session);
            Assert.That(Core.SlotsGivenBack, Is.EqualTo(1));
            var next = new Script(Plugin);
            Plugin.Close(next.Session);
            Assert.That(Core.SlotsGivenBack, Is.EqualTo(1), "not ours");
        }

        [Test]
        public void TheConversationSlotIsLeftToItsOwner()
        {
            Plugin.Core.Slots.TakesEventSlot = false;
            var script = new Script(Plugin);
            script.Delete(1, "a");
            Assert.That(Core.SlotsTaken, Is.EqualTo(1));
            Assert.That(Core.HoldsSlots, Is.False);
        }

        [Test]
        public void ShutdownSettlesDropsAndGivesBack()
        {
            var script = new Script(Plugin);
            script.Delete(1, "a");
            List<string> heard = Ask("b");
            Plugin.Shutdown();
            Assert.That(heard.Single(), Does.Contain("shut down"));
            Assert.That(Core.SlotsGivenBack, Is.EqualTo(1));
            Assert.That(Plugin.IsShutDown, Is.True);
            Core.Answer(0);
            Assert.That(Plugin.Diagnostics.AnswersDropped, Is.EqualTo(1));
            Plugin.Tick();
            Plugin.Shutdown();
            Assert.That(script.Batches.Single().State, Is.EqualTo(SessionState.Closed), "script was told, once");
            Assert.That(script.Batches.Single().Frames, Is.Empty);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.Closed));
            Assert.That(Plugin.Open(1000, 1000), Is.EqualTo(0));
        }

        [Test]
        public void ShutdownInsideATickTakesEffectAtItsEnd()
        {
            var script = new Script(Plugin);
            int heard = 0;
            Plugin.Listeners.Deleted += _ =>
            {
                Plugin.Shutdown();
                heard++;
            };
            script.AfterDrain = () =>
            {
                script.PublishDeleted("a");
                script.PublishDeleted("b");
                Plugin.Shutdown();
            };
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(2), "what was published in the tick is heard");
            Assert.That(Plugin.IsShutDown, Is.True);
        }

        private class Environment : IDisposable
        {
#pragma warning disable CS0414 // Read by reflection, as PuerTS's own.
            private bool disposed;
#pragma warning restore CS0414

            public void Dispose() => disposed = true;
        }

        private sealed class DerivedEnvironment : Environment
        {
        }
    }
}
