using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Testing;

namespace TimChatBridge.Tests
{
    // The real P/Invoke, on the stand-in for libImSDK.
    public sealed class StandInTests
    {
        private const string Conversations =
            "[{\"conv_id\":\"alice\",\"conv_type\":1},{\"conv_id\":\"bob\",\"conv_type\":1},{\"conv_id\":\"a\\\"b\\\\\\u4f1a\",\"conv_type\":1}," +
            "{\"conv_id\":\"42\",\"conv_type\":2}]";

        private readonly List<string> logged = new List<string>();
        private Plugin plugin = null!;
        private Script script = null!;
        private uint call;

        [SetUp]
        public void Connect()
        {
            StandIn.RequireOrIgnore();
            StandInNative.standin_reset();
            CoreLibrary.StartTokensAt(1);
            logged.Clear();
            call = 0;
            plugin = new Plugin(new PluginOptions(new CoreLibrary()) { Log = logged.Add });
            plugin.Initialize();
            script = new Script(plugin);
        }

        [TearDown]
        public void NothingIsLeft()
        {
            if (plugin == null)
            {
                return;
            }

            StandInNative.standin_release_held(-1);
            StandIn.WaitIdle();
            plugin.Shutdown();
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0), "live buffers");
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(0), "live tokens");
            Assert.That(StandInNative.standin_input_mismatches(), Is.EqualTo(0), "inputs that changed while the core could read them");
            Assert.That(logged, Is.Empty);
        }

        [Test]
        public void BeforeInitTheCallbackSays6013()
        {
            Assert.That(Delete("alice"), Is.EqualTo(0));
            Assert.That(Results().Single().Code, Is.EqualTo(6013));
        }

        [Test]
        public void BeforeLoginTheCallbackSays6014()
        {
            Init();
            Assert.That(Delete("alice"), Is.EqualTo(0));
            Assert.That(Results().Last().Code, Is.EqualTo(6014));
        }

        [Test]
        public void ACoreThatTheGameHasLetGoOfReadsNoInputAnyMore()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.Never, StandIn.ConvDelete, 0);
            Assert.That(Delete("alice"), Is.EqualTo(0));
            Assert.That((CoreLibrary.LiveBuffers, CoreLibrary.LiveTokens), Is.EqualTo((1, 1)));
            UserChange uninit = plugin.GamesChanges.Begin();
            Assert.That(NativeMethods.TIMUninit(), Is.EqualTo(0));
            uninit.Done(coreLetGo: true);
            Assert.That((CoreLibrary.LiveBuffers, CoreLibrary.LiveTokens), Is.EqualTo((0, 0)));
        }

        [Test]
        public void ADeletionItsResultAndItsEvent()
        {
            SignIn();
            Assert.That(Delete("alice"), Is.EqualTo(0));
            Assert.That(Delete("42", 2), Is.EqualTo(0));
            Assert.That(Delete("nobody"), Is.EqualTo(0));
            List<CoreResult> results = Results();
            Assert.That(results.Take(2).Select(one => one.Code), Is.EqualTo(new[] { 0, 0 }));
            Assert.That(results[2].Code, Is.Not.EqualTo(0));
            Assert.That(StandInNative.standin_deleted_count(), Is.EqualTo(2));
            Assert.That(StandIn.DeletedId(0), Is.EqualTo("alice"));
            Assert.That(StandInNative.standin_deleted_history(0), Is.EqualTo(1));
            ConversationEvent deleted = script.Frames.First(frame => frame.Event != null).Event.Conversation;
            Assert.That(deleted.Type, Is.EqualTo(1));
            Assert.That((string)JArray.Parse(deleted.Json.ToStringUtf8())[0]["conv_id"]!, Is.EqualTo("alice"));
        }

        [TestCase(true)]
        [TestCase(false)]
        public void ABatchAsJsonAndItsFlagAsOneByte(bool clear)
        {
            SignIn();
            CoreCall batch = script.NewDeleteList(++call, clear, "c2c_a\"b\\\u4f1a", "group_42");
            Assert.That(script.Call(batch), Is.EqualTo(0));
            CoreResult result = Results().Single();
            Assert.That(result.Code, Is.EqualTo(0), result.Desc.ToStringUtf8());
            Assert.That(JArray.Parse(result.Json.ToStringUtf8()).Count, Is.EqualTo(2));
            Assert.That(StandInNative.standin_deleted_count(), Is.EqualTo(2));
            Assert.That(StandIn.DeletedId(0), Is.EqualTo("a\"b\\\u4f1a"));
            Assert.That(StandInNative.standin_deleted_history(0), Is.EqualTo(clear ? 1 : 0));
        }

        [Test]
        public void TheConversationList()
        {
            SignIn();
            Assert.That(
                script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, ConvGetConvList = new ConvGetConvList() }), Is.EqualTo(0));
            Assert.That(JArray.Parse(Results().Single().Json.ToStringUtf8()).Count, Is.EqualTo(4));
        }

        [Test]
        public void NonZeroReturnWithACallbackBeforeIt()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.ReturnCallbackBefore, StandIn.ConvDeleteList, -3);
            Assert.That(script.Call(script.NewDeleteList(++call, true, "c2c_alice")), Is.EqualTo(-3));
            Assert.That(Results(), Is.Empty);
            Assert.That(StandInNative.standin_fault_fired(StandIn.ReturnCallbackBefore, StandIn.ConvDeleteList), Is.EqualTo(1));
            Assert.That(plugin.Diagnostics.AnswersDespiteRefusal, Is.EqualTo(1));
        }

        [Test]
        public void NonZeroReturnWithACallbackAfterIt()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.ReturnCallbackAfter, StandIn.ConvDelete, -5);
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            Assert.That(Delete("alice"), Is.EqualTo(-5));
            StandIn.WaitIdle();
            Assert.That(StandInNative.standin_release_held(-1), Is.EqualTo(1), "surely after the return");
            Assert.That(Results(), Is.Empty);
            Assert.That(plugin.Diagnostics.AnswersDespiteRefusal, Is.EqualTo(1));
            Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(0));
        }

        [Test]
        public void WhatACallThatWasGivenUpHoldsStaysUntilItsCallback()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            StandInNative.standin_set_fault(StandIn.RereadInputs, StandIn.ConvDelete, 0);
            Assert.That(Delete("alice"), Is.EqualTo(0));
            StandIn.WaitIdle();
            Assert.That(script.Send(new ToPlugin { Version = 1, Cancel = new Cancel { CallId = call } }), Is.EqualTo(0));
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(1));
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(1), "the core reads its input once more");
            Assert.That(StandInNative.standin_release_held(-1), Is.EqualTo(1));
            Assert.That(Results().Single().Code, Is.EqualTo(0));
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0));
        }

        [TestCase(StandIn.ReturnOnly)]
        [TestCase(StandIn.ReturnCallbackBefore)]
        [TestCase(StandIn.ReturnCallbackAfter)]
        public void WhatARefusedCallWasGivenIsThereUntilItReturnsAndNoLonger(int refusal)
        {
            SignIn();
            StandInNative.standin_set_fault(refusal, StandIn.ConvDelete, -5);
            StandInNative.standin_set_fault(StandIn.RereadInputs, StandIn.ConvDelete, 0);
            Assert.That(Delete("alice"), Is.EqualTo(-5));
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0));
            Assert.That(StandInNative.standin_inputs_reread(), Is.EqualTo(1), "right before the return, after a callback inside it");
            Assert.That(Results(), Is.Empty);
            Assert.That(plugin.Diagnostics.AnswersDespiteRefusal, Is.EqualTo(refusal == StandIn.ReturnOnly ? 0 : 1));
        }

        [Test]
        public void WhatTheCoreNeverAnsweredIsThereUntilUninitReturnsAndNoLonger()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.Never, StandIn.ConvDelete, 0);
            StandInNative.standin_pace_fault(StandIn.Never, StandIn.ConvDelete, 1, 2);
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            StandInNative.standin_set_fault(StandIn.RereadInputs, StandIn.ConvDelete, 0);
            foreach (string id in new[] { "alice", "bob", "x" })
            {
                Assert.That(Delete(id), Is.EqualTo(0));
            }

            StandIn.WaitIdle();
            long reread = StandInNative.standin_inputs_reread();
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(3));
            Assert.That(script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, Uninit = new Uninit() }), Is.EqualTo(0));
            Assert.That(StandInNative.standin_inputs_reread() - reread, Is.EqualTo(3), "texts that the core read as it was let go of");
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(0));
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(0));
            StandInNative.standin_release_held(-1);
            Assert.That(Results().Select(one => one.CallId), Is.EqualTo(new[] { call }), "Uninit's own, and no callback's that came after it");
        }

        [TestCase(StandIn.BeforeReturn)]
        [TestCase(StandIn.ForeignThread)]
        [TestCase(StandIn.Twice)]
        [TestCase(StandIn.UnmapStrings)]
        [TestCase(StandIn.PoisonInputs)]
        [TestCase(StandIn.RereadInputs)]
        public void OneResultUnderAFault(int fault)
        {
            SignIn();
            Assert.That(StandInNative.standin_set_fault(fault, StandIn.ConvDelete, 0), Is.EqualTo(1));
            Assert.That(Delete("alice"), Is.EqualTo(0));
            StandIn.WaitIdle();
            Assert.That(Results().Single().Code, Is.EqualTo(0));
            Assert.That(StandInNative.standin_fault_fired(fault, StandIn.ConvDelete), Is.GreaterThan(0), "the fault did not fire");
            Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(fault == StandIn.Twice ? 1 : 0));
        }

        [Test]
        public void AnAnswerAfterTheSessionHasEndedIsDroppedAndItsInputFreed()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            Delete("alice");
            StandIn.WaitIdle();
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(1), "held until the core has answered");
            plugin.Close(script.Session);
            var next = new Script(plugin);
            Assert.That(StandInNative.standin_release_held(-1), Is.EqualTo(1));
            StandIn.WaitIdle();
            plugin.Tick();
            Assert.That(next.Frames, Is.Empty);
            Assert.That(plugin.Diagnostics.AnswersDropped, Is.EqualTo(1));
        }

        [Test]
        public void KickedOfflineAndAnExpiredUserSigRaiseTheEpoch()
        {
            SignIn();
            uint before = plugin.Epoch;
            StandInNative.standin_kick_offline();
            StandIn.WaitIdle();
            Assert.That(Delete("alice", epoch: before), Is.EqualTo(-(int)SendResult.StaleEpoch));
            Assert.That(logged.Single(), Does.Contain("StaleEpoch"));
            logged.Clear();
            StandInNative.standin_expire_user_sig();
            StandIn.WaitIdle();
            plugin.Tick();
            Assert.That(
                script.Frames.Where(frame => frame.Event?.Session != null).Select(frame => frame.Event.Session.Kind),
                Is.EqualTo(new[] { SessionEventKind.KickedOffline, SessionEventKind.UserSigExpired }));
            Assert.That(StandInNative.standin_deleted_count(), Is.EqualTo(0));
        }

        [Test]
        public void TheSlotIsGivenBackAtClose()
        {
            SignIn();
            StandInNative.standin_fire_conv_event(3, null);
            StandIn.WaitIdle();
            plugin.Tick();
            Assert.That(script.Frames.Last().Event.Conversation.Type, Is.EqualTo(3));
            plugin.Close(script.Session);
            long callbacks = StandInNative.standin_callbacks(StandIn.OnConvEvent);
            StandInNative.standin_fire_conv_event(3, null);
            StandIn.WaitIdle();
            Assert.That(StandInNative.standin_callbacks(StandIn.OnConvEvent), Is.EqualTo(callbacks));
            var next = new Script(plugin);
            script = next;
            Delete("alice");
            StandInNative.standin_fire_conv_event(4, null);
            StandIn.WaitIdle();
            plugin.Tick();
            Assert.That(next.Frames.Select(frame => frame.Event?.Conversation?.Type), Does.Contain(4));
        }

        [Test]
        public void AListenerThatTheGameSetsAfterItAskedForTheSlotStaysThere()
        {
            int heard = 0;
            TIMConvEventCallback gamesOwn = (convEvent, json, data) => heard++;
            SignIn();
            plugin.Core.Slots.TakesEventSlot = false;
            Assert.That(logged.Single(), Does.Contain("back, empty"));
            logged.Clear();
            NativeMethods.TIMSetConvEventCallback(gamesOwn, IntPtr.Zero);
            Assert.That(Delete("alice"), Is.EqualTo(0));
            Assert.That(Results().Count, Is.EqualTo(1));
            Assert.That(heard, Is.EqualTo(1));
            plugin.Close(script.Session);
            StandInNative.standin_fire_conv_event(3, null);
            StandIn.WaitIdle();
            Assert.That(heard, Is.EqualTo(2));
            plugin.Shutdown();
            StandInNative.standin_fire_conv_event(3, null);
            StandIn.WaitIdle();
            Assert.That(heard, Is.EqualTo(3), "also after the core was let go of: the stand-in leaves the slots alone");
            NativeMethods.TIMSetConvEventCallback(null, IntPtr.Zero);
            GC.KeepAlive(gamesOwn);
        }

        [Test]
        public void TokensSkipLiveOnesAndZeroWhenTheyWrap()
        {
            CoreLibrary.StartTokensAt(int.MaxValue - 1);
            SignIn();
            StandInNative.standin_set_fault(StandIn.Late, StandIn.ConvDelete, 0);
            foreach (string id in new[] { "alice", "bob", "x", "y" })
            {
                Assert.That(Delete(id), Is.EqualTo(0));
            }

            StandIn.WaitIdle();
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(4));
            StandInNative.standin_release_held(-1);
            Assert.That(Results().Select(result => result.CallId), Is.EqualTo(new uint[] { 3, 4, 5, 6 }));
        }

        [Test]
        public void AThousandDeletionsEachAnsweredOnce()
        {
            SignIn();
            StandInNative.standin_set_fault(StandIn.ForeignThread, StandIn.ConvDelete, 0);
            for (int i = 0; i < 1000; i++)
            {
                Assert.That(Delete("u" + i), Is.EqualTo(0), plugin.LastRefusal);
            }

            List<CoreResult> results = Results();
            Assert.That(results.Select(one => (int)one.CallId), Is.EqualTo(Enumerable.Range(3, 1000)));
        }

        private void Init()
        {
            int returned = script.Call(new CoreCall { CallId = ++call, Epoch = plugin.Epoch, Init = new Init { SdkAppId = 1400000000 } });
            Assert.That(returned, Is.EqualTo(0), plugin.LastRefusal);
            plugin.Tick();
        }

        private void SignIn()
        {
            Init();
            StandIn.Load(Conversations);
            int returned = script.Call(new CoreCall
            {
                CallId = ++call,
                Epoch = plugin.Epoch,
                Login = new Login { UserId = ByteString.CopyFromUtf8("me"), UserSig = ByteString.CopyFromUtf8("sig") },
            });
            Assert.That(returned, Is.EqualTo(0), plugin.LastRefusal);
            Assert.That(Results().Select(one => one.Code), Is.EqualTo(new[] { 0, 0 }));
            script.Frames.Clear();
        }

        private int Delete(string id, int type = 1, uint? epoch = null) => script.Delete(++call, id, type, 0, epoch);

        private List<CoreResult> Results()
        {
            StandIn.WaitIdle();
            plugin.Tick();
            return script.Frames.Where(frame => frame.Result != null).Select(frame => frame.Result).ToList();
        }
    }
}
