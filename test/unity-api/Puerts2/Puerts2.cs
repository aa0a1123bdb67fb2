using System;

// PuerTS 2.2.3: what its two variants (editor and Mono, IL2CPP) have in common, of what the package and its samples use.
namespace Puerts
{
    public class ArrayBuffer
    {
        public byte[] Bytes;
        public int Count;

        public ArrayBuffer(byte[] bytes)
            : this(bytes, 0)
        {
        }

        // Any count that is not inside the array stands for the whole of it.
        public ArrayBuffer(byte[] bytes, int count)
        {
            Bytes = bytes;
            Count = bytes == null ? 0 : count > 0 && count < bytes.Length ? count : bytes.Length;
        }
    }

    public interface ILoader
    {
        bool FileExists(string filepath);

        string ReadFile(string filepath, out string debugpath);
    }

    public interface IResolvableLoader
    {
        string Resolve(string specifier, string referrer);
    }

    public interface IModuleChecker
    {
        bool IsESM(string filepath);
    }

    public class DefaultLoader : ILoader, IModuleChecker
    {
        public DefaultLoader()
        {
        }

        public DefaultLoader(string root)
        {
        }

        public bool FileExists(string filepath) => false;

        public string ReadFile(string filepath, out string debugpath)
        {
            debugpath = null;
            return null;
        }

        public bool IsESM(string filepath) => false;
    }

    // There is no ScriptEnv, and no backend is given: the native build that is installed decides.
    public class JsEnv : IDisposable
    {
        public JsEnv()
        {
        }

        public JsEnv(ILoader loader, int debugPort = -1)
        {
        }

        public JSObject ExecuteModule(string specifier) => null;

        public T ExecuteModule<T>(string specifier, string exportee) => default;

        public void Eval(string chunk, string chunkName = "chunk")
        {
        }

        public void Tick()
        {
        }

        public void Dispose()
        {
        }
    }

    public class JSObject
    {
        public T Get<T>(string key) => default;
    }
}
