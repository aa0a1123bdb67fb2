using System.Collections.Generic;
using System.Linq;
using System.Text;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // What the core says of itself, and what script tells C# of it.
    public sealed class CoreReportTests : PluginFixture
    {
        private readonly List<object> heard = new List<object>();
        private Script script = null!;

        [SetUp]
        public void Connect()
        {
            script = new Script(Plugin);
            heard.Clear();
        }

        [Test]
        public void StatusAndVersionAreAnsweredByReturnAsJson()
        {
            Core.LoginStatus = 2;
            Core.Version = "8.0\"\\\n会";
            Assert.That(script.Call(new CoreCall { CallId = 1, GetLoginStatus = new GetLoginStatus() }), Is.EqualTo(0));
            Assert.That(script.Call(new CoreCall { CallId = 2, GetSdkVersion = new GetSdkVersion() }), Is.EqualTo(0));
            Plugin.Tick();
            CoreResult[] results = script.Frames.Select(frame => frame.Result).ToArray();
            Assert.That(results.Select(one => one.Source), Is.All.EqualTo(Protocol.ErrorSource.SdkReturn));
            Assert.That(results[0].Json.ToStringUtf8(), Is.EqualTo("2"));
            Assert.That(Newtonsoft.Json.Linq.JToken.Parse(results[1].Json.ToStringUtf8()).ToString(), Is.EqualTo(Core.Version));
        }

        [Test]
        public void TheNetworkStatusGoesToScriptWhole()
        {
            script.Delete(1, "a");
            OnOtherThread(() => Core.Events!.NetworkStatus(3, -9508, Encoding.UTF8.GetBytes("weg")));
            Core.Events!.NetworkStatus(0, 0, new byte[0]);
            Plugin.Tick();
            Assert.That(
                script.Frames.Select(frame => frame.Event.Network),
                Is.EqualTo(new[]
                {
                    new NetworkEvent { Status = 3, Code = -9508, Desc = ByteString.CopyFromUtf8("weg") }, new NetworkEvent(),
                }));
            Plugin.Close(script.Session);
            int dropped = Plugin.Diagnostics.EventsDropped;
            Plugin.NetworkStatus(1, 0, new byte[0]);
            Assert.That(Plugin.Diagnostics.EventsDropped, Is.EqualTo(dropped + 1));
        }

        [Test]
        public void EachSlotThatTheCoreLacksIsToldOfOnce()
        {
            script.Delete(1, "a");
            Logged.Clear();
            for (int i = 0; i < 2; i++)
            {
                Core.Events!.SlotMissing("TIMSetKickedOfflineCallback");
                Core.Events.SlotMissing("TIMSetUserSigExpiredCallback");
            }

            Assert.That(Logged, Has.Count.EqualTo(2));
            Assert.That(Logged[0], Does.Contain("TIMSetKickedOfflineCallback").And.Contain("CoreSession.NotifySession()"));
            Assert.That(Logged[1], Does.Contain("TIMSetUserSigExpiredCallback"));
        }

        [Test]
        public void NetworkEventsCountAgainstTheLimitOfEventsAndGiveTheirSpaceBack()
        {
            Rebuild(options =>
            {
                options.MaxWaitingEvents = 2;
                options.MaxWaitingEventBytes = 10;
            });
            script = new Script(Plugin);
            for (int round = 0; round < 3; round++)
            {
                script.Frames.Clear();
                Plugin.NetworkStatus(1, 0, new byte[6]);
                Plugin.NetworkStatus(2, 0, new byte[4]);
                Plugin.NetworkStatus(0, 0, new byte[1]);
                Plugin.Tick();
                Assert.That(script.Frames.Select(frame => frame.Event?.Network?.Status), Is.EqualTo(new int?[] { 1, 2, null }));
                Assert.That(script.Frames[2].Lost.Count, Is.EqualTo(1));
            }
        }

        [Test]
        public void WhatScriptTellsIsHeardInItsOrder()
        {
            Listen();
            var list = new Protocol.ConversationInfo
            {
                Conversation = new Key { UserId = "alice" }, ShowName = "Alice", UnreadNum = uint.MaxValue, ActiveTime = ulong.MaxValue, IsPinned = true,
            };
            var bare = new Protocol.ConversationInfo { Conversation = new Key { GroupId = "42" } };
            Assert.That(script.Publish(new Notice { ConversationListSync = new Protocol.ConversationListSync { State = ListSyncState.Started } }), Is.EqualTo(0));
            Assert.That(script.Publish(new Notice { ConversationsAdded = new Protocol.ConversationsAdded { Conversations = { list } } }), Is.EqualTo(0));
            Assert.That(script.Publish(new Notice { ConversationsUpdated = new Protocol.ConversationsUpdated { Conversations = { bare } } }), Is.EqualTo(0));
            Assert.That(script.Publish(new Notice { ConversationListSync = new Protocol.ConversationListSync { State = ListSyncState.Finished } }), Is.EqualTo(0));
            Assert.That(Reset(true, list), Is.EqualTo(0));
            Assert.That(Reset(false, bare), Is.EqualTo(0));
            Assert.That(
                script.Publish(new Notice { SessionChanged = new Protocol.SessionChanged { Kind = SessionEventKind.KickedOffline } }), Is.EqualTo(0));
            Assert.That(
                script.Publish(new Notice { ConnectionChanged = new Protocol.ConnectionChanged { Status = 1, Code = 9, Desc = "weg" } }), Is.EqualTo(0));
            Assert.That(heard, Is.Empty, "listeners run in the tick");
            Plugin.Tick();
            Assert.That(
                heard.Select(Describe),
                Is.EqualTo(new[]
                {
                    "sync False",
                    "added c2c_alice Alice 4294967295 18446744073709551615 True",
                    "updated group_42  0 0 False",
                    "sync True",
                    "reset c2c_alice Alice 4294967295 18446744073709551615 True, group_42  0 0 False",
                    "session KickedOffline",
                    "connection kTIMDisconnected 9 weg",
                }));
        }

        [Test]
        public void AListThatItsScriptDidNotEndIsForgottenWithIt()
        {
            Listen();
            var one = new Protocol.ConversationInfo { Conversation = new Key { UserId = "alice" } };
            Reset(true, one);
            Plugin.Close(script.Session);
            script = new Script(Plugin);
            Reset(false);
            Plugin.Tick();
            Assert.That(heard.Select(Describe), Is.EqualTo(new[] { "reset " }));
        }

        [Test]
        public void ANoticeThatLacksSomethingIsRefused()
        {
            Listen();
            var nameless = new Protocol.ConversationInfo { ShowName = "nobody" };
            foreach (Notice notice in new[]
            {
                new Notice { ConversationsAdded = new Protocol.ConversationsAdded { Conversations = { nameless } } },
                new Notice { ConversationsUpdated = new Protocol.ConversationsUpdated { Conversations = { nameless } } },
                new Notice { ConversationListReset = new Protocol.ConversationListReset { Conversations = { nameless } } },
                new Notice { ConversationListSync = new Protocol.ConversationListSync() },
                new Notice { SessionChanged = new Protocol.SessionChanged() },
                new Notice { SessionChanged = new Protocol.SessionChanged { Kind = SessionEventKind.Login } },
            })
            {
                Assert.That(script.Publish(notice), Is.EqualTo(-(int)SendResult.BadFrame), notice.ToString());
            }

            Plugin.Tick();
            Assert.That(heard, Is.Empty);
        }

        [Test]
        public void TheDataFolderIsInAnEmptyBatchOfAnOpenSessionOnly()
        {
            byte[] folder = Encoding.UTF8.GetBytes("/data/spiel ü/" + new string('x', 300));
            Rebuild(options => options.DataFolder = () => folder);
            script = new Script(Plugin);
            Assert.That(Header().DataFolder.ToByteArray(), Is.EqualTo(folder));
            Plugin.Tick();
            Assert.That(script.LastBatch.DataFolder, Is.Empty);
            Plugin.Close(script.Session);
            Assert.That(Header().DataFolder, Is.Empty);
        }

        private DrainBatch Header() => Script.Parse(Plugin.Drain(script.Session, 1));

        private int Reset(bool more, params Protocol.ConversationInfo[] infos) =>
            script.Publish(new Notice { ConversationListReset = new Protocol.ConversationListReset { Conversations = { infos }, More = more } });

        private void Listen()
        {
            Plugin.Listeners.Added += heard.Add;
            Plugin.Listeners.Updated += heard.Add;
            Plugin.Listeners.ListSync += heard.Add;
            Plugin.Listeners.ListReset += heard.Add;
            Plugin.Listeners.SessionChanged += heard.Add;
            Plugin.Listeners.ConnectionChanged += heard.Add;
        }

        private static string Describe(object message)
        {
            switch (message)
            {
                case ConversationsAdded added:
                    return "added " + Describe(added.Conversations);
                case ConversationsUpdated updated:
                    return "updated " + Describe(updated.Conversations);
                case ConversationListReset reset:
                    return "reset " + Describe(reset.Conversations);
                case ConversationListSync sync:
                    return "sync " + sync.Finished;
                case SessionChanged session:
                    return "session " + session.Kind;
                case ConnectionChanged connection:
                    return $"connection {connection.Status} {connection.Code} {connection.Desc}";
                default:
                    return message.ToString() ?? "nothing";
            }
        }

        private static string Describe(IReadOnlyList<ConversationInfo> infos) =>
            string.Join(", ", infos.Select(one => $"{one.Conversation} {one.ShowName} {one.UnreadCount} {one.ActiveTime} {one.IsPinned}"));
    }
}
