using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using TimChatBridge.Editor;
using UnityEditor;
using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace TimChatBridge.UnityTests
{
    // What has no caller that the linker could see: all that script reaches by name, and protobuf by reflection.
    public sealed class LinkerRootsTests
    {
        [SetUp]
        public void Start() => PlayedEditor.Start();

        [TearDown]
        public void End() => PlayedEditor.End();

        [Test]
        public void EveryAssemblyOfThePlayerIsKeptWhole()
        {
            string file = new LinkerRoots().GenerateAdditionalLinkXmlFile(
                new BuildReport(BuildTarget.Android), new UnityLinkerBuildPipelineData());
            Assert.That(Path.IsPathRooted(file), Is.True);
            XElement[] kept = XDocument.Load(file).Root!.Elements("assembly").ToArray();
            Assert.That(kept.Select(one => (string?)one.Attribute("preserve")), Has.All.EqualTo("all"));
            Assert.That(kept.Select(one => (string?)one.Attribute("ignoreIfMissing")), Has.All.EqualTo("1"), "not every game has them all");

            string[] ours = Directory.GetFiles(PluginFolder("Runtime"), "*.asmdef", SearchOption.AllDirectories)
                .Select(one => (string)JObject.Parse(File.ReadAllText(one))["name"]!)
                .Append("TimChatBridge.Google.Protobuf")
                .ToArray();
            Assert.That(kept.Select(one => (string?)one.Attribute("fullname")), Is.EquivalentTo(ours));
        }

        private static string PluginFolder(string name, [CallerFilePath] string thisFile = "") =>
            Path.Combine(Path.GetDirectoryName(thisFile)!, "../../unity-plugin", name);
    }
}
