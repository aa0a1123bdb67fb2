using System;

namespace TimChatBridge
{
    // IL2CPP makes a method callable from native code where it carries an attribute of this name, from whatever namespace.
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class MonoPInvokeCallbackAttribute : Attribute
    {
        public MonoPInvokeCallbackAttribute(Type type)
        {
            Type = type;
        }

        public Type Type { get; }
    }
}
