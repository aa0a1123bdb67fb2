#if UNITY_2021_3_OR_NEWER
// Only script names this assembly, and the linker reads no script.
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]
#endif
