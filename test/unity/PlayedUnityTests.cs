extern alias UnityApi;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using NUnit.Framework;

namespace TimChatBridge.UnityTests
{
    // What the tests play is what the package compiles against: every public member of PlayedUnity is declared in test/unity-api,
    // of the same kind and signature. Internal members are the tests' own handles.
    public sealed class PlayedUnityTests
    {
        private const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

        private static readonly Assembly Api = typeof(UnityApi::UnityEngine.Object).Assembly;

        private static IEnumerable<Type> Imitations() =>
            typeof(PlayedUnityTests).Assembly.GetTypes().Where(type =>
                type.Namespace != null
                && (IsWithin(type.Namespace, nameof(UnityEngine)) || IsWithin(type.Namespace, nameof(UnityEditor)))
                && type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() == null);

        [Test]
        public void BothAssembliesAreImitated() =>
            Assert.That(
                Imitations().Select(type => type.FullName),
                Is.SupersetOf(new[] { "UnityEngine.LowLevel.PlayerLoop", "UnityEditor.EditorApplication", "UnityEditor.EditorApplication+CallbackFunction" }));

        [TestCaseSource(nameof(Imitations))]
        public void EveryPublicMemberIsDeclaredWithTheSameSignature(Type imitation)
        {
            Type? declared = Api.GetType(imitation.FullName!);
            Assert.That(declared, Is.Not.Null, $"test/unity-api does not declare {imitation.FullName}");
            Assert.That(Kind(imitation), Is.EqualTo(Kind(declared!)));
            Assert.That(Members(imitation), Is.SubsetOf(Members(declared!)));
        }

        private static bool IsWithin(string name, string outer) =>
            name == outer || name.StartsWith(outer + ".", StringComparison.Ordinal);

        private static string Kind(Type type)
        {
            string kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
            IEnumerable<string> bases = type.GetInterfaces().Select(Name).OrderBy(name => name, StringComparer.Ordinal);
            return $"{kind} {type.FullName} : {string.Join(", ", bases.Prepend(type.BaseType == null ? "none" : Name(type.BaseType)))}";
        }

        private static IEnumerable<string> Members(Type type) =>
            type.GetMembers(Declared)
                .Where(member => !(member is Type) && !IsDefaultConstructor(member))
                .Select(Signature)
                .OrderBy(one => one, StringComparer.Ordinal)
                .ToArray();

        // The compiler's own, of a class that says nothing about its construction.
        private static bool IsDefaultConstructor(MemberInfo member) =>
            member is ConstructorInfo constructor && constructor.GetParameters().Length == 0;

        private static string Signature(MemberInfo member) =>
            member switch
            {
                FieldInfo field when field.IsLiteral => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}",
                FieldInfo field => $"{Static(field.IsStatic)}field {Name(field.FieldType)} {field.Name}",
                MethodInfo method => $"{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
                ConstructorInfo constructor => $"new ({Parameters(constructor)})",
                PropertyInfo property => $"property {Name(property.PropertyType)} {property.Name}",
                EventInfo raised => $"event {Name(raised.EventHandlerType!)} {raised.Name}",
                _ => throw new NotSupportedException(member.ToString()),
            };

        private static string Static(bool isStatic) => isStatic ? "static " : string.Empty;

        private static string Generics(MethodInfo method) =>
            method.IsGenericMethodDefinition
                ? "<" + string.Join(", ", method.GetGenericArguments().Select(one =>
                    $"{one.Name} {one.GenericParameterAttributes} {string.Join("&", one.GetGenericParameterConstraints().Select(Name))}")) + ">"
                : string.Empty;

        private static string Parameters(MethodBase method) =>
            string.Join(", ", method.GetParameters().Select(one => $"{Name(one.ParameterType)} {one.Name}"));

        // Without the assembly: the two have types of the same names.
        private static string Name(Type type) =>
            type.IsGenericType
                ? $"{type.GetGenericTypeDefinition().FullName}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
                : type.FullName ?? type.Name;
    }
}
