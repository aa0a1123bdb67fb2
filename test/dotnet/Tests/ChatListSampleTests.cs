using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;
using TimChatBridge.Samples;

namespace TimChatBridge.Tests
{
    // The C# half of Samples~/ChatList, on the process's one plugin and a script that answers as a bridge would.
    public sealed class ChatListSampleTests
    {
        private static readonly ConversationKey Alice = ConversationKey.User("alice");
        private static readonly ConversationKey Bob = ConversationKey.User("bob");
        private ChatListController controller = null!;

        private ChatListModel Model => controller.Model;

        [SetUp]
        public void Begin()
        {
            BridgeLoop.Shutdown();
            BridgeLoop.Initialize();
            controller = new ChatListController();
            Model.Show(Alice, "Alice");
            Model.Show(Bob, "Bob");
        }

        [TearDown]
        public void End()
        {
            controller.Dispose();
            BridgeLoop.Shutdown();
        }

        [Test]
        public void ARowThatIsThereKeepsItsSelectionAndGetsTheNewTitle()
        {
            Model.Toggle(Alice);
            Model.Show(Alice, "Alice, online");
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice, online", "Bob" }));
            Assert.That(Model.Rows[0].Selected);
        }

        [Test]
        public void NothingSelectedNothingAsked()
        {
            Model.AskToDelete();
            Assert.That(Model.Question, Is.Null);
            Assert.That(Model.Confirm(), Is.Empty);
        }

        [Test]
        public void TheQuestionSaysHowManyAndTheWarningThatHistoryWillBeGone()
        {
            SelectAndAsk(Alice, Bob);
            Assert.That(Model.Question, Is.EqualTo("Delete these 2 conversations?"));
            Assert.That(ChatListModel.Warning, Does.Contain("gone for good").And.Contain("keep the history"));
            Model.Cancel();
            Assert.That(Model.Question, Is.Null);
            Assert.That(Model.Rows.All(row => row.Selected && !row.Deleting));
        }

        [Test]
        public void WhatGoesByItselfGoesOutOfTheQuestionToo()
        {
            SelectAndAsk(Alice, Bob);
            Model.Remove(new[] { Alice });
            Assert.That(Model.Question, Is.EqualTo("Delete this conversation?"));
            Model.Remove(new[] { Bob });
            Assert.That(Model.Question, Is.Null);
        }

        [TestCase(true)]
        [TestCase(false)]
        public void ConfirmedItIsAskedForOnceAndTheRowStaysUntilItIsGone(bool clearMessage)
        {
            var script = new Script(BridgeLoop.Plugin);
            SelectAndAsk(Alice);
            controller.Confirm(clearMessage);
            controller.Confirm(clearMessage);
            Assert.That(Model.Rows[0].Deleting);
            Model.Toggle(Alice);
            Assert.That(Model.Rows[0].Selected, Is.False, "what is being deleted cannot be selected");
            BridgeLoop.Tick();
            Request request = script.Frames.Single().Request;
            Assert.That(request.ConvDeleteList.ConvIds.Single().ToStringUtf8(), Is.EqualTo("c2c_alice"));
            Assert.That(request.ConvDeleteList.ClearMessage, Is.EqualTo(clearMessage));
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice", "Bob" }));
            script.PublishDeleted("alice");
            BridgeLoop.Tick();
            Assert.That(Titles(), Is.EqualTo(new[] { "Bob" }));
        }

        [TestCase(Outcome.Failed, "Not deleted.")]
        [TestCase(Outcome.NotSent, "Not deleted.")]
        [TestCase(Outcome.Unknown, "Perhaps deleted")]
        public void WhatWasNotDeletedStaysAndSaysWhy(Outcome outcome, string note)
        {
            var script = new Script(BridgeLoop.Plugin);
            SelectAndAsk(Alice);
            controller.Confirm(true);
            BridgeLoop.Tick();
            uint request = script.Frames.Single().Request.RequestId;
            Assert.That(script.Claim(request), Is.Zero);
            Assert.That(script.Complete(request, "alice", (Protocol.Outcome)outcome, 6004, "no such conversation"), Is.Zero);
            BridgeLoop.Tick();
            Assert.That(Model.Rows[0].Note, Does.StartWith(note).And.EndsWith("no such conversation"));
            Assert.That(Model.Rows[0].Deleting, Is.False);
        }

