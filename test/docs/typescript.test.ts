// The documents' TypeScript: all of it is type-checked against the built package as users get it; what is marked `run` runs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { ownPackage } from "../../tools/lib/own-package.mjs";
import { allBlocks, type Block, place, root } from "./markdown.js";

const folder = join(root, ".cache/docs/ts");
const ours = allBlocks.filter(({ language }) => language === "ts");
const fileOf = (block: Block): string => `${place(block).replaceAll(/[^A-Za-z0-9]+/g, "-")}.ts`;

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const block of ours) writeFileSync(join(folder, fileOf(block)), `${block.text}export {};\n`);
  cpSync(join(root, "test/docs/given.d.ts"), join(folder, "given.d.ts"));
  cpSync(join(root, "test/samples/console.d.ts"), join(folder, "console.d.ts"));
  const settings = {
    extends: "../../../test/samples/tsconfig.json",
    // An example may end with what it has got.
    compilerOptions: { target: "es2022", noUnusedLocals: false },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
});

test("there is some, and it is marked `run` or not at all", () => {
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter(({ mark }) => mark !== "" && mark !== "run").map(place)).toEqual([]);
});

test("all of it type-checks", () => {
  const { status, stdout } = spawnSync("npx", ["--no-install", "tsc", "-p", folder], { cwd: root, encoding: "utf8" });
  expect(`${stdout}${status}`).toBe("0");
});

describe("what is marked `run`", () => {
  const runnable = ours.filter(({ mark }) => mark === "run");

  test.each(runnable.map((block) => [place(block), block] as const))("%s", async (_place, block) => {
    const file = join(folder, fileOf(block));
    const outfile = file.replace(/ts$/, "mjs");
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      logLevel: "silent",
      plugins: [ownPackage],
    });
    const noDeadlines = pathToFileURL(join(root, "test/docs/no-deadlines.mjs")).href;
    const line = ["--import", noDeadlines, outfile];
    const { status, stdout, stderr } = spawnSync(process.execPath, line, { encoding: "utf8", timeout: 60_000 });
    expect(`${stderr}${status}`).toBe("0");
    // What it prints stands below it.
    const next = allBlocks[allBlocks.indexOf(block) + 1];
    const printed = next?.file === block.file && next.language === "text" ? next.text : "";
    expect(stdout).toBe(printed);
  });
});
