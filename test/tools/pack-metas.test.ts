import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { metaFaults, writeMetas } from "../../tools/lib/pack-metas.mjs";

let top: string;
const at = (path: string): string => join(top, path);
const guidOf = (path: string): string => /^guid: (.*)$/m.exec(readFileSync(at(path), "utf8"))?.[1] ?? "";

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "chatbridge-metas-"));
  mkdirSync(at("Runtime/Resources/tim-chatbridge"), { recursive: true });
  mkdirSync(at("Samples~/One/Resources"), { recursive: true });
  mkdirSync(at("Documentation~"));
  for (const file of ["package.json", "Runtime/A.cs", "Runtime/Resources/tim-chatbridge.mjs", "Documentation~/B.md"])
    writeFileSync(at(file), file);
  for (const file of ["B.cs", "Resources/one.mjs"]) writeFileSync(at(`Samples~/One/${file}`), file);
  writeFileSync(at("Runtime/Resources/tim-chatbridge/core.mjs"), "core");
  writeMetas(top);
});
afterEach(() => rmSync(top, { recursive: true }));

test("every file and folder that Unity sees has one, with a guid of its own; what it does not see has none", () => {
  expect(metaFaults(top)).toEqual([]);
  const metas = ["package.json", "Runtime", "Runtime/A.cs", "Runtime/Resources", "Runtime/Resources/tim-chatbridge"];
  const scripts = ["Runtime/Resources/tim-chatbridge.mjs", "Runtime/Resources/tim-chatbridge/core.mjs"];
  const guids = [...metas, ...scripts].map((path) => guidOf(`${path}.meta`));
  expect(new Set(guids).size).toBe(7);
  expect(() => readFileSync(at("Documentation~/B.md.meta"))).toThrow();
});

test("what importing a sample copies has its own, and the folders around it have none", () => {
  const metas = ["B.cs", "Resources", "Resources/one.mjs"].map((path) => `Samples~/One/${path}.meta`);
  expect(new Set([...metas, "Runtime/A.cs.meta"].map(guidOf)).size).toBe(4);
  expect(["Samples~.meta", "Samples~/One.meta"].filter((path) => existsSync(at(path)))).toEqual([]);
  const before = metas.map(guidOf);
  for (const path of metas) rmSync(at(path));
  expect(metaFaults(top)).toEqual(metas.map((path) => `missing: ${path}`));
  writeMetas(top);
  expect(metas.map(guidOf)).toEqual(before);
});

test("an assembly is seen by those only that name it: a game's own Google.Protobuf stays the game's", () => {
  mkdirSync(at("Runtime/Plugins"));
  writeFileSync(at("Runtime/Plugins/Packed.dll"), "");
  writeMetas(top);
  expect(readFileSync(at("Runtime/Plugins/Packed.dll.meta"), "utf8")).toMatch(/^ {2}isExplicitlyReferenced: 1$/m);
});

test.each<[string, () => void, string]>([
  ["a file's is missing", () => rmSync(at("Runtime/A.cs.meta")), "missing: Runtime/A.cs.meta"],
  ["a folder's is missing", () => rmSync(at("Runtime/Resources.meta")), "missing: Runtime/Resources.meta"],
  ["one is left over", () => rmSync(at("Runtime/A.cs")), "orphaned: Runtime/A.cs.meta"],
  ["a sample's is missing", () => rmSync(at("Samples~/One/B.cs.meta")), "missing: Samples~/One/B.cs.meta"],
  ["a sample's is left over", () => rmSync(at("Samples~/One/B.cs")), "orphaned: Samples~/One/B.cs.meta"],
  [
    "a sample's is the same as another's",
    () => writeFileSync(at("Samples~/One/B.cs.meta"), readFileSync(at("Runtime/A.cs.meta"), "utf8")),
    "doubled: Samples~/One/B.cs.meta",
  ],
  [
    "two are the same",
    () => {
      const text = readFileSync(at("Runtime/A.cs.meta"), "utf8");
      writeFileSync(at("package.json.meta"), text.replace(/guid: .*/, `guid: ${guidOf("Runtime.meta")}`));
    },
    "doubled: ",
  ],
  [
    "one has no guid",
    () => writeFileSync(at("Runtime/A.cs.meta"), "fileFormatVersion: 2\n"),
    "no guid: Runtime/A.cs.meta",
  ],
])("%s: named", (_what, spoil, fault) => {
  spoil();
  expect(metaFaults(top).some((line) => line.startsWith(fault))).toBe(true);
});

test("a guid stays with its file, wherever that moves, and a new file never gets one that is taken", () => {
  const before = guidOf("Runtime/A.cs.meta");
  mkdirSync(at("Runtime/Core"));
  renameSync(at("Runtime/A.cs"), at("Runtime/Core/A.cs"));
  renameSync(at("Runtime/A.cs.meta"), at("Runtime/Core/A.cs.meta"));
  writeFileSync(at("Runtime/A.cs"), "another file at the old place");
  writeMetas(top);
  expect(metaFaults(top)).toEqual([]);
  expect(guidOf("Runtime/Core/A.cs.meta")).toBe(before);
  expect(guidOf("Runtime/A.cs.meta")).not.toBe(before);
});
