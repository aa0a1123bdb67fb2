using System;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    public sealed class ConversationKeyTests
    {
        [Test]
        public void PrintsTheNativeNotation()
        {
            Assert.That(ConversationKey.User("c2c_x").ToString(), Is.EqualTo("c2c_c2c_x"));
            Assert.That(ConversationKey.Group("7").ToString(), Is.EqualTo("group_7"));
            Assert.That(ConversationKey.System("@TIM#SYSTEM").ToString(), Is.EqualTo("@TIM#SYSTEM"));
        }

        [Test]
        public void EqualByKindAndId()
        {
            ConversationKey key = ConversationKey.User("a");
            Assert.That(key, Is.EqualTo(ConversationKey.FromCore("a", TIMConvType.kTIMConv_C2C)));
            Assert.That(key.GetHashCode(), Is.EqualTo(ConversationKey.User("a").GetHashCode()));
            Assert.That(key == ConversationKey.User("a"), Is.True);
            Assert.That(key != ConversationKey.Group("a"), Is.True);
            Assert.That(key.Equals((object)"a"), Is.False);
            Assert.That(key == null, Is.False);
            Assert.That(ConversationKey.User("A"), Is.Not.EqualTo(key));
            Assert.That(ConversationKey.FromCore("g", TIMConvType.kTIMConv_Group).Kind, Is.EqualTo(ConversationKeyKind.GroupId));
            Assert.That(ConversationKey.FromCore("s", TIMConvType.kTIMConv_System).Kind, Is.EqualTo(ConversationKeyKind.SystemId));
        }

        [Test]
        public void RefusesWhatNamesNothing()
        {
            Assert.That(() => ConversationKey.User(null!), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => ConversationKey.Group(string.Empty), Throws.ArgumentException);
            foreach (string? id in new[] { null, string.Empty, "a\0b", "\ud800", "\udc00a" })
            {
                Assert.That(() => ConversationKey.System(id!), Throws.ArgumentException);
            }

            Assert.That(() => ConversationKey.FromCore("a", TIMConvType.kTIMConv_Invalid), Throws.ArgumentException);
            Assert.That(() => ConversationKey.FromCore("a", (TIMConvType)9), Throws.ArgumentException);
        }
    }
}
