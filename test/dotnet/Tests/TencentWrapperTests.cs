using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Testing;

namespace TimChatBridge.Tests
{
    // The bridge beside the game's own listeners on the vendor's wrapper.
    public sealed class TencentWrapperTests
    {
        // What the wrapper has in the core's conversation slot. The core calls it on its own thread.
        private static readonly TIMConvEventCallback WrappersOwn =
            (convEvent, json, data) => TencentIMSDK.SayConvEvent((TIMConvEvent)convEvent, Encoding.UTF8.GetString(NativeText.Copy(json)));

        private readonly List<ToScript> frames = new List<ToScript>();
        private int gamesOwn;

        [SetUp]
        public void Begin()
        {
            TencentIMSDK.ForgetAll();
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            frames.Clear();
            gamesOwn = 0;
            TencentIMSDK.SetConvEventCallback((convEvent, list, data) => gamesOwn++);
            TencentIMSDK.SetKickedOfflineCallback(data => gamesOwn++);
        }

        [TearDown]
        public void End()
        {
            TencentWrapper.StopListening();
            BridgeLoop.Shutdown();
            TencentIMSDK.SetsNativeConvSlot = _ => { };
        }

        [Test]
        public void WhatTheWrapperHearsReachesScriptBesideTheGame()
        {
            TencentWrapper.Listen();
            TencentWrapper.Listen();
            Connect();
            SayAll();
            Assert.That(
                frames.Select(Describe),
                Is.EqualTo(new[] { "conversation 1 [\"c2c_a\"]", "conversation 3 ", "network 1 9508 weg", "session KickedOffline", "session UserSigExpired" }));
            Assert.That(gamesOwn, Is.EqualTo(3));
            Assert.That(CoreSession.TakesEventSlot, Is.False);
        }

        [Test]
        public void StoppedItHearsNothingAndTheGameStillDoes()
        {
            TencentWrapper.Listen();
            TencentWrapper.StopListening();
            Connect();
            SayAll();
            Assert.That(frames, Is.Empty);
            Assert.That(gamesOwn, Is.EqualTo(3));
        }

        [Test]
        public void ASessionThatBeginsIsAnotherLoginEpoch()
        {
            uint before = BridgeLoop.Plugin.Epoch;
            TencentWrapper.Listen();
            Assert.That(BridgeLoop.Plugin.Epoch, Is.EqualTo(before + 1));
        }

        [Test]
        public void TheWrappersListenersStayAlsoWhereTheBridgeHadTheSlotsBefore()
        {
            StandIn.RequireOrIgnore();
            StandInNative.standin_reset();
            TencentIMSDK.SetsNativeConvSlot = set => NativeMethods.TIMSetConvEventCallback(set ? WrappersOwn : null, IntPtr.Zero);
            int session = Connect();
            TakeTheSlots(session);
            Fire(3);
            Assert.That(gamesOwn, Is.EqualTo(0), "the bridge has the slot");
            TencentWrapper.Listen();
            Fire(4);
            Assert.That(gamesOwn, Is.EqualTo(1));
            Assert.That(
                frames.Where(frame => frame.Event?.Conversation != null).Select(frame => frame.Event.Conversation.Type), Is.EqualTo(new[] { 3, 4 }));
            ScriptPort.Close(session);
            Fire(4);
            Assert.That(gamesOwn, Is.EqualTo(2), "the bridge took nothing with it");
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            Fire(4);
            Assert.That(gamesOwn, Is.EqualTo(3));
        }

        [TestCase("ForwardConvEvent")]
        [TestCase("ForwardNetworkStatus")]
        [TestCase("NotifySession")]
        [TestCase("BeginUserChange")]
        public void OtherCodeIsKnownByWhatItTells(string what)
        {
            StandIn.RequireOrIgnore();
            StandInNative.standin_reset();
            var logged = new List<string>();
            Action<string>? before = BridgeLoop.Log;
            BridgeLoop.Log = logged.Add;
            try
            {
                int session = Connect();
                TakeTheSlots(session);
                Assert.That(logged, Is.Empty);
                switch (what)
                {
                    case "ForwardConvEvent":
                        CoreSession.ForwardConvEvent(3, string.Empty);
                        break;
                    case "ForwardNetworkStatus":
                        CoreSession.ForwardNetworkStatus(0, 0, string.Empty);
                        break;
                    case "BeginUserChange":
                        CoreSession.BeginUserChange().Done();
                        break;
                    default:
                        CoreSession.NotifySession();
                        break;
                }

                Assert.That(logged.Count(line => line.StartsWith(what + " was called", StringComparison.Ordinal)), Is.EqualTo(what.StartsWith("Forward", StringComparison.Ordinal) ? 1 : 0));
                ScriptPort.Close(session);
                Assert.That(logged.Last(), Does.Contain("back, empty"));
            }
            finally
            {
                BridgeLoop.Log = before;
            }
        }

        private static void TakeTheSlots(int session)
        {
            var asksTheCore = new ToPlugin
            {
                Version = 1,
                CoreCall = new CoreCall { CallId = 1, Epoch = BridgeLoop.Plugin.Epoch, GetLoginStatus = new GetLoginStatus() },
            };
            Assert.That(ScriptPort.Send(session, new Puerts.ArrayBuffer(asksTheCore.ToByteArray())), Is.EqualTo(0));
        }

        private static void Fire(int convEvent)
        {
            StandInNative.standin_fire_conv_event(convEvent, string.Empty);
            StandIn.WaitIdle();
            BridgeLoop.Tick();
        }

        private static string Describe(ToScript frame)
        {
            CoreEvent told = frame.Event;
            switch (told.EventCase)
            {
                case CoreEvent.EventOneofCase.Conversation:
                    return $"conversation {told.Conversation.Type} {told.Conversation.Json.ToStringUtf8()}";
                case CoreEvent.EventOneofCase.Network:
                    return $"network {told.Network.Status} {told.Network.Code} {told.Network.Desc.ToStringUtf8()}";
                default:
                    return "session " + told.Session.Kind;
            }
        }

        private void SayAll()
        {
            TencentIMSDK.SayConvEvent(TIMConvEvent.kTIMConvEvent_Del, "[\"c2c_a\"]");
            TencentIMSDK.SayConvEvent(TIMConvEvent.kTIMConvEvent_Start, string.Empty);
            TencentIMSDK.SayNetworkStatus(com.tencent.imsdk.unity.enums.TIMNetworkStatus.kTIMDisconnected, 9508, "weg");
            TencentIMSDK.SayKickedOffline();
            TencentIMSDK.SayUserSigExpired();
            BridgeLoop.Tick();
        }

        private int Connect()
        {
            int session = ScriptPort.Open(1000, 1000);
            ScriptPort.SetWake(session, () =>
            {
                Puerts.ArrayBuffer drained = ScriptPort.Drain(session, 1 << 20);
                foreach (ByteString frame in DrainBatch.Parser.ParseFrom(drained.Bytes, 0, drained.Count).Frames)
                {
                    frames.Add(ToScript.Parser.ParseFrom(frame));
                }
            });
            return session;
        }
    }
}
