using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // The bridge beside the game's own listeners on the vendor's wrapper.
    public sealed class TencentWrapperTests
    {
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

        private void Connect()
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
        }
    }
}
