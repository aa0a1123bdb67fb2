using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // Whoever hears of the shutdown may call in again: nothing begins any more, and nothing that began is left without its end.
    public sealed class ShutdownTests : PluginFixture
    {
        [Test]
        public void AScriptThatConnectsAgainInItsFarewellIsRefused()
        {
            var script = new Script(Plugin);
            int opened = -1;
            script.AfterDrain = () => opened = Plugin.Open(1000, 1000);
            Plugin.Shutdown();
            Assert.That(script.LastBatch.State, Is.EqualTo(SessionState.Closed));
            Assert.That(opened, Is.EqualTo(0));
            Assert.That(Plugin.Current, Is.Null, "a session that nobody ever wakes");
            Assert.That(Logged.Single(), Does.Contain("shut down").And.Not.Contain("another thread"));
        }

        [Test]
        public void WhoListenedIsForgotten()
        {
            var heard = new List<object>();
            Listeners listeners = Plugin.Listeners;
            listeners.Deleted += heard.Add;
            Plugin.Shutdown();
            listeners.Queue(new ConversationsDeleted(new ConversationKey[0]));
            listeners.Deliver();
            Assert.That(heard, Is.Empty);
        }

        [Test]
        public void ADeletionThatAListenerAsksForAtTheEndIsRefusedInWords()
        {
            var script = new Script(Plugin);
            script.AfterDrain = () => Plugin.Open(1000, 1000);
            var asked = new List<TIMResult>();
            var heard = new List<string>();
            TIMResult first = Plugin.Requests.ConvDelete(
                "a",
                TIMConvType.kTIMConv_C2C,
                (code, desc, data) => asked.Add(Plugin.Requests.ConvDelete("b", TIMConvType.kTIMConv_C2C, (c, d, e) => heard.Add(d), null)),
                null);
            Assert.That(first, Is.EqualTo(TIMResult.TIM_SUCC));
            Plugin.Shutdown();
            Assert.That(asked, Is.EqualTo(new[] { TIMResult.TIM_ERR_SDKUNINIT }));
            Assert.That(Plugin.Requests.LastError!.Message, Does.Contain("shut down"));
            Assert.That(heard, Is.Empty);
        }

        [Test]
        public void AReplacedScriptIsToldAlsoWhereTheShutdownComesInTheSameFrame()
        {
            var loser = new Script(Plugin);
            var winner = new Script(Plugin);
            Plugin.Shutdown();
            Assert.That(loser.Batches.Select(batch => batch.State), Is.EqualTo(new[] { SessionState.Replaced }));
            Assert.That(winner.Batches.Select(batch => batch.State), Is.EqualTo(new[] { SessionState.Closed }));
            Assert.That(loser.Delete(1, "a"), Is.EqualTo(-(int)SendResult.Closed));
        }

        [Test]
        public void ManyThatWereReplacedInOneFrameAreAllTold()
        {
            List<Script> scripts = Enumerable.Range(0, 40).Select(_ => new Script(Plugin)).ToList();
            Plugin.Tick();
            Assert.That(scripts.Select(script => script.Batches.Count), Is.All.EqualTo(1));
            var last = new Script(Plugin);
            Plugin.Tick();
            Assert.That(last.Batches.Count, Is.EqualTo(1));
            Assert.That(scripts[0].Delete(1, "a"), Is.EqualTo(-(int)SendResult.Closed), "told, and forgotten");
            Assert.That(scripts[39].Delete(1, "a"), Is.EqualTo(-(int)SendResult.Replaced), "remembered");
        }

        [Test]
        public void AFarewellMayThrowOrShutDownAgain()
        {
            var loser = new Script(Plugin) { BeforeDrain = Plugin.Shutdown };
            var script = new Script(Plugin) { BeforeDrain = () => throw new InvalidOperationException("gone") };
            List<string> heard = Ask("a");
            Plugin.Shutdown();
            Assert.That(loser.Batches.Count, Is.EqualTo(1));
            Assert.That(script.Batches, Is.Empty);
            Assert.That(heard.Count, Is.EqualTo(1));
            Assert.That(Logged.Single(), Does.Contain("gone"));
        }
    }
}
