using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // What was asked for as one user never runs as another. Invariant 3.
    public sealed class LoginEpochTests : PluginFixture
    {
        private Script script = null!;

        [SetUp]
        public void Connect() => script = new Script(Plugin);

        [Test]
        public void InitLoginLogoutAndUninitRaiseIt()
        {
            uint epoch = Plugin.Epoch;
            foreach (CoreCall call in new[]
            {
                new CoreCall { CallId = 1, Init = new Init { SdkAppId = 1 } },
                new CoreCall { CallId = 2, Login = new Login { UserId = Text("u"), UserSig = Text("s") } },
                new CoreCall { CallId = 3, Logout = new Logout() },
                new CoreCall { CallId = 4, Uninit = new Uninit() },
            })
            {
                call.Epoch = Plugin.Epoch;
                Assert.That(script.Call(call), Is.EqualTo(0));
                Assert.That(Plugin.Epoch, Is.EqualTo(++epoch));
            }

            Assert.That(script.Call(new CoreCall { CallId = 5, Epoch = 100, Logout = new Logout() }), Is.EqualTo(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(101), "one above what script counts");
        }

        [Test]
        public void ItIsRaisedBeforeTheCoreIsCalled()
        {
            uint before = Plugin.Epoch;
            uint during = 0;
            Core.OnCall = _ => during = Plugin.Epoch;
            script.Call(new CoreCall { CallId = 1, Epoch = before, Logout = new Logout() });
            Assert.That(during, Is.EqualTo(before + 1));
        }

        [Test]
        public void AChangeWhileNoScriptIsThereIsToldToCSharpBeforeItMayAsk([Values] bool connectsFirst)
        {
            var heard = new List<SessionChangeKind>();
            Plugin.Listeners.SessionChanged += changed => heard.Add(changed.Kind);
            Plugin.Close(script.Session);
            OnOtherThread(() => Plugin.GamesChanges.Begin().Done());
            if (!connectsFirst)
            {
                Plugin.Tick();
                Plugin.Tick();
            }

            script = new Script(Plugin);
            TIMResult Asked() => Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null);
            Assert.That(Asked(), Is.EqualTo(connectsFirst ? TIMResult.BRIDGE_ERR_USER_CHANGING : TIMResult.TIM_SUCC));
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(new[] { SessionChangeKind.Notified }), "once");
            Assert.That(Asked(), Is.EqualTo(TIMResult.TIM_SUCC));
            Assert.That(KindsHeardBy(script), Is.Empty, "it connects and finds who is there");
        }

        [Test]
        public void ALoginThatIsCarriedOutWhileNoScriptIsThereIsToldToTheNextAndToCSharp()
        {
            var heard = new List<SessionChangeKind>();
            Plugin.Listeners.SessionChanged += changed => heard.Add(changed.Kind);
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Logout = new Logout() });
            Plugin.SessionChanged(SessionEventKind.Notified);
            Plugin.Close(script.Session);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Core.Answer(0);
            Core.Answer(1);
            Plugin.SessionChanged(SessionEventKind.Notified);
            script = new Script(Plugin);
            Assert.That(Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null), Is.EqualTo(TIMResult.BRIDGE_ERR_USER_CHANGING));
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(new[] { SessionChangeKind.Notified }));
            Assert.That(KindsHeardBy(script), Is.EqualTo(new[] { SessionEventKind.Notified, SessionEventKind.CarriedOut }));
        }

        // It is replaced from inside its own turn, and never dispatches the rest.
        [Test]
        public void AScriptThatIsReplacedWithAChangeInItsHandsMayNotHaveToldIt([Values] bool changes)
        {
            var heard = new List<SessionChangeKind>();
            Plugin.Listeners.SessionChanged += changed => heard.Add(changed.Kind);
            Plugin.ConversationEvent(1, new byte[0]);
            if (changes)
            {
                Plugin.SessionChanged(SessionEventKind.Notified);
            }

            TIMResult asked = TIMResult.BRIDGE_ERR_INTERNAL;
            script.AfterDrain = () =>
            {
                script.AfterDrain = null;
                script = new Script(Plugin);
                asked = Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null);
            };
            Plugin.Tick();
            Assert.That(asked, Is.EqualTo(changes ? TIMResult.BRIDGE_ERR_USER_CHANGING : TIMResult.TIM_SUCC));
            Assert.That(heard, Is.EqualTo(changes ? new[] { SessionChangeKind.Notified } : new SessionChangeKind[0]));
        }

        [Test]
        public void AKickIsSeenAtTheDoorBeforeItIsDrained()
        {
            script.Delete(1, "a");
            uint before = Plugin.Epoch;
            OnOtherThread(() => Core.Events!.KickedOffline());
            Assert.That(script.Delete(2, "b", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            OnOtherThread(() => Core.Events!.UserSigExpired());
            Plugin.SessionChanged(SessionEventKind.Notified);
            Plugin.Tick();
            Assert.That(
                script.Frames.Select(frame => frame.Event.Session.Kind),
                Is.EqualTo(new[] { SessionEventKind.KickedOffline, SessionEventKind.UserSigExpired, SessionEventKind.Notified }));
            Assert.That(script.Frames.Select(frame => frame.Epoch), Is.EqualTo(new[] { before + 1, before + 2, before + 3 }));
            Assert.That(script.LastBatch.Epoch, Is.EqualTo(before + 3));
        }

        [Test]
        public void AScriptHearsThatTheOneBeforeHasSignedSomebodyIn()
        {
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Logout = new Logout() });
            script.Call(new CoreCall { CallId = 3, Epoch = Plugin.Epoch, ConvGetConvList = new ConvGetConvList() });
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            uint before = Plugin.Epoch;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.UserChanging));
            OnOtherThread(() => Core.Answer(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(before + 1), "whoever is signed in is another");
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.UserChanging), "the logout is under way");
            OnOtherThread(() => Core.Answer(1, 6012));
            Assert.That(script.Delete(1, "a", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            OnOtherThread(() => Core.Answer(2));
            OnOtherThread(() => Core.Answer(0));
            Plugin.Tick();
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
            ToScript heard = script.Frames.Single();
            Assert.That((heard.Event.Session.Kind, heard.Epoch), Is.EqualTo((SessionEventKind.CarriedOut, before + 1)));
            Assert.That(Plugin.Diagnostics.AnswersDropped, Is.EqualTo(3));
            Assert.That(Plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(1));
        }

        [Test]
        public void ALoginOfAScriptThatHasGoneHoldsNothingBackForEver()
        {
            LoginAndGo();
            Now += 29_999;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.UserChanging));
            Now++;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), "the core never answers");
            LoginAndGo();
            Core.Answer(2);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), "the next was answered, and the one before is over");
            Plugin.Tick();
            LoginAndGo();
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Uninit = new Uninit() }), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(script.Delete(2, "a"), Is.EqualTo(0), "a core that is let go of carries out nothing more");
        }

        [Test]
        public void TheUserChangesWhileTheDoorLooks()
        {
            bool looks = false;
            Rebuild(options => options.MonotonicMs = () =>
            {
                if (looks)
                {
                    looks = false;
                    OnOtherThread(() => Core.Answer(0));
                }

                return Now;
            });
            script = new Script(Plugin);
            LoginAndGo();
            looks = true;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(looks, Is.False, "it was answered in between");
        }

        [Test]
        public void ALoginThatWasGivenUpOrAnsweredIsNotLeftBehind()
        {
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Logout = new Logout() });
            Core.Answer(0);
            Assert.That(script.Send(new ToPlugin { Version = 1, Cancel = new Cancel { CallId = 2 } }), Is.EqualTo(0));
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0), Plugin.LastRefusal);
        }

        // A turn of one byte takes the first frame, and holds the second.
        [Test]
        public void ALoginWhoseAnswerItsScriptHasNotHeardIsToldToTheNext([Values] bool held, [Values] bool succeeds)
        {
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } });
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            script.Call(new CoreCall { CallId = 3, Epoch = Plugin.Epoch, ConvGetConvList = new ConvGetConvList() });
            OnOtherThread(() => Core.Answer(0, succeeds ? 0 : 6012));
            OnOtherThread(() => Core.Answer(1));
            script.MaxBytes = 1;
            if (held)
            {
                Plugin.Tick();
            }

            Assert.That(KindsHeardBy(OpenAndTick()), Is.EqualTo(succeeds ? new[] { SessionEventKind.CarriedOut } : new SessionEventKind[0]));
            Assert.That(script.Frames.Any(frame => frame.Result?.CallId == 2), Is.False);
        }

        [Test]
        public void ALoginThatTheNextPlayModeFindsUnderWayHoldsDeletionsBackThereAndIsTold([Values] bool twice)
        {
            Now += 500_000;
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            for (int i = 0; i < (twice ? 2 : 1); i++)
            {
                Plugin.Shutdown();
                BeginNextPlayMode();
            }

            script = new Script(Plugin);
            Now += 29_999;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(-(int)SendResult.UserChanging));
            uint before = Plugin.Epoch;
            OnOtherThread(() => Core.Answer(0));
            Assert.That(script.Delete(1, "a", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(KindsHeardBy(script), Is.EqualTo(new[] { SessionEventKind.CarriedOut }));
        }

        [Test]
        public void ALoginThatTheNextPlayModeFindsUnderWayHoldsNothingBackForEver()
        {
            Now += 500_000;
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            Plugin.Shutdown();
            BeginNextPlayMode();
            script = new Script(Plugin);
            Now += 30_000;
            Assert.That(script.Delete(1, "a"), Is.EqualTo(0));
        }

        [Test]
        public void ACoreThatTheBridgeLetsGoOfAtTheEndOfPlayModeLeavesTheNextNothing([Values] bool refuses)
        {
            script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Init = new Init { SdkAppId = 1 } });
            script.Call(new CoreCall { CallId = 2, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            Core.Returns = refuses ? -4 : 0;
            Plugin.Shutdown();
            Core.Returns = 0;
            Assert.That(Logged, refuses ? Has.Exactly(1).Contains("refused to be let go of (TIMUninit returned -4)") : (Constraint)Is.Empty);
            BeginNextPlayMode();
            script = new Script(Plugin);
            Assert.That(script.Delete(1, "a"), Is.EqualTo(refuses ? -(int)SendResult.UserChanging : 0));
        }

        [Test]
        public void AResultCarriesTheEpochOfItsCall()
        {
            uint before = Plugin.Epoch;
            script.Delete(1, "a");
            Plugin.SessionChanged(SessionEventKind.Notified);
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(script.Frames.Single(frame => frame.Result != null).Epoch, Is.EqualTo(before));
        }

        [Test]
        public void ACoreInScriptRaisesItAndWhatCSharpAskedBeforeIsRefused()
        {
            Ask("a");
            Assert.That(script.Send(new ToPlugin { Version = 1, EpochRaised = new EpochRaised { Epoch = 7 } }), Is.EqualTo(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(7));
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(Core.Calls, Is.Empty);
            Assert.That(script.Send(new ToPlugin { Version = 1, EpochRaised = new EpochRaised { Epoch = 3 } }), Is.EqualTo(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(8), "it never goes back, and never stays");
            Assert.That(
                script.Send(new ToPlugin { Version = 1, EpochRaised = new EpochRaised { Epoch = 1u << 31 } }),
                Is.EqualTo(-(int)SendResult.BadFrame));
        }

        [Test]
        public void AChangeThatTheGameTellsOfAndOneOfScriptsInOneFrameAreTwo()
        {
            uint before = Plugin.Epoch;
            Plugin.SessionChanged(SessionEventKind.Notified);
            Ask("a");
            Assert.That(script.Send(new ToPlugin { Version = 1, EpochRaised = new EpochRaised { Epoch = before + 1 } }), Is.EqualTo(0));
            Assert.That(Plugin.Epoch, Is.EqualTo(before + 2));
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.StaleEpoch), "asked for before script's change");
            Assert.That(Script.Parse(Plugin.Drain(script.Session, 1)).Epoch, Is.EqualTo(before + 2), "script can read it at once");
        }

        [Test]
        public void StatusAndVersionAreAskedForAsNobody()
        {
            uint stale = Plugin.Epoch + 5;
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = stale, GetLoginStatus = new GetLoginStatus() }), Is.EqualTo(0));
            Assert.That(script.Call(new CoreCall { CallId = 2, Epoch = stale, GetSdkVersion = new GetSdkVersion() }), Is.EqualTo(0));
            Assert.That(script.Call(new CoreCall { CallId = 3, Epoch = stale, ConvGetConvList = new ConvGetConvList() }), Is.EqualTo(-(int)SendResult.StaleEpoch));
        }

        [Test]
        public void ARequestCarriesTheEpochOfItsAsking()
        {
            uint before = Plugin.Epoch;
            Ask("a");
            Plugin.SessionChanged(SessionEventKind.Notified);
            Plugin.Tick();
            Assert.That(script.Frames.Select(frame => frame.Epoch), Is.EqualTo(new[] { before, before + 1 }));
        }

        [Test]
        public void AChangeWithoutASessionCountsAllTheSame()
        {
            Plugin.Close(script.Session);
            uint before = Plugin.Epoch;
            Plugin.SessionChanged(SessionEventKind.Notified);
            Assert.That(Plugin.Epoch, Is.EqualTo(before + 1));
        }

        [Test]
        public void AChangeThatWaitsForAScriptThatIsReplacedOrClosesIsToldToTheNext([Values] bool closes, [Values(1, int.MaxValue)] int maxBytes)
        {
            script.MaxBytes = maxBytes;
            Plugin.ConversationEvent(1, new byte[0]);
            Plugin.Tick();
            // One byte at a time, the first of these is taken out of the queue and held for the next Drain.
            Plugin.ConversationEvent(1, new byte[0]);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Plugin.SessionChanged(SessionEventKind.Notified);
            if (maxBytes == 1)
            {
                Plugin.Tick();
            }

            if (closes)
            {
                Plugin.Close(script.Session);
            }

            var next = new Script(Plugin);
            Plugin.Tick();
            Plugin.Tick();
            Assert.That(KindsHeardBy(next), Is.EqualTo(new[] { SessionEventKind.KickedOffline, SessionEventKind.Notified }));
            Assert.That(KindsHeardBy(script), Is.Empty);
            Assert.That(next.Frames.Select(frame => frame.Epoch), Is.All.EqualTo(Plugin.Epoch));
            Assert.That(Plugin.Diagnostics.WaitingDropped, Is.EqualTo(maxBytes == 1 ? 0 : 1));
            Assert.That(KindsHeardBy(OpenAndTick()), Is.Empty, "once");
        }

        [Test]
        public void ASignOffWhileNoScriptIsThereIsToldToTheNextUnlessTheGameHasSignedSomebodyInSince([Values] bool signsIn)
        {
            Plugin.Close(script.Session);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            if (signsIn)
            {
                Plugin.SessionChanged(SessionEventKind.Notified);
            }

            Assert.That(
                KindsHeardBy(OpenAndTick()), Is.EqualTo(signsIn ? new SessionEventKind[0] : new[] { SessionEventKind.KickedOffline }));
            Assert.That(Plugin.Diagnostics.EventsDropped, Is.EqualTo(signsIn ? 2 : 0));
        }

        [Test]
        public void SignOffsThatNobodyHearsAreKeptToALimit()
        {
            Plugin.Close(script.Session);
            for (int i = 0; i < 10; i++)
            {
                Plugin.SessionChanged(SessionEventKind.KickedOffline);
                Plugin.SessionChanged(SessionEventKind.UserSigExpired);
            }

            Assert.That(KindsHeardBy(OpenAndTick()).Count(), Is.EqualTo(16));
            Assert.That(Plugin.Diagnostics.EventsDropped, Is.EqualTo(4));
        }

        [Test]
        public void UntilCSharpHasHeardOfAChangeItAsksInVain()
        {
            var asked = new List<TIMResult>();
            TIMResult Ask() => Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null);
            Plugin.Listeners.ConnectionChanged += _ => asked.Add(Ask());
            Plugin.Listeners.SessionChanged += _ => asked.Add(Ask());
            script.AfterDrain = () =>
            {
                script.Send(new ToPlugin { Version = 1, Publish = new Notice { ConnectionChanged = new Protocol.ConnectionChanged() } });
                script.Send(new ToPlugin { Version = 1, Publish = new Notice { SessionChanged = new Protocol.SessionChanged { Kind = SessionEventKind.Notified } } });
                script.AfterDrain = null;
            };
            Plugin.Tick();
            Assert.That(asked, Is.EqualTo(new[] { TIMResult.BRIDGE_ERR_USER_CHANGING, TIMResult.TIM_SUCC }));
        }

        [Test]
        public void ASignOffBehindAnotherUsersIsToldToo()
        {
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Plugin.SessionChanged(SessionEventKind.Notified);
            Plugin.Close(script.Session);
            Plugin.SessionChanged(SessionEventKind.KickedOffline);
            Assert.That(
                KindsHeardBy(OpenAndTick()),
                Is.EqualTo(new[] { SessionEventKind.KickedOffline, SessionEventKind.Notified, SessionEventKind.KickedOffline }));
        }

        private static IEnumerable<SessionEventKind> KindsHeardBy(Script script) =>
            script.Frames.Where(frame => frame.Event?.Session != null).Select(frame => frame.Event.Session.Kind);

        private Script OpenAndTick()
        {
            var next = new Script(Plugin);
            Plugin.Tick();
            return next;
        }

        private void LoginAndGo()
        {
            script.Call(new CoreCall { CallId = 9, Epoch = Plugin.Epoch, Login = new Login { UserId = Text("u"), UserSig = Text("s") } });
            Plugin.Close(script.Session);
            script = new Script(Plugin);
        }

        private static Google.Protobuf.ByteString Text(string text) => Google.Protobuf.ByteString.CopyFromUtf8(text);
    }
}
