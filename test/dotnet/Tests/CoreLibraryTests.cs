using System;
using System.Collections.Generic;
using System.Reflection;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // What is left when something fails between C# and the core. No library is needed: the functions are the tests' own.
    public sealed class CoreLibraryTests
    {
        private static readonly byte[] Text = { (byte)'a' };

        private int liveBuffers;
        private int liveTokens;

        [SetUp]
        public void Begin()
        {
            CoreLibrary.StartTokensAt(1);
            liveBuffers = CoreLibrary.LiveBuffers;
            liveTokens = CoreLibrary.LiveTokens;
        }

        [Test]
        public void WithoutAFunctionNothingWasCalledAndNothingIsKept()
        {
            foreach (Exception thrown in new Exception[] { new DllNotFoundException(), new EntryPointNotFoundException(), new BadImageFormatException() })
            {
                Assert.That(() => Invoke(new Reply(0), _ => throw thrown), Throws.Exception.SameAs(thrown));
            }

            NothingIsKept();
        }

        [Test]
        public void ACallThatBreaksOffKeepsItsInputUntilTheCoreAnswers()
        {
            var reply = new Reply(0);
            int token = 0;
            var odd = new InvalidOperationException("odd");
            Assert.That(
                () => Invoke(reply, given =>
                {
                    token = given;
                    throw odd;
                }),
                Throws.TypeOf<CallBrokeOffException>().With.InnerException.SameAs(odd).And.Message.Contains("odd"));
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(liveBuffers + 2), "the core may read it still");
            Answer(token);
            Assert.That(reply.Codes, Is.EqualTo(new[] { 7 }));
            NothingIsKept();
        }

        [Test]
        public void ACallThatCannotBeRegisteredKeepsNothing()
        {
            FieldInfo field = typeof(CoreLibrary).GetField("tokens", BindingFlags.Static | BindingFlags.NonPublic)!;
            object? tokens = field.GetValue(null);
            field.SetValue(null, null);
            try
            {
                Assert.That(() => Invoke(new Reply(0), _ => 0), Throws.TypeOf<NullReferenceException>());
            }
            finally
            {
                field.SetValue(null, tokens);
            }

            NothingIsKept();
        }

        [TestCase(1)]
        [TestCase(2)]
        public void AnAnswerThatCannotBeTakenThrowsNothingAtTheCore(int failures)
        {
            var reply = new Reply(failures);
            int token = 0;
            Invoke(reply, given =>
            {
                token = given;
                return 0;
            });
            Answer(token);
            Assert.That(reply.Codes, Is.EqualTo(failures == 1 ? new[] { 7 } : new int[0]));
            NothingIsKept();
        }

        [Test]
        public void WhereTheSlotsCannotBeTakenNobodyHears()
        {
            var plugin = new Plugin(new PluginOptions(new CoreLibrary()));
            int before = plugin.Diagnostics.DuplicateAnswers;
            Assert.That(() => CoreLibrary.Hear(plugin, () => throw new DllNotFoundException()), Throws.TypeOf<DllNotFoundException>());
            Answer(12345);
            Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(before));
            CoreLibrary.Hear(plugin, () => { });
            Answer(12345);
            CoreLibrary.Hear(null, () => { });
            Answer(12345);
            Assert.That(plugin.Diagnostics.DuplicateAnswers, Is.EqualTo(before + 1));
        }

        private static int Invoke(ICoreReply reply, Func<int, int> function) =>
            CoreLibrary.Invoke(reply, Text, Text, (first, second, token) => function((int)token));

        private static void Answer(int token) => CoreLibrary.Answered(7, IntPtr.Zero, IntPtr.Zero, (IntPtr)token);

        private void NothingIsKept()
        {
            Assert.That(CoreLibrary.LiveBuffers, Is.EqualTo(liveBuffers));
            Assert.That(CoreLibrary.LiveTokens, Is.EqualTo(liveTokens));
        }

        private sealed class Reply : ICoreReply
        {
            private int failures;

            internal Reply(int failures)
            {
                this.failures = failures;
            }

            internal List<int> Codes { get; } = new List<int>();

            public void Answer(int code, byte[] desc, byte[] json)
            {
                if (failures-- > 0)
                {
                    throw new OutOfMemoryException();
                }

                Codes.Add(code);
            }
        }
    }
}
