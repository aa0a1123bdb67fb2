// Nothing in a game's scenes names this assembly: it starts itself (RuntimeInitializeOnLoadMethod).
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]
