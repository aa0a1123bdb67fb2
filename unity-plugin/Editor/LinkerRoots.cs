using System.IO;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace TimChatBridge.Editor
{
    // Unity reads no link.xml out of a package, so every build is given one. What it keeps has no caller that the linker could
    // see: script reaches the public classes by name, and protobuf its message types by reflection.
    internal sealed class LinkerRoots : IUnityLinkerProcessor
    {
        private const string LinkXml =
            "<linker>\n" +
            "  <assembly fullname=\"TimChatBridge\" preserve=\"all\" ignoreIfMissing=\"1\" />\n" +
            "  <assembly fullname=\"TimChatBridge.Puerts\" preserve=\"all\" ignoreIfMissing=\"1\" />\n" +
            "  <assembly fullname=\"TimChatBridge.Unity\" preserve=\"all\" ignoreIfMissing=\"1\" />\n" +
            "  <assembly fullname=\"TimChatBridge.TencentWrapper\" preserve=\"all\" ignoreIfMissing=\"1\" />\n" +
            "  <assembly fullname=\"TimChatBridge.Google.Protobuf\" preserve=\"all\" ignoreIfMissing=\"1\" />\n" +
            "</linker>\n";

        public int callbackOrder => 0;

        public string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data)
        {
            string folder = Path.GetFullPath(Path.Combine("Library", "TimChatBridge"));
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, "link.xml");
            File.WriteAllText(file, LinkXml);
            return file;
        }
    }
}
