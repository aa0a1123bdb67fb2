using System;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // A change of user on one thread, and a script that connects or ends on the main thread, in every order that there is.
    public sealed class LoginEpochRaceTests : PluginFixture
    {
        private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

        [TestCase(false)]
        [TestCase(true)]
        public void AScriptThatConnectsMeanwhileHearsOfIt(bool replacesAnother)
        {
            using var raising = new ManualResetEventSlim();
            using var goOn = new ManualResetEventSlim();
            Rebuild(options => options.EpochRaising = () =>
            {
                raising.Set();
                Assert.That(goOn.Wait(Long), Is.True);
            });
            if (replacesAnother)
            {
                _ = new Script(Plugin);
            }

            Thread main = Thread.CurrentThread;
            var kicked = new Thread(Plugin.KickedOffline);
            // Lets the kick go on when the main thread has opened its session, or waits for it.
            int step = 0;
            var director = new Thread(() =>
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref step) == 1, Long);
                SpinWait.SpinUntil(() => Volatile.Read(ref step) == 2 || (main.ThreadState & ThreadState.WaitSleepJoin) != 0, Long);
                goOn.Set();
            });
            director.Start();
            kicked.Start();
            Assert.That(raising.Wait(Long), Is.True);
            Volatile.Write(ref step, 1);
            int session = Plugin.Open(1000, 1000);
            uint atConnect = Script.Parse(Plugin.Drain(session, 1)).Epoch;
            Volatile.Write(ref step, 2);
            Assert.That(kicked.Join(Long) && director.Join(Long), Is.True);

            DrainBatch? batch = null;
            Plugin.SetWake(session, () => batch = Script.Parse(Plugin.Drain(session, int.MaxValue)));
            Plugin.Tick();
            uint told = batch!.Frames.Select(frame => ToScript.Parser.ParseFrom(frame))
                .Where(frame => frame.Event?.Session != null).Select(frame => frame.Epoch).DefaultIfEmpty(atConnect).Last();
            Assert.That(told, Is.EqualTo(Plugin.Epoch), "what it does not know of it is refused for");
        }

        [Test]
        public void OneThatComesWhileNoScriptIsThereIsTheNextOnesToBeginWith()
        {
            uint before = Plugin.Epoch;
            OnOtherThread(() => Plugin.SessionChanged(SessionEventKind.Notified));
            var script = new Script(Plugin);
            Assert.That(Script.Parse(Plugin.Drain(script.Session, 1)).Epoch, Is.EqualTo(before + 1));
            Plugin.Tick();
            Assert.That(script.Frames, Is.Empty);
            Assert.That(script.Delete(1, "a", epoch: before + 1), Is.EqualTo(0));
        }
    }
}
