using System;

namespace TimChatBridge
{
    /// <summary>
    /// All that script sees of the plugin: <c>CS.TimChatBridge.ScriptPort</c>. For the bridge's own script; game scripts call
    /// <c>connect()</c>. Main thread. Nothing throws out of it: refusals are numbers, or say so in the batch.
    /// </summary>
    [Preserve]
    public static class ScriptPort
    {
        /// <summary>
        /// What this plugin has behind it, asked before <see cref="Open"/>: bit 0, a native core (libImSDK). WebGL players have
        /// none, so that script has to bring one. Any thread.
        /// </summary>
        /// <returns>A sum of the wire's Capability values.</returns>
        [Preserve]
        public static int Capabilities() => Guarded(() => BridgeLoop.Plugin.Capabilities, 0);

        /// <summary>Opens the one session; the session before it is replaced. A refusal changes nothing.</summary>
        /// <param name="minProtocol">
        /// The lowest protocol number that the script speaks: 1000 * major + minor. The highest in common is agreed on; a script that
        /// is to know which one asks for one number, with both parameters, and after a refusal for the one that it names.
        /// </param>
        /// <param name="maxProtocol">The highest; of the same major.</param>
        /// <returns>
        /// The session's number, from 1; or minus the highest protocol number that the plugin speaks, where they have none in
        /// common; or 0: not on the main thread, or <see cref="BridgeLoop.Initialize"/> has not run.
        /// </returns>
        [Preserve]
        public static int Open(int minProtocol, int maxProtocol) =>
            Guarded(() => BridgeLoop.Plugin.Open(minProtocol, maxProtocol), 0);

        /// <summary>What wakes the script, once a tick. Held strongly until the session ends.</summary>
        [Preserve]
        public static void SetWake(int session, Action wake) =>
            Guarded(() => Run(() => BridgeLoop.Plugin.SetWake(session, wake)), 0);

        /// <summary>
        /// PuerTS 3's own environment (the script's global <c>scriptEnv</c>), so that C# sees that it was disposed before it calls
        /// in. Without it a disposed environment is noticed when its wake throws.
        /// </summary>
        [Preserve]
        public static void SetEnvironment(int session, object environment) =>
            Guarded(() => Run(() => BridgeLoop.Plugin.SetEnvironment(session, environment)), 0);

        /// <summary>Sends one ToPlugin frame.</summary>
        /// <returns>For a core call the core function's own TIMResult; otherwise 0; or a SendResult, negated.</returns>
        [Preserve]
        public static int Send(int session, Puerts.ArrayBuffer frame)
        {
            // V8 gives an empty buffer as one without bytes.
            byte[]? bytes = frame?.Bytes;
            return BridgeLoop.Plugin.Send(session, bytes, bytes == null ? 0 : frame!.Count);
        }

        /// <summary>What waits: one DrainBatch, never empty. Copy it before anything else is called here.</summary>
        /// <param name="session">The session's number.</param>
        /// <param name="maxBytes">Frames beyond it stay, in order; at least one comes whatever its size.</param>
        [Preserve]
        public static Puerts.ArrayBuffer Drain(int session, int maxBytes)
        {
            ArraySegment<byte> batch = BridgeLoop.Plugin.Drain(session, maxBytes);
            return new Puerts.ArrayBuffer(batch.Array!, batch.Count);
        }

        /// <summary>Ends the session. Inside a wake it takes effect when the wake has returned.</summary>
        [Preserve]
        public static void Close(int session) => Guarded(() => Run(() => BridgeLoop.Plugin.Close(session)), 0);

        private static int Run(Action action)
        {
            action();
            return 0;
        }

        private static int Guarded(Func<int> action, int otherwise)
        {
            try
            {
                return action();
            }
            catch (Exception thrown)
            {
                BridgeLoop.Plugin.Log($"the plugin failed in a call from script: {thrown}");
                return otherwise;
            }
        }
    }
}
