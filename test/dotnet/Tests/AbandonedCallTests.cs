using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // A call that script has settled without an answer gives up its place among the calls under way; what the core holds of it
    // stays, within a limit of its own. Invariant 10.
    public sealed class AbandonedCallTests : PluginFixture
    {
        private const int UnderWay = 3;
        private const int GivenUp = 5;

        private Script script = null!;

        [SetUp]
        public void Connect()
        {
            Rebuild(options =>
            {
                options.MaxPendingCalls = UnderWay;
                options.MaxAbandonedCalls = GivenUp;
            });
            script = new Script(Plugin);
        }

        [Test]
        public void ItMakesRoomAndItsAnswerStillComes()
        {
            Delete(1, 2, 3);
            Assert.That(script.Delete(4, "a"), Is.EqualTo(-(int)SendResult.Busy));
            Assert.That(Cancel(2), Is.EqualTo(0));
            Delete(4);
            Assert.That(script.Delete(5, "a"), Is.EqualTo(-(int)SendResult.Busy), "room for one");
            Core.Answer(1, 0, "late");
            Plugin.Tick();
            Assert.That(script.Frames.Single().Result.CallId, Is.EqualTo(2));
            Assert.That(script.Delete(5, "a"), Is.EqualTo(-(int)SendResult.Busy), "its place is not given free twice");
        }

        [Test]
        public void ItsNumberIsTakenUntilItIsAnswered()
        {
            Delete(1);
            Cancel(1);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.BadCallId));
            Core.Answer(0);
            Plugin.Tick();
            Delete(1);
        }

        [Test]
        public void WhatIsNotUnderWayMakesNoRoom()
        {
            Delete(1, 2, 3);
            Core.Answer(0);
            Plugin.Tick();
            Delete(4);
            Assert.That(Cancel(1), Is.EqualTo(0), "its answer and script's word cross");
            Assert.That(Cancel(77), Is.EqualTo(0));
            Assert.That(script.Delete(5, "a"), Is.EqualTo(-(int)SendResult.Busy));
            Cancel(2);
            Cancel(2);
            Delete(5);
            Assert.That(script.Delete(6, "a"), Is.EqualTo(-(int)SendResult.Busy), "given up twice is room for one");
        }

        [Test]
        public void ACoreThatNeverAnswersAFewDoesNotEndInBusy()
        {
            Rebuild(options =>
            {
                options.MaxPendingCalls = UnderWay;
                options.MaxAbandonedCalls = 100;
            });
            script = new Script(Plugin);
            for (uint id = 1; id <= 10000; id++)
            {
                Assert.That(script.Delete(id, "a"), Is.EqualTo(0), Plugin.LastRefusal);
                if (id % 100 == 0)
                {
                    Cancel(id);
                }
                else
                {
                    Core.Answer((int)id - 1);
                    Plugin.Tick();
                }
            }
        }

        [Test]
        public void TheyHaveALimitAndBeyondItTheWordIsBusyUntilOneIsAnswered()
        {
            GiveUp(GivenUp);
            int calls = Core.Calls.Count;
            Assert.That(script.Delete(99, "a"), Is.EqualTo(-(int)SendResult.Busy));
            Assert.That(Plugin.LastRefusal, Does.Contain("5 calls that were given up").And.Contain("Uninit"));
            Assert.That(Core.Calls.Count, Is.EqualTo(calls));
            Core.Answer(0);
            Assert.That(script.Delete(99, "a"), Is.EqualTo(-(int)SendResult.Busy), "the answer's place is taken until it is drained");
            Plugin.Tick();
            Delete(99);
        }

        [Test]
        public void UninitIsTakenAllTheSameAndLetsGoOfThem()
        {
            GiveUp(GivenUp);
            Assert.That(script.Call(new CoreCall { CallId = 98, Epoch = Plugin.Epoch, Uninit = new Uninit() }), Is.EqualTo(0), Plugin.LastRefusal);
            Plugin.Tick();
            Delete(99);
        }

        [Test]
        public void TheyEndWithTheirSession()
        {
            GiveUp(GivenUp);
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            GiveUp(GivenUp);
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty, "an answer to the session before");
            Assert.That(Plugin.Diagnostics.AnswersDropped, Is.EqualTo(1));
        }

        private void Delete(params int[] callIds)
        {
            foreach (int id in callIds)
            {
                Assert.That(script.Delete((uint)id, "a"), Is.EqualTo(0), Plugin.LastRefusal);
            }
        }

        private int Cancel(uint callId) => script.Send(new ToPlugin { Version = 1, Cancel = new Cancel { CallId = callId } });

        private void GiveUp(int count)
        {
            for (int id = 1; id <= count; id++)
            {
                Delete(id);
                Cancel((uint)id);
            }
        }
    }
}
