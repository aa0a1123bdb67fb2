using System;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace TimChatBridge.Tests
{
    // What no call on this machine would show: how the declarations marshal on any other.
    public sealed class NativeMethodsTests
    {
        private static readonly MethodInfo[] Functions = typeof(NativeMethods)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(method => method.GetCustomAttribute<DllImportAttribute>() != null)
            .ToArray();

        [Test]
        public void EachIsCdeclByItsExactName()
        {
            Assert.That(Functions.Length, Is.GreaterThanOrEqualTo(10));
            foreach (MethodInfo function in Functions)
            {
                DllImportAttribute import = function.GetCustomAttribute<DllImportAttribute>()!;
                Assert.That(import.CallingConvention, Is.EqualTo(CallingConvention.Cdecl), function.Name);
                Assert.That(import.ExactSpelling, Is.True, function.Name);
            }
        }

        [Test]
        public void BoolIsOneByteAndTextIsNeverTheMarshallers()
        {
            foreach (ParameterInfo parameter in Functions.SelectMany(function => function.GetParameters()))
            {
                string where = $"{parameter.Member.Name}.{parameter.Name}";
                Assert.That(parameter.ParameterType, Is.Not.EqualTo(typeof(string)), where);
                if (parameter.ParameterType == typeof(bool))
                {
                    Assert.That(parameter.GetCustomAttribute<MarshalAsAttribute>()?.Value, Is.EqualTo(UnmanagedType.I1), where);
                }
            }
        }

        [Test]
        public void EachDelegateTypeIsCdecl()
        {
            foreach (Type type in new[] { typeof(TIMCommCallback), typeof(TIMConvEventCallback), typeof(TIMSessionCallback), typeof(TIMNetworkStatusListenerCallback) })
            {
                Assert.That(
                    type.GetCustomAttribute<UnmanagedFunctionPointerAttribute>()?.CallingConvention, Is.EqualTo(CallingConvention.Cdecl), type.Name);
            }
        }

        // IL2CPP makes no other callback callable from native code, and keeps no delegate alive that nothing refers to.
        [Test]
        public void EachCallbackIsStaticMarkedForIl2CppAndKeptAlive()
        {
            FieldInfo[] kept = typeof(CoreLibrary)
                .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
                .Where(field => field.FieldType.GetCustomAttribute<UnmanagedFunctionPointerAttribute>() != null)
                .ToArray();
            Assert.That(kept, Has.Length.EqualTo(5));
            foreach (FieldInfo field in kept)
            {
                Assert.That(field.IsInitOnly, Is.True, field.Name);
                MethodInfo callback = ((Delegate)field.GetValue(null)!).Method;
                Assert.That(callback.IsStatic, Is.True, callback.Name);
                Assert.That(callback.GetCustomAttribute<MonoPInvokeCallbackAttribute>()?.Type, Is.EqualTo(field.FieldType), callback.Name);
                Assert.That(
                    field.FieldType.GetCustomAttribute<UnmanagedFunctionPointerAttribute>()!.CallingConvention,
                    Is.EqualTo(CallingConvention.Cdecl),
                    field.Name);
            }
        }
    }
}
