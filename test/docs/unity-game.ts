// A Unity project without Unity: the plugin, and a game's own C# compiled against it.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPackTool, netstandardReference, packAssemblies } from "../../tools/lib/pack-assemblies.mjs";
import { builds, compileDeclarations, compileForUnity, compileSample } from "../../tools/lib/unity-compiler.mjs";
import { root } from "./markdown.js";

/**
 * Makes the project in `folder`. What it returns compiles a folder of C# as Unity would, with more scripting define symbols where
 * they are given, and gives back the assemblies' files.
 */
export function unityGame(
  folder: string,
): (sources: string, build?: string, ...symbols: string[]) => readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  const plugin = join(folder, "plugin");
  cpSync(join(root, "unity-plugin/Runtime"), plugin, {
    recursive: true,
    filter: (path) => !/[\\/](bin|obj)$/.test(path),
  });
  buildPackTool();
  packAssemblies(join(plugin, "Plugins"));
  const declared = compileDeclarations(join(folder, "declarations"), netstandardReference());
  return (sources, name = "player, Android", ...symbols) => {
    const listed = builds[name];
    if (listed === undefined) throw new Error(`${name} is none of ${Object.keys(builds).join("; ")}`);
    const build = { ...listed, symbols: [...listed.symbols, ...symbols] };
    const made = compileForUnity(plugin, build, join(folder, name.replaceAll(/\W+/g, "-")), declared);
    return compileSample(sources, build, made, declared);
  };
}
