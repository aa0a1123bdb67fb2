// com.tencent.puerts.webgl.
namespace Puerts.WebGL
{
    public class MainEnv
    {
        public static ScriptEnv Get() => null;
    }
}
