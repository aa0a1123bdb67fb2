using System;
using System.Linq;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // Whose the core is: who initialised it lets go of it, and nobody's listener is lost without a word.
    public sealed class SessionOwnerTests : PluginFixture
    {
        private Script script = null!;

        [SetUp]
        public void Connect() => script = new Script(Plugin);

        [Test]
        public void ACoreThatScriptInitialisedIsLetGoOfAtShutdown()
        {
            Init(1);
            Plugin.Shutdown();
            Assert.That(Core.Calls, Is.EqualTo(new[] { "Init 1", "Uninit" }));
            Assert.That(Core.SlotsGivenBack, Is.EqualTo(1), "before it");
        }

        [Test]
        public void AlsoWhereTheScriptHasDied()
        {
            Init(1);
            script.BeforeDrain = () => throw new InvalidOperationException("dead");
            Plugin.Tick();
            Plugin.Shutdown();
            Assert.That(Core.Calls.Last(), Is.EqualTo("Uninit"));
        }

        [Test]
        public void ACoreThatScriptLetGoOfIsNotLetGoOfTwice()
        {
            Init(1);
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Uninit = new Uninit() }), Is.EqualTo(0));
            Plugin.Shutdown();
            Assert.That(Core.Calls.Count(call => call == "Uninit"), Is.EqualTo(1));
        }

        [Test]
        public void ACoreThatRefusedToBeLetGoOfIsStillOurs()
        {
            Init(1);
            Core.Returns = -1;
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Uninit = new Uninit() }), Is.EqualTo(-1));
            Core.Returns = 0;
            Plugin.Shutdown();
            Assert.That(Core.Calls.Count(call => call == "Uninit"), Is.EqualTo(2));
        }

        [TestCase(false)]
        [TestCase(true)]
        public void ARefusedUninitTakesTheSlotsAgainAtOnceAndScriptListsAnew(bool throws)
        {
            Init(1);
            Plugin.Tick();
            script.Frames.Clear();
            Core.Returns = throws ? 0 : -1;
            Core.ThrowsInUninit = throws;
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Uninit = new Uninit() }), Is.LessThan(0));
            Assert.That(Core.HoldsSlots, Is.True);
            Core.Events!.ConversationEvent(3, Array.Empty<byte>());
            Plugin.Tick();
            Assert.That(
                script.Frames.Select(frame => frame.BodyCase), Is.EqualTo(new[] { ToScript.BodyOneofCase.Lost, ToScript.BodyOneofCase.Event }));
            Assert.That(script.Frames[0].Lost.Count, Is.EqualTo(0), "how many nobody knows");
        }

        [Test]
        public void ARefusedUninitTakesNoSlotsThatWereLeftToTheirOwner()
        {
            Plugin.Core.Slots.TakesEventSlot = false;
            Init(1);
            Plugin.Tick();
            script.Frames.Clear();
            Core.Returns = -1;
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Uninit = new Uninit() });
            Plugin.Tick();
            Assert.That(Core.HoldsSlots, Is.False);
            Assert.That(script.Frames, Is.Empty);
        }

        [TestCase(false)]
        [TestCase(true)]
        public void ACoreThatTheGameInitialisedIsTheGames(bool attached)
        {
            if (attached)
            {
                Attach();
            }

            script.Delete(1, "a");
            Core.Answer(0);
            Plugin.Tick();
            Plugin.Shutdown();
            Assert.That(Core.Calls, Is.EqualTo(new[] { "ConvDelete a 1" }));
        }

        [Test]
        public void AnInitThatFailedLeavesNothingToLetGoOf()
        {
            Core.Returns = -4;
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } });
            Core.Returns = 0;
            Plugin.Shutdown();
            Assert.That(Core.Calls, Is.EqualTo(new[] { "Init 1" }));
        }

        [Test]
        public void ALetGoThatThrowsIsLogged()
        {
            Init(1);
            Core.Throws = new DllNotFoundException("gone");
            Plugin.Shutdown();
            Assert.That(Logged.Single(), Does.Contain("could not be let go of"));
        }

        [Test]
        public void SlotsThatAreTakenInAJoinedSessionAreTakenWithAWord()
        {
            Attach();
            script.Delete(1, "a");
            script.Delete(2, "b");
            Assert.That(Core.HoldsSlots, Is.True);
            Assert.That(Logged.Single(), Does.Contain("TakesEventSlot = false"));
        }

        [Test]
        public void SlotsThatAreLeftToTheirOwnerAreNeitherTakenNorGivenBack()
        {
            Plugin.Core.Slots.TakesEventSlot = false;
            Attach();
            script.Delete(1, "a");
            Assert.That(Core.HoldsSlots, Is.False);
            Assert.That(Logged, Is.Empty);
            Plugin.Core.Slots.TakesEventSlot = true;
            Plugin.Close(script.Session);
            Assert.That(Core.GaveSlotsBack, Is.False, "what was not taken is not given back, whatever was set meanwhile");
        }

        [Test]
        public void SlotsThatTheGameKeepsFromTheNextScriptAreGivenBackWhenItConnects()
        {
            script.Delete(1, "a");
            Assert.That(Core.HoldsSlots, Is.True);
            Plugin.Core.Slots.TakesEventSlot = false;
            script = new Script(Plugin);
            Assert.That(Core.HoldsSlots, Is.False);
            Assert.That(Core.GaveSlotsBack, Is.True);
            script.Delete(1, "a");
            Assert.That(Core.HoldsSlots, Is.False);
            Plugin.Core.Slots.TakesEventSlot = true;
            script = new Script(Plugin);
            script.Delete(1, "a");
            Assert.That(Core.HoldsSlots, Is.True, "and taken for the next");
        }

        [Test]
        public void SlotsThatStayTakenForAScriptThatJoinsStayWithAWord()
        {
            script.Delete(1, "a");
            for (int i = 0; i < 2; i++)
            {
                script = new Script(Plugin);
                Attach();
                script.Delete(1, "a");
                script.Delete(2, "a");
            }

            Assert.That(Core.SlotsTaken, Is.EqualTo(1), "no event is missed meanwhile");
            Assert.That(Logged.Count, Is.EqualTo(2));
            Assert.That(Logged, Is.All.Contain("TakesEventSlot = false"));
        }

        [TestCase(true)]
        [TestCase(false)]
        public void SlotsOfAJoinedSessionAreGivenBackWithAWord(bool byShutdown)
        {
            Attach();
            script.Delete(1, "a");
            Logged.Clear();
            if (byShutdown)
            {
                Plugin.Shutdown();
            }
            else
            {
                Plugin.Close(script.Session);
            }

            Assert.That(Core.GaveSlotsBack, Is.True);
            Assert.That(Logged.Single(), Does.Contain("given the core's event slots back, empty").And.Contain("set again"));
        }

        [Test]
        public void WhereNobodyElseHasShownItselfTheyAreGivenBackWithoutOne()
        {
            Init(1);
            Plugin.Close(script.Session);
            Assert.That(Core.GaveSlotsBack, Is.True);
            Assert.That(Logged, Is.Empty);
        }

        [Test]
        public void OtherCodeThatTellsOfAChangeOfUserIsKnown()
        {
            script.Delete(1, "a");
            Plugin.Core.Slots.OthersUseTheCore();
            Assert.That(Logged, Is.Empty);
            Plugin.Close(script.Session);
            Assert.That(Logged.Single(), Does.Contain("back, empty"));
        }

        [Test]
        public void OtherCodeThatForwardsWhatTheBridgeHasASlotForIsToldOnceAScript()
        {
            script.Delete(1, "a");
            for (int i = 0; i < 3; i++)
            {
                OnOtherThread(() => Plugin.Core.Slots.OthersForward("ForwardConvEvent"));
            }

            Assert.That(Logged.Single(), Does.Contain("ForwardConvEvent was called while the bridge holds the core's event slots"));
            script = new Script(Plugin);
            Plugin.Core.Slots.OthersForward("ForwardConvEvent");
            Assert.That(Logged.Count, Is.EqualTo(2));
            Plugin.Close(script.Session);
            Assert.That(Logged.Last(), Does.Contain("back, empty"));
            Plugin.Core.Slots.OthersForward("ForwardConvEvent");
            Assert.That(Logged.Count, Is.EqualTo(3), "nothing is held");
        }

        [Test]
        public void OtherCodeThatForwardsWhatWasLeftToItHearsNoWord()
        {
            Plugin.Core.Slots.TakesEventSlot = false;
            script.Delete(1, "a");
            Plugin.Core.Slots.OthersForward("ForwardConvEvent");
            Plugin.Close(script.Session);
            Assert.That(Logged, Is.Empty);
        }

        [Test]
        public void SlotsThatAreAskedForAreGivenBackAtOnceAndNotAgain()
        {
            script.Delete(1, "a");
            Plugin.Tick();
            script.Frames.Clear();
            Plugin.Core.Slots.TakesEventSlot = false;
            Assert.That(Core.HoldsSlots, Is.False);
            Assert.That(Core.GaveSlotsBack, Is.True);
            Assert.That(Logged.Single(), Does.Contain("back, empty"));
            Assert.That(Core.Events, Is.Not.Null, "answers without a call are counted still");
            Plugin.Tick();
            Assert.That(script.Frames.Single().Lost, Is.Not.Null, "and script lists anew");
            int givenBack = Core.SlotsGivenBack;
            Plugin.Core.Slots.TakesEventSlot = false;
            Assert.That(Core.SlotsGivenBack, Is.EqualTo(givenBack));
            script.Delete(2, "b");
            Plugin.Close(script.Session);
            Assert.That(Core.GaveSlotsBack, Is.False, "what other code has set there since is not touched");
            Assert.That(Logged.Count, Is.EqualTo(1));
        }

        [Test]
        public void AskedForOnAnotherThreadTheyAreGivenBackWhenTheNextScriptConnects()
        {
            script.Delete(1, "a");
            OnOtherThread(() => Plugin.Core.Slots.TakesEventSlot = false);
            Assert.That(Core.HoldsSlots, Is.True);
            script = new Script(Plugin);
            Assert.That(Core.HoldsSlots, Is.False);
            Assert.That(Core.GaveSlotsBack, Is.True);
        }

        [Test]
        public void AttachEndsWithItsSession()
        {
            Attach();
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            Init(1);
        }

        private void Attach() => Assert.That(script.Send(new ToPlugin { Version = 1, Attach = new Attach() }), Is.EqualTo(0));

        private void Init(uint callId) =>
            Assert.That(
                script.Call(new CoreCall { CallId = callId, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } }), Is.EqualTo(0), Plugin.LastRefusal);
    }
}
