using System;
using System.Reflection;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>Has the plugin load another libImSDK than the one beside the tests, where the environment names one.</summary>
    [SetUpFixture]
    public sealed class ChosenLibrary
    {
        private static readonly string? Named = Environment.GetEnvironmentVariable("CHATBRIDGE_LIBRARY");

        [OneTimeSetUp]
        public void Choose()
        {
            if (Named != null)
            {
                NativeLibrary.SetDllImportResolver(typeof(BridgeLoop).Assembly, Resolve);
                NativeLibrary.SetDllImportResolver(typeof(StandIn).Assembly, Resolve);
            }
        }

        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
            name.Contains("ImSDK", StringComparison.Ordinal) ? NativeLibrary.Load(Named!) : IntPtr.Zero;
    }
}
