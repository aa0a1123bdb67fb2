using System.Collections.Generic;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    public sealed class IdSpaceTests
    {
        [Test]
        public void WrapsToOneAndSkipsWhatIsLive()
        {
            var live = new HashSet<int> { 1, 2, int.MaxValue };
            var ids = new IdSpace(int.MaxValue - 1);
            Assert.That(ids.Take(live.Contains), Is.EqualTo(int.MaxValue - 1));
            Assert.That(ids.Take(live.Contains), Is.EqualTo(3));
            Assert.That(ids.Take(live.Contains), Is.EqualTo(4));
        }
    }
}
