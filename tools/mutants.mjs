// npm run mutants: breaks one protected thing at a time, in a copy, and sees that a test notices.
// `npm run mutants -- WORD` runs only those whose name, file or suite has the word in it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { leave } from "./lib/leave.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { buildStandIn, installNodeModules } from "./lib/set-up.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const {
  words: [word = ""],
} = toolOptions("npm run mutants [-- WORD]", {}, { words: true });

installNodeModules();
buildStandIn();

const copy = join(root, ".cache/mutants");
const vitest = ["npx", "--no-install", "vitest", "run", "--bail=1", "--reporter=dot"];
const dotnet = (tests) => ({
  tests,
  compiles: () => succeeds(["dotnet", "build", tests, "-c", "Release", "-v", "q", "--nologo"]),
  passes: () => succeeds(["dotnet", "test", tests, "-c", "Release", "-v", "q", "--nologo", "--no-build"]),
});

/** How each suite is run, and how it is told that a mutant is a program at all. */
const suites = {
  typescript: {
    compiles: (file) => succeeds(["npx", "--no-install", "esbuild", file, "--log-level=error"]),
    passes: () => succeeds([...vitest, "--config", "vitest.config.ts"]),
  },
  csharp: dotnet("test/dotnet/Tests/TimChatBridge.Tests.csproj"),
  unity: dotnet("test/unity/TimChatBridge.UnityTests.csproj"),
};

const folder = join(root, "test/mutants");
const mutants = readdirSync(folder)
  .flatMap((name) => {
    const suite = name.replace(/\.json$/, "");
    return JSON.parse(readFileSync(join(folder, name), "utf8")).map((mutant) => ({ suite, ...mutant }));
  })
  .filter(({ name, file, suite }) => `${name} ${file} ${suite}`.includes(word));

makeCopy();
let killed = 0;
const survivors = [];
for (const suite of new Set(mutants.map((mutant) => mutant.suite))) {
  const { tests } = suites[suite];
  if (tests !== undefined && !succeeds(["dotnet", "restore", tests, "--locked-mode", "-v", "q"])) process.exit(1);
  if (!suites[suite].compiles(mutants.find((mutant) => mutant.suite === suite).file) || !suites[suite].passes()) {
    console.error(`The ${suite} suite does not pass as it is: nothing can be learned from breaking it.`);
    process.exit(1);
  }
}
for (const mutant of mutants) {
  const result = tryMutant(mutant);
  console.log(`${result.padEnd(8)} ${mutant.file}: ${mutant.name}`);
  if (result === "killed") killed++;
  else survivors.push(mutant.name);
}
console.log(`${killed} mutants killed, ${survivors.length} survived`);
await leave(survivors.length > 0 || killed === 0 ? 1 : 0);

function tryMutant({ suite, file, from, to }) {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  // A list that no longer fits the code is as bad as a test that notices nothing.
  if (original.split(from).length !== 2) return "STALE";
  writeFileSync(
    path,
    original.replace(from, () => to),
  );
  try {
    if (!suites[suite].compiles(file)) return "NO CODE";
    return suites[suite].passes() ? "SURVIVED" : "killed";
  } finally {
    writeFileSync(path, original);
  }
}

function makeCopy() {
  rmSync(copy, { recursive: true, force: true });
  const files = run("git", ["ls-files", "--cached", "--others", "--exclude-standard"]).split("\n").filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  mkdirSync(join(copy, ".cache"));
  // What has been done: a tool that a test starts in the copy must not install anew, through the link, into this checkout.
  cpSync(join(root, ".cache/steps"), join(copy, ".cache/steps"), { recursive: true });
  if (existsSync(join(root, ".cache/native")))
    cpSync(join(root, ".cache/native"), join(copy, ".cache/native"), { recursive: true });
}

function succeeds([command, ...args]) {
  // A mutant may well hang: that is noticed, too.
  return spawnSync(command, args, { cwd: copy, stdio: "ignore", timeout: 180_000 }).status === 0;
}
