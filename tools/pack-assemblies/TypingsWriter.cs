using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;

namespace TimChatBridge.PackAssemblies
{
    // Writes what PuerTS shows a game's script of the plugin's public types, as TypeScript: CS.Namespace.Type, events as
    // add_X and remove_X, read-only lists by Count and get_Item, what goes by reference as $Ref, and no nullable reference that
    // is not said to be one.
    internal sealed class TypingsWriter
    {
        private const string Namespace = "TimChatBridge";

        // Every other public type is for games. The typings' own head says which these are, and why.
        private static readonly (string Type, string Why)[] LeftOut =
        {
            ("ScriptPort", "it is the bridge's own door, and a session that a game opens there takes the plugin from the bridge"),
        };

        private readonly StringBuilder text = new StringBuilder();
        private readonly Dictionary<string, XElement> documentation;
        private readonly IReadOnlyList<TypeDefinition> types;

        private TypingsWriter(IReadOnlyList<TypeDefinition> types, IEnumerable<XDocument> documentation)
        {
            this.types = types;
            this.documentation = documentation.SelectMany(one => one.Descendants("member"))
                .Where(member => member.Attribute("name") != null)
                .ToDictionary(member => member.Attribute("name")!.Value);
        }

        // Of all the plugin's assemblies together, each beside its XML documentation.
        internal static string Write(IReadOnlyList<string> files)
        {
            List<AssemblyDefinition> assemblies = files.Select(AssemblyDefinition.ReadAssembly).ToList();
            try
            {
                TypeDefinition[] types = assemblies.SelectMany(one => one.MainModule.Types).Where(type => type.IsPublic).ToArray();
                string[] elsewhere = types.Where(type => type.Namespace != Namespace).Select(type => type.FullName)
                    .Concat(LeftOut.Select(one => one.Type).Except(types.Select(type => type.Name)))
                    .ToArray();
                if (elsewhere.Length > 0)
                {
                    throw new InvalidDataException($"no public type of {Namespace}: {string.Join(", ", elsewhere)}");
                }

                return new TypingsWriter(types, files.Select(file => XDocument.Load(Path.ChangeExtension(file, ".xml")))).Write();
            }
            finally
            {
                assemblies.ForEach(one => one.Dispose());
            }
        }

        private string Write()
        {
            text.Append("// The C# plugin as a game's script sees it in PuerTS. Made from the plugin's own assemblies by npm run pack.\n");
            foreach ((string type, string why) in LeftOut)
            {
                text.Append($"// Without CS.{Namespace}.{type}: {why}.\n");
            }

            text.Append("// On IL2CPP a function that script gives for a delegate with parameters needs one of PuerTS's bridges. Its menu (Tools, PuerTS,\n");
            text.Append("// Generate il2cpp) makes them all in Reflection Mode and in Static Wrapper Mode; in Minimal Bridge, Reflection Mode those with a\n");
            text.Append("// value type, such as an int, are missing unless the game declares them. The bridge's own script API needs none of them.\n");
            text.Append("declare global {\n  namespace CS {\n");
            text.Append("    /**\n     * What script gives where C# takes `out` or `ref`: `puer.$ref()`, and `puer.$unref(ref)` is what C# put in there.\n");
            // PuerTS 2.0 calls its member otherwise than 2.2 and 3: empty, it merges with either.
            text.Append("     * Its members are of PuerTS's own typings, which this adds to.\n     */\n    interface $Ref<T> {}\n  }\n");
            text.Append($"  namespace CS.{Namespace} {{\n");
            text.Append("    /** A read-only list of C#'s. */\n    interface ReadOnlyList<T> {\n");
            text.Append("      readonly Count: number;\n      get_Item(index: number): T;\n    }\n");
            text.Append("    /**\n     * What script gives where C# takes a list: an array of C#'s, for a JavaScript array is refused. Made with\n");
            text.Append("     * `CS.System.Array.CreateInstance(puer.$typeof(CS.TimChatBridge.ConversationKey), length)`, filled with `SetValue`.\n");
            text.Append("     * The bridge's own calls take JavaScript arrays.\n     */\n");
            text.Append("    interface CSharpArray {\n      readonly Length: number;\n      SetValue(value: unknown, index: number): void;\n    }\n");
            foreach (TypeDefinition type in types
                .Where(type => LeftOut.All(one => one.Type != type.Name)).OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                WriteType(type);
            }

            return text.Append("  }\n}\n\nexport {};\n").ToString();
        }

