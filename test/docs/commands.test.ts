// The documents' commands: those that can run here run; of the others, what they name is there.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { suites } from "../../tools/lib/suites.mjs";
import { allBlocks, documents, place, prose, root } from "./markdown.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const shell = allBlocks.filter(({ language }) => language === "sh");
const runnable = shell
  .filter(({ mark }) => mark === "")
  .flatMap((block) =>
    block.text
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "")
      .map((line) => [place(block), line] as const),
  );
/** What runs this test cannot be run by it. */
const isSuite = (line: string): boolean => /^npm (test|run test:\w+)\b/.test(line);

test("a command that cannot run here says why", () => {
  const marked = shell.filter(({ mark }) => mark !== "");
  expect(marked.filter(({ mark }) => !/^not run: .{10,}/.test(mark)).map(place)).toEqual([]);
});

test("blocks are of a kind that is checked", () => {
  const checked = ["sh", "ts", "csharp", "json", "xml", "text", ""];
  expect(allBlocks.filter(({ language }) => !checked.includes(language)).map(place)).toEqual([]);
});

test.each(allBlocks.filter(({ language }) => language === "json").map((block) => [place(block), block.text] as const))(
  "%s is JSON",
  (_place, text) => expect(() => JSON.parse(text)).not.toThrow(),
);

test("the assemblies that XML keeps are those of the package", () => {
  const ours = readdirSync(join(root, "unity-plugin"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".asmdef"))
    .map((name) => JSON.parse(readFileSync(join(root, "unity-plugin", name), "utf8")).name);
  const xml = allBlocks.filter(({ language }) => language === "xml");
  expect(xml).not.toEqual([]);
  for (const block of xml) {
    const kept = [...block.text.matchAll(/<assembly fullname="([^"]+)" preserve="all" \/>/g)].map(([, name]) => name);
    expect(kept.length, place(block)).toBe(block.text.split("<assembly").length - 1);
    expect([...ours, "TimChatBridge.Google.Protobuf"], place(block)).toEqual(expect.arrayContaining(kept));
    expect(kept, place(block)).toEqual(expect.arrayContaining(["TimChatBridge", "TimChatBridge.Puerts"]));
  }
});

test("text is what a block above it prints", () => {
  const shown = allBlocks.filter(({ language }, at) => language === "text" && allBlocks[at - 1]?.mark !== "run");
  // Of the inspector's lines there is no block: test/tools/inspect.test.ts has them.
  expect(shown.map(({ file }) => file)).toEqual(["unity-plugin/Documentation~/recording.md"]);
});

describe("commands run", () => {
  test.each(runnable.filter(([, line]) => !isSuite(line)))("%s: %s", (_place, line) => {
    const { status, stdout, stderr } = spawnSync(line, { cwd: root, encoding: "utf8", shell: true });
    expect(status, `${stdout}${stderr}`).toBe(0);
    expect(stdout.trim()).not.toBe("");
  });
});

describe("npm scripts that documents name are there", () => {
  const inline = documents().flatMap((file) =>
    [...prose(file).matchAll(/`([^`\n]*\bnpm (?:run )?[a-z][^`\n]*)`/g)].map(
      ([, line]) => [file, line as string] as const,
    ),
  );
  const named = [...inline, ...runnable].filter(([, line]) => !/\bnpm (?:install|pack|ci)\b/.test(line));

  test("there are some", () => expect(named.length).toBeGreaterThan(8));

  test.each(named)("%s: %s", (_file, line) => {
    const [, run, name = ""] = /\bnpm (run )?([a-z:-]+)/.exec(line) ?? [];
    expect(Object.keys(manifest.scripts)).toContain(name);
    // npm runs these two by their bare name, and no others.
    if (run === undefined) expect(["start", "test"]).toContain(name);
    const asked = name === "test" ? (/-- (.*)$/.exec(line)?.[1] ?? "") : "";
    const names = asked.split(/\s+/).filter((word) => /^[a-z]/.test(word));
    expect(Object.keys(suites)).toEqual(expect.arrayContaining(names));
  });
});
