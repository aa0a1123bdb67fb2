using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // The game's other code changes who is signed in. Invariant 3.
    public sealed class UserChangeTests : PluginFixture
    {
        private Script script = null!;
        private uint calls;

        [SetUp]
        public void Connect()
        {
            script = new Script(Plugin);
            calls = 0;
        }

        [Test]
        public void UntilItIsDoneNothingIsDeletedWhoeverAsks()
        {
            uint before = Plugin.Epoch;
            UserChange change = Begin();
            NothingIsDeleted();
            Assert.That(script.Call(script.NewDeleteList(++calls, true, "c2c_a")), Is.EqualTo(-(int)SendResult.UserChanging));
            Assert.That(Plugin.LastRefusal, Does.Contain("is under way"));
            Assert.That(Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null), Is.EqualTo(TIMResult.BRIDGE_ERR_USER_CHANGING));
            Assert.That(Plugin.Requests.LastError!.Message, Does.Contain("CoreSession.BeginUserChange").And.Contain("nothing was deleted"));
            Assert.That(Plugin.Requests.LastError.Category, Is.EqualTo(ErrorCategory.SessionEnded));
            Assert.That(Core.Calls, Is.Empty);
            change.Done();
            DeletionsAreTaken();
            Plugin.Tick();
            Assert.That(
                script.Frames.Where(frame => frame.Event?.Session != null).Select(frame => (frame.Event.Session.Kind, frame.Epoch)),
                Is.EqualTo(new[] { (SessionEventKind.Notified, before + 1), (SessionEventKind.Notified, before + 2) }));
        }

        [Test]
        public void WhatWasAskedForBeforeEitherEndIsAnotherUsers()
        {
            uint before = Plugin.Epoch;
            Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null);
            UserChange change = Begin();
            Assert.That(script.Delete(++calls, "a", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.StaleEpoch));
            uint between = Plugin.Epoch;
            change.Done();
            Assert.That(script.Delete(++calls, "a", epoch: between), Is.EqualTo(-(int)SendResult.StaleEpoch));
        }

        [Test]
        public void AllThatAreUnderWayHaveToEndInWhateverOrder([Values] bool lastFirst)
        {
            UserChange[] changes = { Begin(), Begin(), Begin() };
            foreach (UserChange change in lastFirst ? changes.Reverse() : changes)
            {
                NothingIsDeleted();
                change.Done();
            }

            DeletionsAreTaken();
        }

        [Test]
        public void DoneAgainItDoesNothing()
        {
            UserChange change = Begin();
            change.Done();
            uint epoch = Plugin.Epoch;
            UserChange next = Begin();
            change.Done();
            change.Done(coreLetGo: true);
            Assert.That(Plugin.Epoch, Is.EqualTo(epoch + 1), "begun, and not told again");
            NothingIsDeleted();
            next.Done();
            DeletionsAreTaken();
        }

        [Test]
        public void ACoreThatIsLetGoOfCarriesOutNothingThatWasBegunBefore()
        {
            UserChange login = Begin();
            UserChange uninit = Begin();
            uninit.Done(coreLetGo: true);
            DeletionsAreTaken();
            UserChange init = Begin();
            uint epoch = Plugin.Epoch;
            login.Done();
            Assert.That(Plugin.Epoch, Is.EqualTo(epoch), "its late callback tells nothing");
            NothingIsDeleted();
            init.Done();
            DeletionsAreTaken();
        }

        [Test]
        public void WhatACoreThatIsLetGoOfHasNotAnsweredTakesUpNoLimit()
        {
            Rebuild(options => options.MaxPendingCalls = 3);
            script = new Script(Plugin);
            script.Delete(1, "a");
            script.Delete(2, "b");
            UserChange uninit = Begin();
            Core.Answer(0);
            OnOtherThread(() => uninit.Done(coreLetGo: true));
            Assert.That(Core.Calls.Last(), Is.EqualTo("let go of"));
            Assert.That(script.Delete(3, "a"), Is.EqualTo(0));
            Assert.That(script.Delete(4, "a"), Is.EqualTo(-(int)SendResult.Busy), "until the next frame");
            Plugin.Tick();
            Assert.That(script.Frames.Count(frame => frame.Result?.CallId == 1), Is.EqualTo(1), "what it has answered is heard");
            Assert.That(script.Delete(4, "a"), Is.EqualTo(0));
            Assert.That(script.Delete(5, "a"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(script.Delete(6, "a"), Is.EqualTo(-(int)SendResult.Busy), "what the next core has does");
        }

        [Test]
        public void AnUninitThatIsRefusedEndsItselfOnly()
        {
            UserChange login = Begin();
            Begin().Done(coreLetGo: false);
            Assert.That(Core.Calls, Is.Empty);
            NothingIsDeleted();
            login.Done();
            DeletionsAreTaken();
        }

        [Test]
        public void OneThatNeverEndsHoldsNothingBackForEverAndIsToldAllTheSame()
        {
            UserChange change = Begin();
            Now += 29_999;
            NothingIsDeleted();
            Now++;
            DeletionsAreTaken();
            uint epoch = Plugin.Epoch;
            UserChange uninit = Begin();
            change.Done();
            Assert.That(Plugin.Epoch, Is.EqualTo(epoch + 2));
            uninit.Done(coreLetGo: true);
            DeletionsAreTaken();
        }

        [Test]
        public void OneThatComesAndGoesWhileTheDoorLooks()
        {
            bool looks = false;
            Rebuild(options => options.MonotonicMs = () =>
            {
                if (looks)
                {
                    looks = false;
                    Begin().Done();
                }

                return Now;
            });
            script = new Script(Plugin);
            looks = true;
            Assert.That(script.Delete(++calls, "a"), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(looks, Is.False, "it came in between");
            Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null);
            looks = true;
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(looks, Is.False, "it came in between");
            looks = true;
            Assert.That(Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null), Is.EqualTo(TIMResult.TIM_SUCC));
            Assert.That(looks, Is.False, "it came in between");
            Assert.That(script.Claim(2), Is.EqualTo(-(int)SendResult.StaleEpoch), "asked for as the user before");
        }

        [Test]
        public void ItIsUnderWayBeforeTheNewEpochCanBeFound()
        {
            int returned = 0;
            Rebuild(options => options.EpochRaising = () => Raising(ref returned));
            script = new Script(Plugin);
            Begin();
            Assert.That(returned, Is.EqualTo(-(int)SendResult.UserChanging));
        }

        [Test]
        public void NoDeletionPassesBetweenItsEndAndTheNewEpoch()
        {
            int returned = 0;
            UserChange? change = null;
            Rebuild(options => options.EpochRaising = () =>
            {
                if (change != null)
                {
                    Raising(ref returned);
                }
            });
            script = new Script(Plugin);
            change = Begin();
            change.Done();
            Assert.That(returned, Is.EqualTo(-(int)SendResult.UserChanging));
        }

        [Test]
        public void WhatWasBegunInOnePlayModeAndEndsInTheNextIsToldThere()
        {
            UserChange change = Begin();
            Plugin.Shutdown();
            BeginNextPlayMode();
            var script = new Script(Plugin);
            uint before = Plugin.Epoch;
            change.Done();
            Assert.That(script.Delete(1, "a", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Plugin.Tick();
            Assert.That(script.Frames.Select(frame => frame.Event?.Session?.Kind), Is.EqualTo(new SessionEventKind?[] { SessionEventKind.Notified }));
        }

        private UserChange Begin() => Plugin.GamesChanges.Begin();

        private void Raising(ref int returned) => returned = script.Delete(++calls, "a");

        private void NothingIsDeleted()
        {
            Assert.That(script.Delete(++calls, "a"), Is.EqualTo(-(int)SendResult.UserChanging));
            Assert.That(script.Claim(0), Is.EqualTo(-(int)SendResult.UserChanging));
        }

        private void DeletionsAreTaken()
        {
            Assert.That(script.Delete(++calls, "a"), Is.EqualTo(0), Plugin.LastRefusal);
            Assert.That(script.Claim(0), Is.EqualTo(0));
            Assert.That(Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null), Is.EqualTo(TIMResult.TIM_SUCC));
        }
    }
}
