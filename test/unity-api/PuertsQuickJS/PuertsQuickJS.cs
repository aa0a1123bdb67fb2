// com.tencent.puerts.quickjs, in Unity's editor and in players that are not WebGL's: there it has no such class.
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
