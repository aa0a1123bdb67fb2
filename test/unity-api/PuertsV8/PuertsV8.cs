// com.tencent.puerts.v8, in Unity's editor and in players that are not WebGL's: there it has no such class.
namespace Puerts
{
    public class BackendV8 : Backend
    {
        public BackendV8()
        {
        }

        public BackendV8(ILoader loader)
        {
        }
    }
}
