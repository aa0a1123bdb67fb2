// com.tencent.puerts.quickjs, in Unity's editor and in every player: 3.0.2 has a library for WebGL's too.
namespace Puerts
{
    public class BackendQuickJS : Backend
    {
        public BackendQuickJS()
        {
        }

        public BackendQuickJS(ILoader loader)
        {
        }
    }
}
