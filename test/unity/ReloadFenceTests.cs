using System.Collections.Generic;
using NUnit.Framework;
using TimChatBridge.Editor;

namespace TimChatBridge.UnityTests
{
    // Reloads are held back while answers are owed that no shutdown would end: in pairs, and not for ever.
    public sealed class ReloadFenceTests
    {
        private readonly List<string> said = new List<string>();
        private int held;
        private int holds;
        private long nowMs;
        private ReloadFence fence = null!;

        [SetUp]
        public void Start()
        {
            said.Clear();
            held = 0;
            holds = 0;
            nowMs = 1000;
            fence = new ReloadFence(Hold, () => held--, said.Add, () => nowMs);
        }

        [Test]
        public void WhereNothingIsOwedNothingIsHeld()
        {
            fence.Look(0);
            fence.Reload(0);
            Assert.That((holds, held, said.Count), Is.EqualTo((0, 0, 0)));
        }

        [Test]
        public void HeldOnceUntilAllHasCome()
        {
            fence.Look(3);
            fence.Look(2);
            Assert.That((holds, held), Is.EqualTo((1, 1)));
            fence.Look(0);
            fence.Look(0);
            Assert.That((holds, held), Is.EqualTo((1, 0)));
            fence.Look(1);
            Assert.That((holds, held), Is.EqualTo((2, 1)), "and again");
        }

        [Test]
        public void AfterTheLimitItIsSaidAndLetGoOnce()
        {
            fence.Look(2);
            nowMs += ReloadFence.LongestHoldMs - 1;
            fence.Look(2);
            Assert.That((held, said.Count), Is.EqualTo((1, 0)), "not before");
            nowMs += 1;
            fence.Look(2);
            Assert.That(held, Is.Zero);
            Assert.That(said, Has.Count.EqualTo(1));
            Assert.That(said[0], Does.Contain("owed 2 answers").And.Contain("call its Uninit"));
            nowMs += ReloadFence.LongestHoldMs;
            fence.Look(2);
            fence.Look(2);
            Assert.That((holds, said.Count), Is.EqualTo((1, 1)), "neither held nor said again");
            fence.Look(0);
            fence.Look(1);
            Assert.That((holds, held), Is.EqualTo((2, 1)), "a core that answers after all is waited for again");
        }

        [Test]
        public void AReloadGivesBackWhatIsHeldAndSaysWhatIsOwed()
        {
            fence.Look(1);
            fence.Reload(1);
            Assert.That(held, Is.Zero, "the editor would stay locked for good");
            Assert.That(said, Has.Count.EqualTo(1));
            Assert.That(said[0], Does.Contain("owes 1 answers").And.Contain("save, and restart"));
        }

        private void Hold()
        {
            held++;
            holds++;
        }
    }
}
