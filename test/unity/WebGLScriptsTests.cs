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

        // PuerTS does not find them there: by these names its packer was seen to go.
        [TestCase("Assets/Game/Editor/Resources")]
        [TestCase("Assets/LevelEditor/Resources")]
        [TestCase("Assets/Game/node_modules/tim-chatbridge/Resources")]
        [TestCase("Assets/.backup/Resources")]
        [TestCase("Assets/Game/Resources/.backup")]
        [TestCase("Assets/Game/MyResources")]
        public void AFileThatPuertsDoesNotPackIsNoneOfTheGames(string folder)
        {
            PlayedEditor.Write(folder + "/tim-chatbridge.mjs", "bridge");
            Build();
            Assert.That(Copied(), Does.Contain("tim-chatbridge.mjs=bridge"));
            Assert.That(PlayedEditor.Logged, Is.Empty);
        }

        [TestCase("Assets/Old~/Resources")]
        [TestCase("Assets/Game/Resources/MyResources")]
        [TestCase("Assets/Game/Resources/scripts/Resources")]
        public void AFileThatPuertsPacksIsWhatTheBuildTakes(string folder)
        {
            string own = PlayedEditor.Write(folder + "/tim-chatbridge.mjs", "an older bridge");
            Build();
            Assert.That(Copied(), Is.EqualTo(new[] { "tim-chatbridge/embedded-core.mjs=core" }));
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain(own));
        }

        [Test]
        public void OfSeveralOfTheGamesOwnEachThatDiffersIsNamed()
        {
            PlayedEditor.Write("Assets/A/Resources/tim-chatbridge.mjs", "bridge");
            string older = PlayedEditor.Write("Assets/B/Resources/tim-chatbridge.mjs", "an older bridge");
            Build();
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain(older));
        }

        [Test]
        public void BehindALinkPuertsSeesOneFolder()
        {
            PlayedEditor.Write("Shared/Resources/tim-chatbridge.mjs", "bridge");
            PlayedEditor.Write("Shared/deep/Resources/tim-chatbridge/embedded-core.mjs", "core");
            PlayedEditor.Link("Assets/Linked", "Shared");
            Build();
            Assert.That(Copied(), Is.EqualTo(new[] { "tim-chatbridge/embedded-core.mjs=core" }));
        }

        // Copied into Assets it is no package to Unity.
        [TestCase("Assets/Plugins/TimChatBridge", false)]
        [TestCase("Assets/EditorTools/TimChatBridge", true)]
        [TestCase("Assets/node_modules/TimChatBridge", true)]
        public void InAssetsWhatPuertsWouldNotFindIsCopied(string folder, bool copied)
        {
            InAssets(folder);
            PlayedEditor.Write(folder + "/Runtime/Resources/tim-chatbridge.mjs", "bridge");
            Build();
            Assert.That(
                Directory.Exists(Copies) ? Copied() : System.Array.Empty<string>(),
                Is.EqualTo(copied ? new[] { "tim-chatbridge.mjs=bridge" } : System.Array.Empty<string>()));
            Assert.That(PlayedEditor.Logged, Is.Empty);
        }

        [Test]
        public void InAssetsAnotherReleasesFileIsNamed()
        {
            InAssets("Assets/Plugins/TimChatBridge");
            PlayedEditor.Write("Assets/Plugins/TimChatBridge/Runtime/Resources/tim-chatbridge.mjs", "bridge");
            string other = PlayedEditor.Write("Assets/Game/Resources/tim-chatbridge.mjs", "an older bridge");
            Build();
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain(other));
        }

        [Test]
        public void TheSourceTreeInAssetsIsNoPackageEither()
        {
            InAssets("Assets/unity-plugin");
            Assert.That(Build, Throws.InstanceOf<BuildFailedException>().With.Message.Contains("install the tarball, or the upm branch"));
        }

        [Test]
        public void CompiledAssembliesAreToldWhatTheyLack()
        {
            PlayedEditor.PackageFolder = null;
            Build();
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain("put tim-chatbridge.mjs into a Resources folder"));
        }

        [Test]
        public void AProjectWhoseOwnPathIsLeftOutIsToldSo()
        {
            PlayedEditor.MoveProjectInto("GameEditor");
            Build();
            Assert.That(PlayedEditor.Logged.Single(), Does.Contain("the word Editor").And.Contain(PlayedEditor.Project));
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

        private static void InAssets(string folder)
        {
            PlayedEditor.PackageFolder = null;
            PlayedEditor.Definitions["TimChatBridge"] = folder + "/Runtime/TimChatBridge.asmdef";
        }

        private void Build()
        {
            PlayedEditor.IsBuilding = true;
            scripts.OnPreprocessBuild(new BuildReport(BuildTarget.WebGL));
        }

        private static string[] Copied() =>
            Directory.GetFiles(Copies, "*", SearchOption.AllDirectories)
                .Select(file => $"{file.Substring(Copies.Length + 1).Replace('\\', '/')}={File.ReadAllText(file)}")
                .OrderBy(line => line, System.StringComparer.Ordinal)
                .ToArray();
    }
}
