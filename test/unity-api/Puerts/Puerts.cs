using System;

namespace Puerts
{
    public class ArrayBuffer
    {
        public byte[] Bytes;
        public int Count;

        public ArrayBuffer(byte[] bytes)
            : this(bytes, bytes == null ? 0 : bytes.Length)
        {
        }

        public ArrayBuffer(byte[] bytes, int length)
        {
            Bytes = bytes;
            Count = length == 0 && bytes != null ? bytes.Length : length;
        }
    }

    public interface ILoader
    {
        bool FileExists(string filepath);

        string ReadFile(string filepath, out string debugpath);
    }

    public class DefaultLoader : ILoader
    {
        public bool FileExists(string filepath) => false;

        public string ReadFile(string filepath, out string debugpath)
        {
            debugpath = null;
            return null;
        }
    }

    public abstract class Backend
    {
    }

    public class ScriptEnv : IDisposable
    {
        public ScriptEnv(Backend backend, int debugPort = -1)
        {
        }

        public ScriptObject ExecuteModule(string filename) => null;

        public void Tick()
        {
        }

        public void Dispose()
        {
        }
    }

    public class ScriptObject
    {
    }
}
