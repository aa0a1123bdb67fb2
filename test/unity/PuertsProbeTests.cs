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
        [Order(1)]
        public void ASampleThatComesBeforePuertsIsToldOfOnceMore()
        {
            const string Sample = "Assets/Samples/TIM ChatBridge/0.1.0/Chat List/TimChatBridge.Samples.ChatList.asmdef";
            PuertsProbe.Probe();
            PlayedEditor.Import(imported: "Assets/Samples/TIM ChatBridge/0.1.0/Attach To Session/AttachedSession.cs");
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(1), "what runs without it");
            PlayedEditor.Import(imported: Sample);
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(2));
            Assert.That(PlayedEditor.Logged[1], Does.Contain("The samples that run in PuerTS are not compiled").And.Contain("Install PuerTS 3"));
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(2));

            PlayedEditor.Definitions[PuertsAssembly] = "Packages/com.tencent.puerts.core/Runtime/" + PuertsAssembly + ".asmdef";
            PlayedEditor.Import(imported: Sample);
            Assert.That(PlayedEditor.Logged.Count, Is.EqualTo(2), "with PuerTS there is nothing to say");
        }

        // Embedded, its files are in the project; from a registry or git they are elsewhere, under the same path.
        [TestCase(true)]
        [TestCase(false)]
        public void PuertsAsAPackageNeedsNeitherSymbolNorWords(bool embedded)
        {
            const string Definition = "Packages/com.tencent.puerts.core/Runtime/" + PuertsAssembly + ".asmdef";
            if (embedded)
            {
                PlayedEditor.Write(Definition, "{}");
            }

            PlayedEditor.Definitions[PuertsAssembly] = Definition;
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Logged, Is.Empty);
            Assert.That(PlayedEditor.SettingsWritten, Is.Zero, "its version is what sets the symbol");
        }

        // A fork of another name, embedded or not: no version of PuerTS's own package is there to set the symbol.
        [TestCase("com.acme.puerts", true)]
        [TestCase("com.acme.puerts", false)]
        [TestCase("com.tencent.puerts.core.acme", false)]
        public void PuertsAsAPackageOfAnotherNameSetsTheSymbolAndItsGoingTakesItAway(string package, bool embedded)
        {
            string folder = embedded ? $"Packages/{package}" : $"Library/PackageCache/{package}@1.0.0";
            string definition = $"Packages/{package}/Runtime/{PuertsAssembly}.asmdef";
            string file = PlayedEditor.Write($"{folder}/Runtime/{PuertsAssembly}.asmdef", "{}");
            if (!embedded)
            {
                PlayedEditor.Packages[package] = folder;
            }

            PlayedEditor.Definitions[PuertsAssembly] = definition;
            PuertsProbe.Probe();
            Assert.That(PlayedEditor.Symbols.Values, Is.Not.Empty.And.All.Contains(Symbol));
            Assert.That(PlayedEditor.Logged, Is.Empty);

            // Unity knows the definition for a little longer.
            System.IO.File.Delete(file);
            PlayedEditor.Packages.Clear();
            PlayedEditor.Import(deleted: definition);
            Assert.That(PlayedEditor.Symbols.Values, Has.None.Contains(Symbol), "before the next compilation");
        }

        [Test]
        public void PuertsThatMovesIntoItsOwnPackageNeedsTheSymbolNoMore()
        {
            const string Before = "Assets/PuerTS/" + PuertsAssembly + ".asmdef";
            const string Now = "Packages/com.tencent.puerts.core/Runtime/" + PuertsAssembly + ".asmdef";
            PlayedEditor.Write(Before, "{}");
            PlayedEditor.Definitions[PuertsAssembly] = Before;
            PuertsProbe.Probe();
            PlayedEditor.Write(Now, "{}");
            PlayedEditor.Definitions[PuertsAssembly] = Now;
            PlayedEditor.Import(imported: Now, deleted: Before);
            Assert.That(PlayedEditor.Symbols.Values, Has.None.Contains(Symbol));
        }

        [Test]
        public void PuertsThatComesMovesOrGoesIsSeenAtOnce()
        {
            const string Definition = "Assets/PuerTS/" + PuertsAssembly + ".asmdef";
            const string Elsewhere = "Assets/Plugins/" + PuertsAssembly + ".asmdef";
            PlayedEditor.Write(Definition, "{}");
            PlayedEditor.Definitions[PuertsAssembly] = Definition;
            PlayedEditor.Import(imported: "Assets/PuerTS/Readme.md");
            Assert.That(PlayedEditor.SettingsWritten, Is.Zero, "what has nothing to do with it is not looked at");
            PlayedEditor.Import(imported: Definition);
            Assert.That(PlayedEditor.Symbols.Values, Has.Some.Contains(Symbol));

            PlayedEditor.Definitions[PuertsAssembly] = Elsewhere;
            PlayedEditor.Import(moved: Elsewhere, movedFrom: Definition);
            Assert.That(PlayedEditor.Symbols.Values, Has.None.Contains(Symbol), "nothing is at the new place");
            PlayedEditor.Write(Elsewhere, "{}");
            PlayedEditor.Import(moved: Elsewhere, movedFrom: Definition);
            Assert.That(PlayedEditor.Symbols.Values, Has.Some.Contains(Symbol));

            PlayedEditor.Definitions.Remove(PuertsAssembly);
            PlayedEditor.Import(deleted: Elsewhere);
            Assert.That(PlayedEditor.Symbols.Values, Has.None.Contains(Symbol), "before the next compilation");
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
