using System;

namespace TimChatBridge
{
    // Unity's linker keeps whatever carries an attribute of this name, from whatever namespace: no engine reference needed.
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class PreserveAttribute : Attribute
    {
    }
}