        [Test]
        public void BeforeScriptHasConnectedTheRowSaysSo()
        {
            SelectAndAsk(Alice);
            controller.Confirm(true);
            Assert.That(Model.Rows[0].Note, Does.StartWith("Not deleted.").And.Contain("connect()"));
            Assert.That(Model.Rows[0].Deleting, Is.False);
        }

        [Test]
        public void MoreThanOneCallTakesAreAskedForInSeveral()
        {
            var script = new Script(BridgeLoop.Plugin);
            ConversationKey[] many = Enumerable.Range(0, 250).Select(i => ConversationKey.User($"user{i}")).ToArray();
            foreach (ConversationKey one in many)
            {
                Model.Show(one, one.Id);
            }

            SelectAndAsk(many);
            controller.Confirm(false);
            BridgeLoop.Tick();
            Assert.That(script.Frames.Select(frame => frame.Request.ConvDeleteList.ConvIds.Count), Is.EqualTo(new[] { 100, 100, 50 }));
        }

        [Test]
        public void RowsComeAndGoWithTheCoresEvents()
        {
            var script = new Script(BridgeLoop.Plugin);
            var added = new Protocol.ConversationsAdded();
            added.Conversations.Add(new Protocol.ConversationInfo { Conversation = new Key { UserId = "erin" }, ShowName = "Erin" });
            added.Conversations.Add(new Protocol.ConversationInfo { Conversation = new Key { GroupId = "guild" } });
            Assert.That(script.Publish(new Notice { ConversationsAdded = added }), Is.Zero);
            BridgeLoop.Tick();
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice", "Bob", "Erin", "guild" }));
            var updated = new Protocol.ConversationsUpdated();
            updated.Conversations.Add(new Protocol.ConversationInfo { Conversation = new Key { UserId = "bob" }, ShowName = "Bobby" });
            Assert.That(script.Publish(new Notice { ConversationsUpdated = updated }), Is.Zero);
            BridgeLoop.Tick();
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice", "Bobby", "Erin", "guild" }));
            var reset = new Protocol.ConversationListReset();
            reset.Conversations.Add(new Protocol.ConversationInfo { Conversation = new Key { UserId = "erin" }, ShowName = "Erin" });
            Assert.That(script.Publish(new Notice { ConversationListReset = reset }), Is.Zero);
            BridgeLoop.Tick();
            Assert.That(Titles(), Is.EqualTo(new[] { "Erin" }));
        }

        [Test]
        public void RowsAreShownByNameAndOnlyWhereAListIsOnTheScreen()
        {
            ChatListRows.Show("c2c_erin", "Erin");
            ChatListRows.Current = controller;
            ChatListRows.Show("group_guild", "The Guild");
            ChatListRows.Show("nonsense", "?");
            ChatListRows.Current = null;
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice", "Bob", "The Guild" }));
        }

        [Test]
        public void DisposedItHearsNothingMore()
        {
            var script = new Script(BridgeLoop.Plugin);
            controller.Dispose();
            script.PublishDeleted("alice");
            BridgeLoop.Tick();
            Assert.That(Titles(), Is.EqualTo(new[] { "Alice", "Bob" }));
        }

        private void SelectAndAsk(params ConversationKey[] conversations)
        {
            foreach (ConversationKey conversation in conversations)
            {
                Model.Toggle(conversation);
            }

            Model.AskToDelete();
        }

        private IEnumerable<string> Titles() => Model.Rows.Select(row => row.Title);
    }
}
