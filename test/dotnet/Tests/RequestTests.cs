using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // What C# asks for, and what C# hears.
    public sealed class RequestTests : PluginFixture
    {
        private readonly List<string> events = new List<string>();
        private Script script = null!;

        [SetUp]
        public void Connect()
        {
            events.Clear();
            Listen();
            script = new Script(Plugin);
        }

        [Test]
        public void ACoreWithoutTheFunctionLeavesTheRequestForAnotherWay()
        {
            Ask("a");
            Core.Throws = new System.EntryPointNotFoundException("TIMConvDeleteConversationList");
            CoreCall batch = script.NewDeleteList(1, true, "c2c_a");
            batch.OriginRequestId = 1;
            Assert.That(script.Call(batch), Is.EqualTo(-(int)SendResult.Unsupported));
            Core.Throws = null;
            Assert.That(script.Delete(2, "a", origin: 1), Is.EqualTo(0));
            Assert.That(script.Delete(3, "a", origin: 1), Is.EqualTo(-(int)SendResult.NotQueued));
        }

        [Test]
        public void ACoreThatThrewOtherwiseMayHaveBegun()
        {
            Ask("a");
            Core.BreaksOff = new System.InvalidOperationException("half way");
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(0), "answered as not known: BrokenOffCallTests");
            Core.BreaksOff = null;
            Assert.That(script.Delete(2, "a", origin: 1), Is.EqualTo(-(int)SendResult.NotQueued));
        }

        [Test]
        public void AskedSentAnsweredHeardOnce()
        {
            List<string> heard = Ask("alice");
            script.OnFrame = frame =>
            {
                if (frame.Request != null)
                {
                    Assert.That(script.Delete(1, frame.Request.ConvDelete.ConvId.ToStringUtf8(), origin: frame.Request.RequestId), Is.EqualTo(0));
                }
                else
                {
                    Assert.That(script.Complete(1, "alice"), Is.EqualTo(0));
                    Assert.That(heard, Is.Empty, "not on the script's stack");
                }
            };
            Plugin.Tick();
            Assert.That(Core.Calls, Is.EqualTo(new[] { "ConvDelete alice 1" }));
            Core.Answer(0);
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(new[] { "0||data" }));
            Assert.That(events, Is.EqualTo(new[] { "completed 1 c2c_alice Deleted" }));
            Assert.That(script.Complete(1, "alice"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(heard.Count, Is.EqualTo(1));
            Assert.That(events.Count, Is.EqualTo(1));
            Assert.That(Plugin.Diagnostics.UnknownCompletions, Is.EqualTo(1));
        }

        [Test]
        public void TheBatchCarriesItsKeysAndGivesItsResults()
        {
            IReadOnlyList<DeleteResult>? results = null;
            int calls = 0;
            TIMResult asked = Plugin.Requests.ConvDeleteConversationList(
                new[] { ConversationKey.User("a"), ConversationKey.Group("b") },
                false,
                (code, desc, all, data) =>
                {
                    calls++;
                    results = all;
                    Assert.That((code, desc, data), Is.EqualTo((6003, "none", "mine")));
                },
                "mine");
            Assert.That(asked, Is.EqualTo(TIMResult.TIM_SUCC));
            script.OnFrame = frame =>
            {
                Assert.That(frame.Request.ConvDeleteList.HasClearMessage, Is.True);
                Assert.That(frame.Request.ConvDeleteList.ClearMessage, Is.False);
                Assert.That(frame.Request.ConvDeleteList.ConvIds.Select(id => id.ToStringUtf8()), Is.EqualTo(new[] { "c2c_a", "group_b" }));
                var completed = new Protocol.DeleteCompleted { RequestId = frame.Request.RequestId, Code = 6003, Desc = "none" };
                completed.Results.Add(new Result { Conversation = new Key { UserId = "a" }, Outcome = Protocol.Outcome.Deleted });
                completed.Results.Add(new Result
                {
                    Conversation = new Key { GroupId = "b" },
                    Outcome = Protocol.Outcome.Failed,
                    Error = new Protocol.BridgeError
                    {
                        Source = Protocol.ErrorSource.SdkReturn,
                        Code = -5,
                        Category = Protocol.ErrorCategory.NotFound,
                        Retryable = true,
                        Message = "gone",
                    },
                });
                script.Publish(new Notice { DeleteCompleted = completed });
            };
            Plugin.Tick();
            Assert.That(calls, Is.EqualTo(1));
            Assert.That(results!.Select(one => one.Conversation), Is.EqualTo(new[] { ConversationKey.User("a"), ConversationKey.Group("b") }));
            Assert.That(results![0].Error, Is.Null);
            BridgeError error = results![1].Error!;
            Assert.That(
                (error.Source, error.Code, error.Category, error.Retryable, error.Message),
                Is.EqualTo((ErrorSource.SdkReturn, -5, ErrorCategory.NotFound, true, "gone")));
        }

        [Test]
        public void PublishedMessagesComeInOrderAndAfterTheWake()
        {
            script.AfterDrain = () =>
            {
                script.Complete(0, "a");
                script.PublishDeleted("a", "b");
                var late = new Protocol.LateResult { RequestId = 9 };
                late.Results.Add(new Result { Conversation = new Key { SystemId = "@TIM#SYSTEM" }, Outcome = Protocol.Outcome.Deleted });
                script.Publish(new Notice { LateResult = late });
                script.Complete(0, "c", Protocol.Outcome.Failed, 6004, "no such");
                Assert.That(events, Is.Empty);
            };
            Plugin.Tick();
            Assert.That(
                events,
                Is.EqualTo(new[]
                {
                    "completed 0 c2c_a Deleted", "deleted c2c_a c2c_b", "late 9 @TIM#SYSTEM Deleted", "completed 0 c2c_c Failed",
                }));
        }

        [Test]
        public void WhatOneListenerIsGivenItCannotChangeForTheNext()
        {
            var given = new List<object>();
            Plugin.Listeners.DeleteCompleted += e => given.Add(e.Results);
            Plugin.Listeners.LateResult += e => given.Add(e.Results);
            script.Complete(0, "a");
            var late = new Protocol.LateResult();
            late.Results.Add(new Result { Conversation = new Key { UserId = "a" }, Outcome = Protocol.Outcome.Deleted });
            script.Publish(new Notice { LateResult = late });
            Plugin.Tick();
            Assert.That(given.Count, Is.EqualTo(2));
            Assert.That(given, Is.All.InstanceOf<System.Collections.ObjectModel.ReadOnlyCollection<DeleteResult>>());
        }

        [Test]
        public void AListenerThatThrowsStopsNoOther()
        {
            var failures = new List<string>();
            Plugin.Listeners.DeleteCompleted += _ => throw new InvalidOperationException("first");
            Plugin.Listeners.DeleteCompleted += _ => events.Add("after the one that threw");
            Plugin.Listeners.ListenerFailed += _ => throw new InvalidOperationException("even this");
            Plugin.Listeners.ListenerFailed += thrown => failures.Add(thrown.Message);
            script.Complete(0, "a");
            script.PublishDeleted("b");
            Plugin.Tick();
            Assert.That(events, Is.EqualTo(new[] { "completed 0 c2c_a Deleted", "after the one that threw", "deleted c2c_b" }));
            Assert.That(failures, Is.EqualTo(new[] { "first" }));
            Assert.That(Logged.Single(), Does.Contain("even this"));
        }

        [Test]
        public void ACallbackThatThrowsIsLoggedAndTheListenersHearAllTheSame()
        {
            Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, (c, d, u) => throw new InvalidOperationException("mine"), null);
            script.OnFrame = frame => script.Complete(1, "a");
            Plugin.Tick();
            Assert.That(events, Is.EqualTo(new[] { "completed 1 c2c_a Deleted" }));
            Assert.That(Logged.Single(), Does.Contain("mine"));
            Assert.That(Plugin.Diagnostics.ListenersFailed, Is.EqualTo(1));
        }

        [Test]
        public void WhatAListenerAsksGoesInTheNextTick()
        {
            int asked = 0;
            Plugin.Listeners.Deleted += _ =>
            {
                asked++;
                Ask("again");
                script.PublishDeleted("more");
            };
            script.PublishDeleted("a");
            Plugin.Tick();
            Assert.That(asked, Is.EqualTo(1));
            Assert.That(script.Frames, Is.Empty);
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1));
            Assert.That(asked, Is.EqualTo(2));
        }

        [Test]
        public void AListenerThatUnsubscribesHearsNoMore()
        {
            int heard = 0;
            Action<ConversationsDeleted> listener = _ => heard++;
            Plugin.Listeners.Deleted += listener;
            script.PublishDeleted("a");
            Plugin.Tick();
            Plugin.Listeners.Deleted -= listener;
            script.PublishDeleted("a");
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(1));
        }

        [Test]
        public void ExpiredInTheQueueItIsCancelledAndNotSent()
        {
            Rebuild(options => options.RequestDeadlineMs = 30000);
            Listen();
            script = new Script(Plugin) { MaxBytes = 1 };
            Plugin.ConversationEvent(1, new byte[0]);
            List<string> heard = Ask("a");
            Now += 29999;
            Plugin.Tick();
            Plugin.Clock.Pause();
            Now += 500000;
            Plugin.Clock.Resume();
            Assert.That(heard, Is.Empty);
            script.MaxBytes = 0;
            Now += 1;
            Plugin.SetWake(script.Session, () => { });
            Plugin.Tick();
            Plugin.Tick();
            Assert.That(heard.Single(), Does.StartWith("-1018|").And.Contain("30000 ms").And.Contain("nothing was deleted"));
            Assert.That(events, Is.EqualTo(new[] { "completed 1 c2c_a NotSent" }));
            Assert.That(Plugin.Diagnostics.RequestsExpired, Is.EqualTo(1));
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(-(int)SendResult.NotQueued));
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.NotQueued));
            Assert.That(Core.Calls, Is.Empty);
        }

        [Test]
        public void ExpiredBeforeItWasDrainedItIsNotDrainedAnyMore()
        {
            Plugin.SetWake(script.Session, () => { });
            List<string> heard = Ask("a");
            Now += Options.RequestDeadlineMs;
            Plugin.Tick();
            var frames = new List<int>();
            Plugin.SetWake(script.Session, () => frames.Add(Script.Parse(Plugin.Drain(script.Session, int.MaxValue)).Frames.Count));
            Plugin.Tick();
            Assert.That(frames, Is.EqualTo(new[] { 0 }));
            Assert.That(heard.Count, Is.EqualTo(1));
        }

        [Test]
        public void ExpiredAfterScriptHasItButNoCoreItIsNotSent()
        {
            List<string> heard = Ask("a");
            Plugin.Tick();
            Assert.That(script.Frames.Count, Is.EqualTo(1));
            Now += Options.RequestDeadlineMs;
            Plugin.Tick();
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(-(int)SendResult.NotQueued));
            Plugin.Tick();
            Assert.That(heard.Single(), Does.StartWith("-1018|"));
            script.Complete(1, "a");
            Plugin.Tick();
            Assert.That(heard.Count, Is.EqualTo(1));
        }

        [Test]
        public void HandedToACoreItDoesNotExpireHere()
        {
            List<string> heard = Ask("a");
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(0));
            Now += 100 * Options.RequestDeadlineMs;
            Plugin.Tick();
            Plugin.Tick();
            Assert.That(heard, Is.Empty);
            Assert.That(script.Delete(2, "a", origin: 1), Is.EqualTo(-(int)SendResult.NotQueued), "handed over once");
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.NotQueued));
            Plugin.Close(script.Session);
            Plugin.Tick();
            Assert.That(heard.Single(), Does.Contain("may be carried out"));
        }

        [Test]
        public void TheLedgerSaysSentBeforeTheCoreIsCalled()
        {
            Ask("a");
            int claimed = 0;
            Core.OnCall = _ => claimed = script.Claim(1);
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(0));
            Assert.That(claimed, Is.EqualTo(-(int)SendResult.NotQueued));
        }

        [Test]
        public void ARefusedHandOverLeavesItQueued()
        {
            List<string> heard = Ask("a");
            Plugin.DeletionsAllowed = false;
            Assert.That(script.Delete(1, "a", origin: 1), Is.EqualTo(-(int)SendResult.Vetoed));
            Plugin.Close(script.Session);
            Plugin.Tick();
            Assert.That(heard.Single(), Does.Contain("nothing was deleted"));
        }

        [Test]
        public void ClaimGivesLeaveOnce()
        {
            Ask("a");
            Assert.That(script.Claim(1), Is.EqualTo(0));
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.NotQueued));
        }

        [Test]
        public void ScriptsOwnDeletionsHaveLeaveWithoutARequest()
        {
            Assert.That(script.Claim(0), Is.EqualTo(0));
            Assert.That(script.Claim(0), Is.EqualTo(0));
        }

        [Test]
        public void ARefusedClaimLeavesTheRequestToScriptsCompletion()
        {
            List<string> heard = Ask("a");
            Plugin.DeletionsAllowed = false;
            Assert.That(script.Claim(1), Is.EqualTo(-(int)SendResult.Vetoed));
            Assert.That(script.Complete(1, "a", Protocol.Outcome.NotSent, -1017, "vetoed"), Is.EqualTo(0));
            Plugin.Tick();
            Assert.That(heard, Is.EqualTo(new[] { "-1017|vetoed|data" }));
            Assert.That(events, Is.EqualTo(new[] { "completed 1 c2c_a NotSent" }));
        }

        [Test]
        public void OffTheMainThreadItThrowsAndSaysSo() =>
            OnOtherThread(() =>
            {
                Assert.That(
                    () => Plugin.Requests.ConvDelete("a", TIMConvType.kTIMConv_C2C, null, null),
                    Throws.InvalidOperationException.With.Message.Contains("main thread"));
                Assert.That(
                    () => Plugin.Requests.ConvDeleteConversationList(new[] { ConversationKey.User("a") }, true, null, null),
                    Throws.InvalidOperationException.With.Message.Contains("main thread"));
            });

        [Test]
        public void BeforeScriptHasConnectedItSaysWhatIsMissing()
        {
            Plugin.Close(script.Session);
            Refused(TIMResult.TIM_ERR_SDKUNINIT, ErrorCategory.NotInitialized, "connect()", Delete("a"));
        }

        [Test]
        public void Vetoed()
        {
            Plugin.DeletionsAllowed = false;
            Refused(TIMResult.BRIDGE_ERR_VETOED, ErrorCategory.Permission, "DeletionsAllowed", Delete("a"));
            Plugin.DeletionsAllowed = true;
            Assert.That(Delete("a"), Is.EqualTo(TIMResult.TIM_SUCC));
            Assert.That(Plugin.Requests.LastError, Is.Null);
        }

        [Test]
        public void Busy()
        {
            Rebuild(options => options.MaxPendingRequests = 2);
            script = new Script(Plugin);
            Ask("a");
            Ask("b");
            Refused(TIMResult.BRIDGE_ERR_BUSY, ErrorCategory.Busy, "2", Delete("c"));
            script.Complete(1, "a", Protocol.Outcome.Failed, 1);
            Assert.That(Delete("c"), Is.EqualTo(TIMResult.TIM_SUCC));
        }

        [Test]
        public void BadArguments()
        {
            Refused(TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "empty", Delete(null!));
            Refused(TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "NUL", Delete("a\0"));
            Refused(TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "0 conversations", DeleteList(null!));
            Refused(TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "0 conversations", DeleteList());
            Refused(
                TIMResult.TIM_ERR_PARAM,
                ErrorCategory.InvalidArgument,
                "101 conversations",
                DeleteList(Enumerable.Range(0, 101).Select(i => ConversationKey.User("u" + i)).ToArray()));
            Refused(TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "[1]: null", DeleteList(ConversationKey.User("a"), null!));
            Refused(
                TIMResult.TIM_ERR_PARAM, ErrorCategory.InvalidArgument, "system", DeleteList(ConversationKey.System("@TIM#SYSTEM")));
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Assert.That(events, Is.Empty, "a refused call has no completion");
        }

        [Test]
        public void RequestIdsSkipLiveOnesAndZeroWhenTheyWrap()
        {
            Rebuild(options => options.FirstRequestId = int.MaxValue - 1);
            script = new Script(Plugin);
            for (int i = 0; i < 4; i++)
            {
                Ask("u" + i);
            }

            Plugin.Tick();
            Assert.That(
                script.Frames.Select(frame => frame.Request.RequestId), Is.EqualTo(new uint[] { int.MaxValue - 1, int.MaxValue, 1, 2 }));
        }

        private void Listen()
        {
            Plugin.Listeners.DeleteCompleted += e => events.Add($"completed {e.RequestId} {Describe(e.Results)}");
            Plugin.Listeners.Deleted += e => events.Add("deleted " + string.Join(" ", e.Conversations));
            Plugin.Listeners.LateResult += e => events.Add($"late {e.RequestId} {Describe(e.Results)}");
        }

        private static string Describe(IEnumerable<DeleteResult> results) =>
            string.Join(" ", results.Select(one => $"{one.Conversation} {one.Outcome}"));

        private TIMResult Delete(string id) => Plugin.Requests.ConvDelete(id, TIMConvType.kTIMConv_C2C, null, null);

        private TIMResult DeleteList(params ConversationKey[] keys) => Plugin.Requests.ConvDeleteConversationList(keys, true, null, null);

        private void Refused(TIMResult expected, ErrorCategory category, string saying, TIMResult result)
        {
            Assert.That(result, Is.EqualTo(expected));
            BridgeError error = Plugin.Requests.LastError!;
            Assert.That((error.Source, error.Code, error.Category), Is.EqualTo((ErrorSource.Bridge, (int)expected, category)));
            Assert.That(error.Message, Does.Contain(saying).And.Contain("nothing was deleted"));
        }
    }
}