        private void WriteType(TypeDefinition type)
        {
            Document("T:" + type.FullName, 4);
            if (type.IsEnum)
            {
                text.Append($"    enum {type.Name} {{\n");
                foreach (FieldDefinition field in type.Fields.Where(field => field.HasConstant))
                {
                    Document($"F:{type.FullName}.{field.Name}", 6);
                    text.Append($"      {field.Name} = {field.Constant},\n");
                }

                text.Append("    }\n");
            }
            else if (type.BaseType?.FullName == "System.MulticastDelegate")
            {
                MethodDefinition invoke = type.Methods.Single(method => method.Name == "Invoke");
                text.Append($"    type {type.Name} = ({Parameters(invoke)}) => {Type(invoke.ReturnType)};\n");
            }
            else
            {
                text.Append($"    class {type.Name} {{\n");
                if (!type.Methods.Any(method => method.IsConstructor && method.IsPublic && !method.IsStatic))
                {
                    text.Append("      private constructor();\n");
                }

                WriteMembers(type);
                text.Append("    }\n");
            }
        }

        private void WriteMembers(TypeDefinition type)
        {
            foreach (PropertyDefinition property in type.Properties.Where(property => property.GetMethod?.IsPublic == true))
            {
                Document($"P:{type.FullName}.{property.Name}", 6);
                string modifiers = Static(property.GetMethod) + (property.SetMethod?.IsPublic == true ? string.Empty : "readonly ");
                text.Append($"      {modifiers}{property.Name}: {NullableType(property, property.PropertyType)};\n");
            }

            foreach (EventDefinition one in type.Events.Where(one => one.AddMethod.IsPublic))
            {
                foreach (string verb in new[] { "add", "remove" })
                {
                    Document($"E:{type.FullName}.{one.Name}", 6);
                    text.Append($"      {Static(one.AddMethod)}{verb}_{one.Name}(listener: {Type(one.EventType)}): void;\n");
                }
            }

            foreach (MethodDefinition method in type.Methods.Where(method => method.IsPublic && !method.IsSpecialName && !method.IsVirtual))
            {
                Document(MethodName(method), 6);
                text.Append($"      {Static(method)}{method.Name}({Parameters(method, true)}): {Type(method.ReturnType)};\n");
            }

            if (type.Methods.Any(method => method.Name == "ToString" && method.IsVirtual))
            {
                Document($"M:{type.FullName}.ToString", 6);
                text.Append("      ToString(): string;\n");
            }
        }

        private static string Static(MethodDefinition method) => method.IsStatic ? "static " : string.Empty;

        // `given`: by script, and not to it.
        private string Parameters(MethodDefinition method, bool given = false) => string.Join(", ", method.Parameters.Select(one =>
        {
            string type = NullableType(one, one.ParameterType);
            bool isList = given && type.StartsWith("ReadOnlyList<", StringComparison.Ordinal);
            return $"{one.Name}{(one.IsOptional ? "?" : string.Empty)}: {type}{(isList ? " | CSharpArray" : string.Empty)}";
        }));

        private string NullableType(ICustomAttributeProvider member, TypeReference type)
        {
            if (type is ByReferenceType reference)
            {
                return $"$Ref<{NullableType(member, reference.ElementType)}>";
            }

            string plain = Type(type);
            return !IsNullable(member, type) ? plain : (plain.Contains("=>") ? $"({plain})" : plain) + " | null";
        }

