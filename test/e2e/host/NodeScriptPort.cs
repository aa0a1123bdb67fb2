using System;
using System.Runtime.InteropServices;

namespace TimChatBridge.NodeHost
{
    /// <summary>
    /// Stands between node-api-dotnet, which converts <see cref="Memory{T}"/>, and the production ScriptPort, which takes
    /// PuerTS's ArrayBuffer.
    /// </summary>
    public static class NodeScriptPort
    {
        public static int Capabilities() => ScriptPort.Capabilities();

        public static int Open(int minProtocol, int maxProtocol) => ScriptPort.Open(minProtocol, maxProtocol);

        public static void SetWake(int session, Action wake) => ScriptPort.SetWake(session, wake);

        public static void SetEnvironment(int session, NodeScriptEnvironment environment) =>
            ScriptPort.SetEnvironment(session, environment);

        public static int Send(int session, Memory<byte> frame)
        {
            // PuerTS copies the frame on its way, so the adapter does too.
            return ScriptPort.Send(session, new Puerts.ArrayBuffer(frame.ToArray()));
        }

        public static Memory<byte> Drain(int session, int maxBytes)
        {
            var buffer = ScriptPort.Drain(session, maxBytes);
            return new Memory<byte>(buffer.Bytes, 0, buffer.Count).ToArray();
        }

        public static void Close(int session) => ScriptPort.Close(session);
    }
}
