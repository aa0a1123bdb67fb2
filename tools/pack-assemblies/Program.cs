using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace TimChatBridge.PackAssemblies
{
    // PackAssemblies typings ASSEMBLY...: prints what script sees of them (see TypingsWriter).
    // PackAssemblies marks ASSEMBLY...: prints what Unity's linker reads in them: "ASSEMBLY: attribute", "ASSEMBLY TYPE: attribute",
    // "ASSEMBLY TYPE.METHOD: attribute" for every one in UnityEngine.Scripting, and for every one called PreserveAttribute, which the
    // linker takes from any namespace.
    // PackAssemblies rename OUTPUT NETSTANDARD INPUT...: writes every input to OUTPUT under our prefix, the references between them
    // rewritten. What netstandard 2.1 has itself is taken from there, so that nothing else has to be brought along; what is
    // neither there nor brought along is an error here, and not on a player's phone.
    internal static class Program
    {
        private const string Prefix = "TimChatBridge.";

        private static int Main(string[] arguments)
        {
            if (arguments.Length >= 2 && arguments[0] == "typings")
            {
                Console.Out.Write(TypingsWriter.Write(arguments.Skip(1).ToList()));
                return 0;
            }

            if (arguments.Length >= 2 && arguments[0] == "marks")
            {
                foreach (string line in arguments.Skip(1).SelectMany(LinkerMarks))
                {
                    Console.WriteLine(line);
                }

                return 0;
            }

            if (arguments.Length >= 4 && arguments[0] == "rename")
            {
                return RenameAll(arguments[1], arguments[2], arguments.Skip(3));
            }

            Console.Error.WriteLine("usage: PackAssemblies typings ASSEMBLY... | marks ASSEMBLY... | rename OUTPUT NETSTANDARD INPUT...");
            return 2;
        }

        private static List<string> LinkerMarks(string file)
        {
            using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file);
            string name = assembly.Name.Name;
            IEnumerable<(string Place, ICustomAttributeProvider Holder)> holders = assembly.MainModule.GetTypes()
                .SelectMany(type => type.Methods
                    .Select(method => ($"{name} {type.FullName}.{method.Name}", (ICustomAttributeProvider)method))
                    .Prepend(($"{name} {type.FullName}", type)))
                .Prepend((name, assembly));
            return holders
                .SelectMany(one => one.Holder.CustomAttributes
                    .Select(attribute => attribute.AttributeType)
                    .Where(type => type.Namespace == "UnityEngine.Scripting" || type.Name == "PreserveAttribute")
                    .Select(type => $"{one.Place}: {type.Name}"))
                .ToList();
        }

        private static int RenameAll(string output, string netstandardFile, IEnumerable<string> inputFiles)
        {
            using AssemblyDefinition netstandard = AssemblyDefinition.ReadAssembly(netstandardFile);
            using var resolver = new PackResolver(netstandard);
            List<AssemblyDefinition> inputs = inputFiles
                .Select(path => AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver }))
                .ToList();
            HashSet<string> brought = inputs.Select(input => input.Name.Name).ToHashSet();

            foreach (AssemblyDefinition input in inputs)
            {
                Retarget(input.MainModule, netstandard.Name, brought);
                Rename(input);
                resolver.Add(input);
            }

            List<string> missing = inputs.SelectMany(Missing).ToList();
            if (missing.Count > 0)
            {
                Console.Error.WriteLine("Neither netstandard 2.1 nor the packed assemblies have:\n  " + string.Join("\n  ", missing));
                return 1;
            }

            Directory.CreateDirectory(output);
            foreach (AssemblyDefinition input in inputs)
            {
                input.Write(Path.Combine(output, input.Name.Name + ".dll"), new WriterParameters { Timestamp = 0 });
                Console.WriteLine($"{input.Name.Name}: {string.Join(", ", input.MainModule.AssemblyReferences.Select(one => $"{one.Name} {one.Version}"))}");
            }

            return 0;
        }

        // Type references hang on an assembly reference: renaming the reference moves all of them.
        private static void Retarget(ModuleDefinition module, AssemblyNameDefinition netstandard, HashSet<string> brought)
        {
            AssemblyNameReference? first = null;
            foreach (AssemblyNameReference reference in module.AssemblyReferences.ToList())
            {
                if (brought.Contains(reference.Name))
                {
                    reference.Name = Prefix + reference.Name;
                    Unsign(reference);
                    continue;
                }

                if (first == null)
                {
                    first = reference;
                    reference.Name = netstandard.Name;
                    reference.Version = netstandard.Version;
                    reference.PublicKeyToken = netstandard.PublicKeyToken;
                    continue;
                }

                foreach (TypeReference type in module.GetTypeReferences().Where(type => type.Scope == reference))
                {
                    type.Scope = first;
                }

                module.AssemblyReferences.Remove(reference);
            }
        }

        private static void Rename(AssemblyDefinition assembly)
        {
            assembly.Name.Name = Prefix + assembly.Name.Name;
            assembly.MainModule.Name = assembly.Name.Name + ".dll";
            Unsign(assembly.Name);
            assembly.Name.HasPublicKey = false;
            assembly.MainModule.Attributes &= ~ModuleAttributes.StrongNameSigned;

            // Friends are named with the key that is gone, and none of them comes along.
            foreach (CustomAttribute friend in assembly.CustomAttributes
                .Where(one => one.AttributeType.Name == "InternalsVisibleToAttribute").ToList())
            {
                assembly.CustomAttributes.Remove(friend);
            }
        }

        private static void Unsign(AssemblyNameReference name)
        {
            name.PublicKey = Array.Empty<byte>();
            name.PublicKeyToken = Array.Empty<byte>();
        }

        private static IEnumerable<string> Missing(AssemblyDefinition assembly)
        {
            ModuleDefinition module = assembly.MainModule;
            foreach (TypeReference type in module.GetTypeReferences())
            {
                if (type.Resolve() == null)
                {
                    yield return $"{type.FullName}, for {assembly.Name.Name}";
                }
            }

            foreach (MemberReference member in module.GetMemberReferences())
            {
                // Methods of arrays are the runtime's own.
                bool found = member.DeclaringType is ArrayType || member switch
                {
                    MethodReference method => method.Resolve() != null,
                    FieldReference field => field.Resolve() != null,
                    _ => true,
                };
                if (!found)
                {
                    yield return $"{member.FullName}, for {assembly.Name.Name}";
                }
            }
        }

        // Knows netstandard and what is packed, and nothing of the machine that it runs on.
        private sealed class PackResolver : IAssemblyResolver
        {
            private readonly Dictionary<string, AssemblyDefinition> known = new();

            internal PackResolver(AssemblyDefinition netstandard)
            {
                Add(netstandard);
            }

            public AssemblyDefinition Resolve(AssemblyNameReference name) =>
                known.TryGetValue(name.Name, out AssemblyDefinition? found) ? found : throw new AssemblyResolutionException(name);

            public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

            public void Dispose()
            {
            }

            internal void Add(AssemblyDefinition assembly) => known[assembly.Name.Name] = assembly;
        }
    }
}
