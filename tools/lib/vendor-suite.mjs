// The tests on the vendor's real core, in a process of their own that is cut off from the network.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cutOff } from "./network.mjs";
import { root } from "./root.mjs";
import { vitest } from "./runners.mjs";
import { skippedSuite } from "./suite-result.mjs";
import { vendorCore } from "./vendor-core.mjs";

const self = fileURLToPath(import.meta.url);
const resultFile = join(root, ".cache/test-results/real-core-suite.json");

/** Runs them. What they need must be built. Without the library, or where nothing can be cut off: a counted skip. */
export function vendorCoreSuite() {
  // Fetched here: there is no network where the tests run.
  const { reason } = vendorCore();
  if (reason !== undefined) return skippedSuite(`the real core: ${reason}`);
  const { prefix, reason: why } = cutOff();
  if (prefix === undefined) return skippedSuite(`the real core: the network cannot be cut off: ${why}`);
  rmSync(resultFile, { force: true });
  const [command, ...args] = prefix;
  // The core writes files; what a crash leaves of them goes too.
  const temporary = mkdtempSync(join(tmpdir(), "tim-chatbridge-"));
  const run = spawnSync(command, [...args, process.execPath, self], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  rmSync(temporary, { recursive: true, force: true });
  const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, "utf8")) : undefined;
  const failed = result === undefined || result.failed > 0;
  const output = `${run.stdout}${run.stderr}`;
  // The core writes its whole log to the standard output.
  process.stdout.write(failed ? output : output.replace(/^TIM: .*\n/gm, ""));
  if (result !== undefined) return result;
  const problem = `the tests on the real core gave no result (${run.error?.message ?? run.signal ?? `exit code ${run.status}`})`;
  return { passed: 0, failed: 1, skipped: 0, failures: [problem], skips: [] };
}

if (process.argv[1] === self) {
  mkdirSync(dirname(resultFile), { recursive: true });
  writeFileSync(resultFile, JSON.stringify(vitest("real-core", "test/e2e/vendor.vitest.config.ts")));
}
