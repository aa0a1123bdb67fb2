using System.IO;
using System.Linq;
using NUnit.Framework;
using TimChatBridge.Editor;
using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;

namespace TimChatBridge.UnityTests
{
    public sealed class WebGLScriptsTests
    {
        private const string Copies = "Assets/TimChatBridge.WebGL/Resources";
        private readonly WebGLScripts scripts = new WebGLScripts();

        [SetUp]
        public void Start()
        {
            PlayedEditor.Start();
            PlayedEditor.PackageFolder = Path.Combine(PlayedEditor.Project, "Library/PackageCache/tim-chatbridge");
            PlayedEditor.Write("Library/PackageCache/tim-chatbridge/Runtime/Resources/tim-chatbridge.mjs", "bridge");
            PlayedEditor.Write("Library/PackageCache/tim-chatbridge/Runtime/Resources/tim-chatbridge/embedded-core.mjs", "core");
            PlayedEditor.Write("Library/PackageCache/tim-chatbridge/Runtime/Resources/tim-chatbridge/embedded-core.mjs.meta", "meta");
        }

        [TearDown]
        public void End() => PlayedEditor.End();

        [Test]
        public void EveryScriptIsThereForTheBuildUnderTheNameThatItIsImportedBy()
        {
            Build();
            Assert.That(Copied(), Is.EqualTo(new[] { "tim-chatbridge.mjs=bridge", "tim-chatbridge/embedded-core.mjs=core" }));
            EditorApplication.Turn();
            Assert.That(Copied(), Is.Not.Empty, "the build still runs");
            PlayedEditor.IsBuilding = false;
            EditorApplication.Turn();
            Assert.That(Directory.Exists("Assets/TimChatBridge.WebGL"), Is.False);
            Assert.That(PlayedEditor.Logged, Is.Empty);
        }

        [Test]
        public void QuittingInTheMiddleLeavesNothing()
        {
            Build();
            EditorApplication.Quit();
            Assert.That(Directory.Exists("Assets/TimChatBridge.WebGL"), Is.False);
        }

        [Test]
        public void TheGamesOwnCopyStaysAndOneOfAnotherReleaseIsNamed()
        {
            string own = PlayedEditor.Write("Assets/Game/Resources/tim-chatbridge/embedded-core.mjs", "core");
            Build();
            Assert.That(Copied(), Is.EqualTo(new[] { "tim-chatbridge.mjs=bridge" }));
            Assert.That(PlayedEditor.Logged, Is.Empty);
            File.WriteAllText(own, "an older core");
            Build();
            Assert.That(Copied(), Is.EqualTo(new[] { "tim-chatbridge.mjs=bridge" }));
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain(own).And.Contain("tim-chatbridge/embedded-core.mjs").And.Contain("Delete it"));
        }

        [Test]
        public void AFileOfTheSameNameElsewhereIsAnother()
        {
            PlayedEditor.Write("Assets/Game/Resources/embedded-core.mjs", "the game's own");
            PlayedEditor.Write("Assets/Game/tim-chatbridge.mjs", "not a resource");
            Build();
            Assert.That(Copied().Length, Is.EqualTo(2));
            Assert.That(PlayedEditor.Logged, Is.Empty);
        }

        [Test]
        public void OtherPlatformsGetNothing()
        {
            scripts.OnPreprocessBuild(new BuildReport(BuildTarget.Android));
            Assert.That(Directory.Exists("Assets/TimChatBridge.WebGL"), Is.False);
        }

        [TestCase(false)]
        [TestCase(true)]
        public void TheSourceTreeIsNoPackage(bool withEmptyFolder)
        {
            PlayedEditor.PackageFolder = Path.Combine(PlayedEditor.Project, "unity-plugin");
            if (withEmptyFolder)
            {
                Directory.CreateDirectory(Path.Combine(PlayedEditor.PackageFolder, "Runtime/Resources"));
            }

            Assert.That(Build, Throws.InstanceOf<BuildFailedException>().With.Message.Contains("install the tarball, or the upm branch"));
        }

        private void Build()
        {
            PlayedEditor.IsBuilding = true;
            scripts.OnPreprocessBuild(new BuildReport(BuildTarget.WebGL));
        }

        private static string[] Copied() =>
            Directory.GetFiles(Copies, "*", SearchOption.AllDirectories)
                .Select(file => $"{Path.GetRelativePath(Copies, file).Replace('\\', '/')}={File.ReadAllText(file)}")
                .OrderBy(line => line, System.StringComparer.Ordinal)
                .ToArray();
    }
}
