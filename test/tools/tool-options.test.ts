// Every tool that people start: a command line that is wrong is said in one line, with the usage, and nothing is done.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";

const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
const commands = [...new Set(Object.values(scripts)), "node tools/golden-frames.mjs"];

function run(line: string) {
  const [program = "", ...args] = line.split(" ");
  const { status, stdout, stderr } = spawnSync(program === "node" ? process.execPath : program, args, {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, lines: stderr.trim().split("\n") };
}

describe.each(commands)("%s", (line) => {
  test("--nonsense", () => {
    const { status, stdout, lines } = run(`${line} --nonsense`);
    expect([status, stdout]).toEqual([2, ""]);
    expect(lines[0]).toContain("--nonsense");
    expect(lines.filter((text) => /^\s+at |node:internal/.test(text))).toEqual([]);
    expect(lines.join("\n")).toMatch(/Usage: /);
  });

  test("--help, and nothing is done", () => {
    const { status, stdout, lines } = run(`${line} --help`);
    expect([status, lines]).toEqual([0, [""]]);
    expect(stdout).toMatch(/^Usage: /);
    expect(run(`${line} --help --nonsense`).status).toBe(2);
  });
});

test("a value that is none of those there are, beside --help too", () => {
  for (const line of ["tools/soak.mjs --part both", "tools/fuzz.mjs --side both", "tools/start.mjs --core both"]) {
    for (const asked of [line, `${line} --help`]) {
      const { status, stdout, lines } = run(`node ${asked}`);
      expect([status, stdout], asked).toEqual([2, ""]);
      expect(lines[0], asked).toMatch(/^--\w+ both: .*\b(?:script|native)\b/);
    }
  }
});

test("a value that is missing, and --help", () => {
  expect(run("node tools/pack.mjs --branch").lines[0]).toMatch(/--branch.* argument missing/);
  expect(run("node tools/pack.mjs --help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--check") });
});
