using System.Linq;
using NUnit.Framework;

namespace TimChatBridge.UnityTests
{
    // The asset database finds a second copy before Unity refuses to compile the two.
    public sealed class SecondCopyTests
    {
        private const string Package = "Packages/com.chatbridge.tim-chatbridge/Runtime";
        private const string Copy = "Assets/Plugins/TimChatBridge/Runtime";

        [SetUp]
        public void Start()
        {
            PlayedEditor.Start();
            // So that the probe has nothing to say.
            PlayedEditor.Definitions["com.tencent.puerts.core"] = "Packages/com.tencent.puerts.core/Runtime/com.tencent.puerts.core.asmdef";
            Install(Package);
        }

        [TearDown]
        public void End() => PlayedEditor.End();

        [Test]
        public void OneCopyIsNotSpokenOf()
        {
            PlayedEditor.Import(imported: Package + "/TimChatBridge.asmdef");
            PlayedEditor.Import(imported: Package + "/Unity/TimChatBridge.Unity.asmdef");
            Assert.That(PlayedEditor.Logged, Is.Empty);
        }

        [Test]
        public void ASecondOneIsNamedWithTheFirstAndWhatToDo()
        {
            Install(Copy);
            PlayedEditor.Import(imported: Copy + "/TimChatBridge.asmdef");
            string line = PlayedEditor.Logged.Single();
            Assert.That(line, Does.StartWith("error: TIM ChatBridge: this package is in the project 2 times"));
            Assert.That(line, Does.Contain($"in {Copy} and in {Package}."));
            Assert.That(line, Does.Contain("Assembly with name 'TimChatBridge' already exists"), "what Unity says");
            Assert.That(line, Does.Contain("delete the copy under Assets").And.Contain("remove the package"));
        }

        [Test]
        public void OneThatIsMovedToBesideTheFirstIsSeenAndOneThatGoesIsNot()
        {
            Install(Copy);
            PlayedEditor.Import(moved: Copy + "/TimChatBridge.asmdef", movedFrom: "Assets/Hidden~/TimChatBridge.asmdef");
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(1));
            PlayedEditor.Import(deleted: Copy + "/TimChatBridge.asmdef");
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(1));
        }

        // What has a longer name is another assembly.
        private static void Install(string folder)
        {
            PlayedEditor.Write(folder + "/TimChatBridge.asmdef", "{}");
            PlayedEditor.Write(folder + "/Unity/TimChatBridge.Unity.asmdef", "{}");
        }
    }
}
