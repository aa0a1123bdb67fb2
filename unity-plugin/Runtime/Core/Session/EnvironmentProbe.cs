using System;
using System.Reflection;

namespace TimChatBridge
{
    // Sees whether a PuerTS 3 script environment has been disposed. Calling a delegate of one that has been throws at best;
    // ScriptEnv says so only in a private field.
    internal sealed class EnvironmentProbe
    {
        private readonly object environment;
        private readonly FieldInfo disposed;

        private EnvironmentProbe(object environment, FieldInfo disposed)
        {
            this.environment = environment;
            this.disposed = disposed;
        }

        internal bool IsDead => disposed.GetValue(environment) is bool dead && dead;

        // Null: this kind of environment cannot be asked.
        internal static EnvironmentProbe? Of(object environment)
        {
            for (Type? type = environment.GetType(); type != null; type = type.BaseType)
            {
                FieldInfo? field = type.GetField(
                    "disposed", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly);
                if (field != null && field.FieldType == typeof(bool))
                {
                    return new EnvironmentProbe(environment, field);
                }
            }

            return null;
        }
    }
}
