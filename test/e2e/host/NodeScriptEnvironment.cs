namespace TimChatBridge.NodeHost
{
    /// <summary>
    /// Stands for PuerTS's ScriptEnv, of which the plugin can only see, by a private field, that it has been disposed.
    /// </summary>
    public sealed class NodeScriptEnvironment
    {
        private bool disposed;

        /// <summary>Whether it has been disposed.</summary>
        public bool IsDisposed => disposed;

        /// <summary>From now on it is dead.</summary>
        public void Dispose() => disposed = true;
    }
}
