// Runs the test runners and reads what they counted from their own result files, never from their text.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const results = join(root, ".cache/test-results");
const windows = process.platform === "win32";
/** The result files of this very run. One that lies there from another may tell of tests that are no more. */
const written = new Set();

/** Runs a command whose success is the whole result. */
export function check(name, command, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    shell: windows,
  });
  const passed = status === 0;
  console.log(`${passed ? "ok    " : "FAILED"} ${name}`);
  if (!passed) console.log(`${stdout}${stderr}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, failures: passed ? [] : [name], skips: [] };
}

/** The names of the tests that vitest would run with a configuration file. */
export function vitestNames(config) {
  const { status, stdout, stderr } = spawnSync(
    "npx",
    ["--no-install", "vitest", "list", "--config", config, "--json"],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, shell: windows },
  );
  if (status !== 0) throw new Error(`vitest list --config ${config} failed:\n${stdout}${stderr}`);
  return JSON.parse(stdout).map(({ name }) => name);
}

/** Runs vitest with a configuration file. */
export function vitest(name, config, env = {}) {
  const file = join(results, `${name}.json`);
  const run = spawn(
    "npx",
    [
      "--no-install",
      "vitest",
      "run",
      "--config",
      config,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    env,
  );
  if (!existsSync(file)) return crashed(`vitest gave no results (exit code ${run.status})`);
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  const tests = testResults.flatMap((suite) => suite.assertionResults);
  const having = (...states) => tests.filter(({ status }) => states.includes(status));
  const broken = testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0);
  const failures = [
    ...having("failed").map(({ fullName }) => fullName),
    ...broken.map((suite) => `${suite.name}: ${suite.message}`),
  ];
  // vitest fails a run for errors outside every test; those count too.
  if (run.status !== 0 && failures.length === 0) failures.push(`vitest ended with exit code ${run.status}`);
  return {
    passed: having("passed").length,
    failed: failures.length,
    skipped: having("pending", "skipped", "todo", "disabled").length,
    failures,
    skips: having("pending", "skipped", "todo", "disabled").map(
      ({ fullName, meta }) => `${fullName}${meta?.reason ? `: ${meta.reason}` : ""}`,
    ),
  };
}

/** The result file that this run's `dotnet test` left by this name; undefined where it ran none, or none that ended. */
export function dotnetResults(name) {
  const file = join(results, `${name}.trx`);
  return written.has(file) && existsSync(file) ? file : undefined;
}

/** Runs `dotnet test` on a project. */
export function dotnetTest(name, project, args = [], env = {}) {
  const { file, line } = dotnetTestLine(name, project, args);
  return dotnetTestResult(file, spawn("dotnet", line, env).status);
}

/** Runs several `dotnet test` beside each other, on projects that have been built. What each prints comes when it has ended. */
export function dotnetTestsAtOnce(runs) {
  return Promise.all(
    runs.map(async ({ name, project, args = [], env = {} }) => {
      const { file, line } = dotnetTestLine(name, project, ["--no-build", ...args]);
      const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1 << 28, shell: windows };
      const status = await new Promise((ended) => {
        execFile("dotnet", line, options, (error, stdout, stderr) => {
          process.stdout.write(stdout);
          process.stderr.write(stderr);
          ended(error === null ? 0 : (error.code ?? error.signal));
        });
      });
      return dotnetTestResult(file, status);
    }),
  );
}

function dotnetTestLine(name, project, args) {
  const file = join(results, `${name}.trx`);
  rmSync(file, { force: true });
  const line = [
    "test",
    project,
    "--nologo",
    "-v",
    "q",
    "-c",
    "Release",
    "--logger",
    `trx;LogFileName=${file}`,
    ...args,
  ];
  return { file, line };
}

function dotnetTestResult(file, status) {
  if (!existsSync(file)) return crashed(`dotnet test gave no results (exit code ${status})`);
  written.add(file);
  const trx = readFileSync(file, "utf8");
  const failures = [];
  const skips = [];
  const tests = [];
  const classes = new Map(
    [...trx.matchAll(/<UnitTest\b[^>]* id="([^"]*)"[\s\S]*?<TestMethod\b[^>]* className="([^"]*)"/g)].map(
      ([, id, className]) => [id, unescapeXml(className)],
    ),
  );
  let passed = 0;
  for (const [, attributes, body = ""] of trx.matchAll(
    /<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g,
  )) {
    const test = unescapeXml(/testName="([^"]*)"/.exec(attributes)?.[1] ?? "?");
    const outcome = /outcome="([^"]*)"/.exec(attributes)?.[1];
    tests.push({ name: test, className: classes.get(/testId="([^"]*)"/.exec(attributes)?.[1]) });
    const message = unescapeXml(/<Message>([\s\S]*?)<\/Message>/.exec(body)?.[1] ?? "").split("\n")[0];
    if (outcome === "Passed") passed++;
    else if (outcome === "NotExecuted") skips.push(`${test}: ${message}`);
    else failures.push(`${test}: ${message}`);
  }
  if (status !== 0 && failures.length === 0) failures.push(`dotnet test ended with exit code ${status}`);
  return { passed, failed: failures.length, skipped: skips.length, failures, skips, tests };
}

function spawn(command, args, env) {
  return spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
    shell: windows,
  });
}

function crashed(why) {
  return { passed: 0, failed: 1, skipped: 0, failures: [why], skips: [] };
}

export function unescapeXml(text) {
  const named = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => named[name]);
}
