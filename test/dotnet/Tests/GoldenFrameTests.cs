using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // test/golden/frames.json: the same bytes in both languages.
    public sealed class GoldenFrameTests
    {
        private static readonly FileDescriptor[] Files =
        {
            EnvelopeReflection.Descriptor, CoreReflection.Descriptor, ConversationReflection.Descriptor, ErrorReflection.Descriptor,
        };

        [TestCaseSource(nameof(Frames))]
        public void ReadsAndWritesTheSameBytes(JToken vector)
        {
            byte[] bytes = Vectors.FromHex((string)vector["hex"]!);
            string name = (string)vector["message"]!;
            MessageDescriptor? descriptor = Files.SelectMany(file => file.MessageTypes).SingleOrDefault(one => one.Name == name);
            Assert.That(descriptor, Is.Not.Null, $"proto/chatbridge/v1 has no message {name}");
            IMessage read = descriptor!.Parser.ParseFrom(bytes);
            IMessage expected = JsonParser.Default.Parse(vector["json"]!.ToString(Formatting.None), descriptor);
            Assert.That(read, Is.EqualTo(expected));
            Assert.That(Vectors.ToHex(expected.ToByteArray()), Is.EqualTo((string)vector["hex"]!));
            if (descriptor == ToPlugin.Descriptor)
            {
                Assert.That(FrameScanner.Refusal(bytes, FrameShape.ToPlugin), Is.Null);
            }
        }

        private static IEnumerable<TestCaseData> Frames()
        {
            string path = Vectors.PathOf("frames.json");
            return File.Exists(path)
                ? Vectors.Cases(Vectors.Read("frames.json")["vectors"]!)
                : new[] { new TestCaseData(new JObject()).SetArgDisplayNames("none").Ignore("test/golden/frames.json does not exist") };
        }
    }
}
