using System.Linq;
using System.Reflection;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // What the table knows of calls that the core has refused.
    public sealed class TokenTableTests
    {
        private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

        private TokenTable table = new TokenTable(1);

        [SetUp]
        public void Begin() => table = new TokenTable(int.MaxValue - 1);

        [Test]
        public void ARefusalIsRememberedForOneCallback()
        {
            int token = Refuse();
            Assert.That(table.Answer(token, out _), Is.Null);
            Assert.That(table.TakeRefused(token), Is.True);
            Assert.That(table.TakeRefused(token), Is.False, "a second callback is a second one");
            Assert.That(table.Count, Is.EqualTo(0));
        }

        [Test]
        public void ARefusalThatHadItsCallbackIsNot()
        {
            NativeCall call = NewCall();
            int token = table.Add(call);
            Assert.That(table.Answer(token, out bool free), Is.SameAs(call));
            Assert.That(free, Is.False, "the function has not returned");
            Assert.That(table.Return(token, call, accepted: false), Is.True);
            Assert.That(table.TakeRefused(token), Is.False);
        }

        [Test]
        public void AnAcceptedCallIsNone()
        {
            NativeCall call = NewCall();
            int token = table.Add(call);
            Assert.That(table.Return(token, call, accepted: true), Is.False);
            Assert.That(table.Answer(token, out bool free), Is.SameAs(call));
            Assert.That(free, Is.True);
            Assert.That(table.TakeRefused(token), Is.False);
        }

        [Test]
        public void TheOldestAreForgotten()
        {
            int[] tokens = Enumerable.Range(0, 1025).Select(_ => Refuse()).ToArray();
            Assert.That(table.TakeRefused(tokens[0]), Is.False);
            Assert.That(tokens.Skip(1).All(table.TakeRefused), Is.True);
        }

        [Test]
        public void ATokenIsNotGivenAgainWhileItsRefusalIsRemembered()
        {
            table = new TokenTable(1);
            Refuse();
            table = Wrapped(table);
            Assert.That(table.Add(NewCall()), Is.EqualTo(2));
        }

        private static NativeCall NewCall() => new NativeCall(new Unheard(), new NativeText(null), new NativeText(null));

        // As after 2^31 calls: the next token is 1 again.
        private static TokenTable Wrapped(TokenTable table)
        {
            object ids = typeof(TokenTable).GetField("tokens", Hidden)!.GetValue(table)!;
            typeof(IdSpace).GetField("next", Hidden)!.SetValue(ids, 1);
            return table;
        }

        private int Refuse()
        {
            NativeCall call = NewCall();
            int token = table.Add(call);
            Assert.That(table.Return(token, call, accepted: false), Is.True);
            return token;
        }

        private sealed class Unheard : ICoreReply
        {
            public void Answer(int code, byte[] desc, byte[] json)
            {
            }
        }
    }
}
