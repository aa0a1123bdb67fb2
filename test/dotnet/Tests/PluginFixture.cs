using System;
using System.Collections.Generic;
using System.Threading;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // A plugin of its own for each test, on a core and a clock that the test moves.
    public abstract class PluginFixture
    {
        private protected long Now { get; set; }

        private protected FakeCore Core { get; private set; } = new FakeCore();

        private protected List<string> Logged { get; private set; } = new List<string>();

        private protected PluginOptions Options { get; private set; } = new PluginOptions(new FakeCore());

        private protected Plugin Plugin { get; private set; } = new Plugin(new PluginOptions(new FakeCore()));

        [SetUp]
        public void SetUpPlugin()
        {
            Now = 1000;
            Core = new FakeCore();
            Logged = new List<string>();
            Rebuild(_ => { });
        }

        private protected void Rebuild(Action<PluginOptions> change)
        {
            Options = new PluginOptions(Core) { MonotonicMs = () => Now, Log = Logged.Add };
            change(Options);
            Plugin = new Plugin(Options);
            Plugin.Initialize();
        }

        private protected void BeginNextPlayMode()
        {
            Plugin = new Plugin(Options, Plugin);
            Plugin.Initialize();
        }

        // A request of C#'s, accepted, and what its callback heard.
        private protected List<string> Ask(string userId)
        {
            var heard = new List<string>();
            TIMResult result = Plugin.Requests.ConvDelete(
                userId, TIMConvType.kTIMConv_C2C, (code, desc, data) => heard.Add($"{code}|{desc}|{data}"), "data");
            Assert.That(result, Is.EqualTo(TIMResult.TIM_SUCC));
            return heard;
        }

        private protected static void OnOtherThread(Action action)
        {
            Exception? thrown = null;
            var thread = new Thread(() =>
            {
                try
                {
                    action();
                }
                catch (Exception caught)
                {
                    thrown = caught;
                }
            });
            thread.Start();
            Assert.That(thread.Join(TimeSpan.FromMinutes(1)), Is.True, "the other thread did not end");
            if (thrown != null)
            {
                throw new InvalidOperationException("on the other thread: " + thrown.Message, thrown);
            }
        }
    }
}
