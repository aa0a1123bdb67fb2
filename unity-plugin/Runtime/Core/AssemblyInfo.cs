using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("TimChatBridge.Puerts")]
[assembly: InternalsVisibleTo("TimChatBridge.Unity")]
[assembly: InternalsVisibleTo("TimChatBridge.Editor")]
[assembly: InternalsVisibleTo("TimChatBridge.Tests")]
[assembly: InternalsVisibleTo("TimChatBridge.NodeHost")]
[assembly: InternalsVisibleTo("TimChatBridge.PuertsTests")]
[assembly: InternalsVisibleTo("TimChatBridge.Soak")]
[assembly: InternalsVisibleTo("TimChatBridge.UnityTests")]
[assembly: InternalsVisibleTo("TimChatBridge.Documents")]
