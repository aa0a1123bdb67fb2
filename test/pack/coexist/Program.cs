using System;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using TimChatBridge;

namespace Coexist
{
    // The game's own Google.Protobuf writes a frame, and the plugin's copy reads it, in one process.
    internal static class Program
    {
        private const uint VersionTag = (15 << 3) | 0;
        private const uint PublishTag = (3 << 3) | 2;
        private const uint ConversationsDeletedTag = (2 << 3) | 2;
        private const uint ConversationsTag = (1 << 3) | 2;
        private const uint UserIdTag = (1 << 3) | 2;

        private static int Main()
        {
            string[] deleted = Array.Empty<string>();
            Conversations.Deleted += message => deleted = message.Conversations.Select(key => key.ToString()).ToArray();
            BridgeLoop.Initialize();
            int session = ScriptPort.Open(1000, 1000);
            ScriptPort.SetWake(session, () => ScriptPort.Drain(session, 1 << 20));
            int sent = ScriptPort.Send(session, new Puerts.ArrayBuffer(Frame("alice")));
            BridgeLoop.Tick();

            string games = typeof(Struct).Assembly.GetName().ToString();
            string[] loaded = AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetName())
                .Where(name => name.Name!.EndsWith("Google.Protobuf", StringComparison.Ordinal))
                .Select(name => $"{name.Name} {name.Version}")
                .OrderBy(name => name, StringComparer.Ordinal).ToArray();
            Console.WriteLine($"game: {games}");
            Console.WriteLine($"loaded: {string.Join(", ", loaded)}");
            Console.WriteLine($"Send returned {sent}; deleted: {string.Join(", ", deleted)}");

            bool ok = sent == 0
                && deleted.SequenceEqual(new[] { "c2c_alice" })
                && loaded.SequenceEqual(new[] { "Google.Protobuf 3.21.9.0", "TimChatBridge.Google.Protobuf 3.25.1.0" });
            Console.WriteLine(ok ? "ok" : "not ok");
            return ok ? 0 : 1;
        }

        private static byte[] Frame(string userId)
        {
            byte[] key = Message(UserIdTag, ByteString.CopyFromUtf8(userId).ToByteArray());
            byte[] notice = Message(ConversationsDeletedTag, Message(ConversationsTag, key));
            return Write(output =>
            {
                output.WriteTag(PublishTag);
                output.WriteBytes(ByteString.CopyFrom(notice));
                output.WriteTag(VersionTag);
                output.WriteUInt32(1);
            });
        }

        private static byte[] Message(uint tag, byte[] body) => Write(output =>
        {
            output.WriteTag(tag);
            output.WriteBytes(ByteString.CopyFrom(body));
        });

        private static byte[] Write(Action<CodedOutputStream> write)
        {
            using var memory = new MemoryStream();
            using (var output = new CodedOutputStream(memory, true))
            {
                write(output);
            }

            return memory.ToArray();
        }
    }
}
