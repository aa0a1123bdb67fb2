// Nothing in a game's scenes names this assembly: it starts itself (RuntimeInitializeOnLoadMethod).
[assembly: UnityEngine.Scripting.AlwaysLinkAssembly]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("TimChatBridge.Editor")]
