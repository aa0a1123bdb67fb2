// The documents' C#: compiled as a game's own code would be, against the plugin and the reference declarations of Unity and PuerTS;
// what needs neither runs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkerMarks } from "../../tools/lib/pack-assemblies.mjs";
import { allBlocks, type Block, place, root } from "./markdown.js";
import { reachedByScript } from "./reached-by-script.js";
import { unityGame } from "./unity-game.js";

const folder = join(root, ".cache/docs/csharp");
const ours = allBlocks.filter(({ language }) => language === "csharp");

/** A block is a whole file where it declares a type, and else the statements of a method. */
function asFile(block: Block, index: number): string {
  const usings = block.text.match(/^using [\w.]+;\n/gm) ?? [];
  const rest = block.text.replace(/^using [\w.]+;\n/gm, "");
  const isFile = /^(?:\w+ )*(?:class|struct|interface) /m.test(rest);
  const body = isFile ? rest : `internal sealed class Block : Given { public override void Run() {\n${rest}\n} }`;
  return `${usings.join("")}namespace Documents.Block${index} {\n#line ${block.line + 1 + usings.length} "${join(root, block.file)}"\n${body}\n}\n`;
}

test("there is some, and it is marked `unity` where it needs Unity or PuerTS, or not at all", () => {
  expect(ours.length).toBeGreaterThan(4);
  expect(ours.filter(({ mark }) => mark !== "" && mark !== "unity").map(place)).toEqual([]);
  const needs = (block: Block): boolean => /\b(?:UnityEngine|UnityEditor|Puerts)\b/.test(block.text);
  expect(ours.filter((block) => needs(block) !== (block.mark === "unity")).map(place)).toEqual([]);
});

test("all of it compiles, and the linker keeps what script alone reaches", () => {
  const compile = unityGame(folder);
  const sources = join(folder, "blocks");
  mkdirSync(sources, { recursive: true });
  cpSync(join(root, "test/docs/Given.cs"), join(sources, "Given.cs"));
  ours.forEach((block, index) => {
    writeFileSync(join(sources, `Block${index}.cs`), asFile(block, index));
  });
  const marks = linkerMarks(compile(sources)).map((mark) => mark.replace(/Documents\.Block\d+\./, ""));
  const script = allBlocks.filter(({ language }) => language === "ts").map(({ text }) => text);
  const reached = script.flatMap((text) => reachedByScript(text, [text]));
  expect(reached).toContain("Recordings.Write");
  expect(reached.filter((member) => !marks.includes(`Assembly-CSharp ${member}: PreserveAttribute`))).toEqual([]);
});

test("what needs neither Unity nor PuerTS runs, on the plugin, and logs what it says it does", () => {
  const blocks = join(folder, "run");
  rmSync(blocks, { recursive: true, force: true });
  mkdirSync(blocks, { recursive: true });
  const runnable = ours.filter(({ mark }) => mark === "");
  for (const block of runnable) {
    const index = ours.indexOf(block);
    writeFileSync(join(blocks, `Block${index}.cs`), asFile(block, index));
  }
  const project = join(root, "test/docs/run-csharp/Documents.csproj");
  dotnet("restore", project, "--locked-mode", "--nologo", "-v", "q");
  dotnet("build", project, "--no-restore", "--nologo", "-v", "q", "-c", "Release");
  const said = dotnet(join(root, "test/docs/run-csharp/bin/Release/net8.0/TimChatBridge.Documents.dll"));
  const logged = new Map(
    said.split(/^Documents\.Block/m).map((part) => [Number.parseInt(part, 10), part.trim().split("\n").slice(1)]),
  );
  for (const block of runnable) {
    const lines = logged.get(ours.indexOf(block));
    expect(lines, place(block)).toBeDefined();
    const single = /\bConvDelete\("(\w+)"/.exec(block.text)?.[1];
    const logs = /\blog\(/.test(block.text);
    if (single !== undefined) expect(lines, place(block)).toContain(`removed c2c_${single}`);
    if (logs) expect(lines, place(block)).not.toEqual([]);
  }
});

function dotnet(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("dotnet", args, { cwd: root, encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
  return stdout;
}
