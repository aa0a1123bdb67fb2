using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using NUnit.Framework;
using TimChatBridge.Editor;

namespace TimChatBridge.UnityTests
{
    public sealed class PuertsProbeTests
    {
        private const string Symbol = "TIM_CHATBRIDGE_PUERTS";
        private const string PuertsAssembly = "com.tencent.puerts.core";

        [SetUp]
        public void Start() => PlayedEditor.Start();

        [TearDown]
        public void End() => PlayedEditor.End();

        [Test]
        [Order(1)]
        public void WithoutPuertsItSaysWhatToInstallOnceInAnEditorSession()
        {
            PuertsProbe.Probe();
            string line = PlayedEditor.Logged.Single();
            Assert.That(line, Does.StartWith("warning: TIM ChatBridge: PuerTS is not in this project"));
            Assert.That(line, Does.Contain("com.tencent.puerts.core").And.Contain("com.tencent.puerts.v8"), "what to install");
            Assert.That(line, Does.Contain("TIM_ERR_SDKUNINIT"), "what C# gets until then");
            // Domain reloads: Unity loads the assemblies, and calls it, again and again.
            PuertsProbe.Probe();
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(1));
            Assert.That(PlayedEditor.SettingsWritten, Is.Zero);
            PlayedEditor.Session.Clear();
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(2), "another start of the editor");
        }

        [Test]
        public void PuertsAsAPackageNeedsNeitherSymbolNorWords()
        {
            PlayedEditor.Definitions[PuertsAssembly] = "Packages/com.tencent.puerts.core/Runtime/com.tencent.puerts.core.asmdef";
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Logged, Is.Empty);
            Assert.That(PlayedEditor.SettingsWritten, Is.Zero);
        }

        [Test]
        public void PuertsInAssetsSetsTheSymbolOnceAndItsGoingTakesItAway()
        {
            string definition = $"Assets/PuerTS/{PuertsAssembly}.asmdef";
            PlayedEditor.Write(definition, "{}");
            PlayedEditor.Definitions[PuertsAssembly] = definition;
            PlayedEditor.Symbols["Android"] = "GAME;OTHER";
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Symbols["Android"], Is.EqualTo($"GAME;OTHER;{Symbol}"));
            Assert.That(PlayedEditor.Symbols.Values, Has.All.Contains(Symbol));
            int written = PlayedEditor.SettingsWritten;
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.SettingsWritten, Is.EqualTo(written), "writing them recompiles everything");
            Assert.That(PlayedEditor.Logged, Is.Empty);

            System.IO.File.Delete(System.IO.Path.Combine(PlayedEditor.Project, definition));
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Symbols["Android"], Is.EqualTo("GAME;OTHER"));
            Assert.That(PlayedEditor.Symbols.Values, Has.None.Contains(Symbol));
        }

        // After the other: an assembly that is loaded stays.
        [Test]
        [Order(2)]
        public void PuertsWithoutItsAssemblyDefinitionIsToldApartFromNone()
        {
            AssemblyBuilder game = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Assembly-CSharp"), AssemblyBuilderAccess.Run);
            game.DefineDynamicModule("Assembly-CSharp").DefineType("Puerts.ArrayBuffer", TypeAttributes.Public).CreateType();
            PuertsProbe.Probe();
            Assert.That(
                PlayedEditor.Logged.Single(),
                Does.Contain("PuerTS is compiled into Assembly-CSharp").And.Contain($"Copy PuerTS with its {PuertsAssembly}.asmdef"));
        }
    }
}
