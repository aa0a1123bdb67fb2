// The C# tool of the packing: assemblies under names of our own, and typings out of the plugin's assemblies.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { dotnetBuild } from "./set-up.mjs";
import { step } from "./step.mjs";

const project = "tools/pack-assemblies/pack-assemblies.csproj";
const tool = "tools/pack-assemblies/bin/Release/net8.0/TimChatBridge.PackAssemblies.dll";

export function buildPackTool() {
  step("build pack tool", { inputs: ["tools/pack-assemblies"], outputs: [tool] }, () => dotnetBuild(project));
}

/** Where NuGet has put what is packed, and netstandard 2.1's reference assembly. */
function material() {
  const names = ["PkgGoogle_Protobuf", "PkgSystem_Runtime_CompilerServices_Unsafe", "PkgNETStandard_Library_Ref"];
  const asked = names.map((name) => `-getProperty:${name}`);
  const [protobuf, unsafe, netstandard] = Object.values(
    JSON.parse(run("dotnet", ["msbuild", project, ...asked])).Properties,
  );
  return {
    assemblies: [
      join(protobuf, "lib/netstandard2.0/Google.Protobuf.dll"),
      join(unsafe, "lib/netstandard2.0/System.Runtime.CompilerServices.Unsafe.dll"),
    ],
    netstandard: join(netstandard, "ref/netstandard2.1/netstandard.dll"),
  };
}

/** netstandard 2.1's reference assembly. */
export function netstandardReference() {
  return material().netstandard;
}

/** Writes Google.Protobuf and what Unity 2021 lacks of its needs into `folder`, under names that no game has. */
export function packAssemblies(folder) {
  const { assemblies, netstandard } = material();
  rmSync(folder, { recursive: true, force: true });
  run("dotnet", [join(root, tool), "rename", folder, netstandard, ...assemblies]);
}

/** TypeScript declarations of what script sees of the plugin's assemblies, beside which their XML documentation lies. */
export function typingsOf(assemblies) {
  return run("dotnet", [join(root, tool), "typings", ...assemblies]);
}

/** What Unity's linker reads in compiled assemblies, a line each: "ASSEMBLY TYPE.METHOD: attribute". */
export function linkerMarks(assemblies) {
  return run("dotnet", [join(root, tool), "marks", ...assemblies])
    .trim()
    .split("\n");
}
