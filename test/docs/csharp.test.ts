// The documents' C#: compiled as a game's own code would be, against the plugin and the reference declarations of Unity and PuerTS.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPackTool, netstandardReference, packAssemblies } from "../../tools/lib/pack-assemblies.mjs";
import { builds, compileDeclarations, compileForUnity, compileSample } from "../../tools/lib/unity-compiler.mjs";
import { allBlocks, type Block, place, root } from "./markdown.js";

const folder = join(root, ".cache/docs/csharp");
const ours = allBlocks.filter(({ language }) => language === "csharp");

/** A block is a whole file where it declares a type, and else the statements of a method. */
function asFile(block: Block, index: number): string {
  const usings = block.text.match(/^using [\w.]+;\n/gm) ?? [];
  const rest = block.text.replace(/^using [\w.]+;\n/gm, "");
  const isFile = /^(?:\w+ )*(?:class|struct|interface) /m.test(rest);
  const body = isFile ? rest : `internal sealed class Block : Given { internal void Run() {\n${rest}\n} }`;
  return `${usings.join("")}namespace Documents.Block${index} {\n#line 1 "${place(block)}"\n${body}\n}\n`;
}

test("there is some, and it is marked `unity` where it needs Unity or PuerTS, or not at all", () => {
  expect(ours.length).toBeGreaterThan(4);
  expect(ours.filter(({ mark }) => mark !== "" && mark !== "unity").map(place)).toEqual([]);
  const needs = (block: Block): boolean => /\b(?:UnityEngine|UnityEditor|Puerts)\b/.test(block.text);
  expect(ours.filter((block) => needs(block) !== (block.mark === "unity")).map(place)).toEqual([]);
});

test("all of it compiles", () => {
  rmSync(folder, { recursive: true, force: true });
  const plugin = join(folder, "plugin");
  cpSync(join(root, "unity-plugin/Runtime"), plugin, {
    recursive: true,
    filter: (path) => !/[\\/](bin|obj)$/.test(path),
  });
  buildPackTool();
  packAssemblies(join(plugin, "Plugins"));
  const declared = compileDeclarations(join(folder, "declarations"), netstandardReference());
  const player = builds["player, Android"];
  const made = compileForUnity(plugin, player, join(folder, "player"), declared);
  const sources = join(folder, "blocks");
  mkdirSync(sources, { recursive: true });
  cpSync(join(root, "test/docs/Given.cs"), join(sources, "Given.cs"));
  ours.forEach((block, index) => {
    writeFileSync(join(sources, `Block${index}.cs`), asFile(block, index));
  });
  compileSample(sources, player, made, declared);
});