        // C# writes nullable references down as an attribute: 2 is nullable, on the member or, where most are, on what holds it.
        private static bool IsNullable(ICustomAttributeProvider member, TypeReference type)
        {
            if (type.IsValueType)
            {
                return false;
            }

            object? flag = member.CustomAttributes
                .FirstOrDefault(one => one.AttributeType.Name == "NullableAttribute")?.ConstructorArguments[0].Value;
            if (flag is CustomAttributeArgument[] flags)
            {
                flag = flags[0].Value;
            }

            if (flag == null)
            {
                CustomAttribute? context = Holders(member)
                    .SelectMany(holder => holder.CustomAttributes)
                    .FirstOrDefault(one => one.AttributeType.Name == "NullableContextAttribute");
                flag = context?.ConstructorArguments[0].Value;
            }

            return flag is byte and 2;
        }

        private static IEnumerable<ICustomAttributeProvider> Holders(ICustomAttributeProvider member)
        {
            if (member is ParameterDefinition parameter)
            {
                var method = (MethodDefinition)parameter.Method;
                yield return method;
                yield return method.DeclaringType;
            }

            if (member is PropertyDefinition property)
            {
                yield return property.GetMethod;
                yield return property.DeclaringType;
            }
        }

        private string Type(TypeReference type)
        {
            switch (type.FullName)
            {
                case "System.Void":
                    return "void";
                case "System.Boolean":
                    return "boolean";
                case "System.String":
                    return "string";
                case "System.Int64":
                case "System.UInt64":
                    return "bigint";
                case "System.Object":
                    return "unknown";
                case "System.Exception":
                    return "{ readonly Message: string }";
                case "System.Action":
                    return "() => void";
            }

            if (type.FullName.StartsWith("System.", StringComparison.Ordinal) && type.IsPrimitive)
            {
                return "number";
            }

            if (type is GenericInstanceType generic)
            {
                IEnumerable<string> arguments = generic.GenericArguments.Select(Type);
                switch (generic.ElementType.FullName)
                {
                    case "System.Action`1":
                        return $"(value: {arguments.Single()}) => void";
                    case "System.Collections.Generic.IReadOnlyList`1":
                        return $"ReadOnlyList<{arguments.Single()}>";
                }
            }

            if (types.Any(one => one.FullName == type.FullName))
            {
                return type.Name;
            }

            throw new NotSupportedException($"{type.FullName} has no TypeScript type here: say what PuerTS makes of it");
        }

        private static string MethodName(MethodDefinition method)
        {
            string parameters = string.Join(",", method.Parameters.Select(one =>
                Regex.Replace(one.ParameterType.FullName, "`\\d+<(.*)>", "{$1}").Replace('&', '@')));
            return $"M:{method.DeclaringType.FullName}.{method.Name}" + (parameters.Length == 0 ? string.Empty : $"({parameters})");
        }

        private void Document(string name, int indent)
        {
            if (!documentation.TryGetValue(name, out XElement? member) || member.Element("summary") == null)
            {
                throw new InvalidDataException($"{name} has no documentation");
            }

            string summary = Words(member.Element("summary")!);
            string returns = member.Element("returns") is XElement element ? " Returns: " + Words(element) : string.Empty;
            text.Append(' ', indent).Append($"/** {summary}{returns} */\n");
        }

        private static string Words(XElement element)
        {
            IEnumerable<string> parts = element.Nodes().Select(node => node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "see" or "paramref" } link =>
                    "`" + Regex.Replace((link.Attribute("cref") ?? link.Attribute("name"))!.Value, "^.:(TimChatBridge\\.)?|\\(.*$", string.Empty) + "`",
                XElement { Name.LocalName: "c" } code => "`" + code.Value + "`",
                XElement other => Words(other),
                _ => string.Empty,
            });
            return Regex.Replace(string.Concat(parts), "\\s+", " ").Trim();
        }
    }
}
