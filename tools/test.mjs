// npm test: every suite, and at the end one line over all of them. `npm test -- NAME ...` runs the named ones only.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { leave } from "./lib/leave.mjs";
import { root } from "./lib/root.mjs";
import { installNodeModules } from "./lib/set-up.mjs";
import { summary } from "./lib/suite-result.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const { words: asked } = toolOptions("npm test [-- SUITE ...]", {}, { words: true });
installNodeModules();
const { suites } = await import("./lib/suites.mjs");

const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(", ")}. There are: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const results = join(root, ".cache/test-results");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const outcomes = [];
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name}`);
  const outcome = { name, ...(await attempt(suite)) };
  console.log(`${name}: ${summary(outcome)}`);
  outcomes.push(outcome);
}

console.log("");
for (const { name, failures } of outcomes) for (const failure of failures) console.log(`FAILED ${name}: ${failure}`);
for (const { name, skips } of outcomes) for (const skip of skips) console.log(`SKIPPED ${name}: ${skip}`);
for (const { name, forgiven = [] } of outcomes) for (const what of forgiven) console.log(`FORGIVEN ${name}: ${what}`);
const total = (count) => outcomes.reduce((sum, outcome) => sum + outcome[count], 0);
const all = { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
console.log(summary(all));
await leave(all.failed > 0 || all.passed === 0 ? 1 : 0);

/** A suite that cannot even be set up has failed; the others still run, and the last line still counts. */
async function attempt(suite) {
  try {
    return await suite();
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0, failures: [error.message], skips: [] };
  }
}
