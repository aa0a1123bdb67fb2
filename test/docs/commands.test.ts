// The documents' commands: those that can run here run; of the others, what they name is there.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { suites } from "../../tools/lib/suites.mjs";
import { inline, isOthers, looseOptions, optionsFault, shellLines } from "./commands.js";
import { allBlocks, place, root } from "./markdown.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const shell = allBlocks.filter(({ language }) => language === "sh");
const runnable = shellLines.filter(({ mark }) => mark === "").map(({ place: where, line }) => [where, line] as const);
/** What runs this test cannot be run by it. */
const isSuite = (line: string): boolean => /^(?:[A-Z_]+=\S+ )?npm (test|run test:\w+)\b/.test(line);
/** Of what the text names, what is not run here, and why. */
const notRun: Readonly<Record<string, string>> = {
  "npm run pack": "the suite `packages` does",
  "npm run pack -- --check": "the suite `packages` does",
  "npm run pack -- --branch upm": "it makes a branch in these sources: test/tools/pack-branch.test.ts does in others",
  "npm run soak": "minutes",
  "npm run fuzz": "minutes: the suite `fuzz` is shorter",
  "npm run mutants": "hours",
  "npm run generate": "it writes into the sources: `npm run check:proto` makes the same elsewhere",
  "node tools/metas.mjs --write": "it writes into the sources",
};
/** A command that leaves a word in capitals, or dots, for the reader to fill in. */
const isPattern = (line: string): boolean => /(?<![\w.-])[A-Z]+(?![\w.-])|\.\.\./.test(line);
const own = inline.filter(({ line }) => !isOthers(line));

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
    const kept = [
      ...block.text.matchAll(/<assembly fullname="([^"]+)" preserve="all"(?: ignoreIfMissing="1")? \/>/g),
    ].map(([, name]) => name);
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
  const here = own.map(({ line }) => line).filter((line) => !isPattern(line) && !(line in notRun));
  const inBlocks = runnable.filter(([, line]) => !isSuite(line));
  const inText = [...new Set(here)]
    .filter((line) => !isSuite(line) && !inBlocks.some(([, other]) => other === line))
    .map((line) => ["inline", line] as const);

  test.each([...inBlocks, ...inText])("%s: %s", (_place, line) => {
    const { status, stdout, stderr } = spawnSync(line, { cwd: root, encoding: "utf8", shell: true });
    expect(status, `${stdout}${stderr}`).toBe(0);
    expect(stdout.trim()).not.toBe("");
  });

  test("those that are not run here are named somewhere", () => {
    expect(own.map(({ line }) => line)).toEqual(expect.arrayContaining(Object.keys(notRun)));
  });
});

describe("npm scripts that documents name are there", () => {
  const named = [...own, ...shellLines]
    .filter(({ line }) => /\bnpm /.test(line) && !isOthers(line))
    .map(({ place: where, line }) => [where, line] as const);

  test("there are some", () => expect(named.length).toBeGreaterThan(8));

  test.each(named)("%s: %s", (_file, line) => {
    const [, run, name = ""] = /\bnpm (run )?([a-z:-]+)/.exec(line) ?? [];
    expect(Object.keys(manifest.scripts)).toContain(name);
    // npm runs these two by their bare name, and no others.
    if (run === undefined) expect(["start", "test"]).toContain(name);
    const asked = name === "test" ? (/\bnpm test (?:-- )?(.*)$/.exec(line)?.[1] ?? "") : "";
    const names = asked.split(/\s+/).filter((word) => /^[a-z]/.test(word));
    expect(Object.keys(suites)).toEqual(expect.arrayContaining(names));
  });
});

describe("options that documents name are known to the tool", () => {
  const lines = [...own, ...shellLines]
    .map(({ line }) => line)
    .filter((line) => / -|^npx /.test(line) && !isOthers(line));
  const loose = looseOptions.map(({ place: where, line, of }) => [where, of, line] as const);

  test("there are some, by themselves too", () => {
    expect(lines.length).toBeGreaterThan(6);
    expect(loose.length).toBeGreaterThan(4);
  });

  test.each([...new Set(lines)])("%s", (line) => expect(optionsFault(line)).toBeUndefined());

  test.each(loose)("%s: %s, and %s", (_place, of, options) => {
    expect(of, "a command before it, in its paragraph or row").toBeDefined();
    expect(optionsFault(`${of} ${options}`)).toBeUndefined();
  });
});
