// The short fuzz of `npm test`: both sides, on a seed that is always the same and on one that never is.
import { randomInt } from "node:crypto";
import { runFuzz } from "./fuzz-run.mjs";
import { buildNodeHost, buildStandIn } from "./set-up.mjs";
import { combined, skippedSuite } from "./suite-result.mjs";

const sameSeed = 1;
const framesEach = 20_000;

export async function fuzzSuite() {
  const seeds = [sameSeed, randomInt(2, 2 ** 31)];
  const missing = buildStandIn();
  if (missing === undefined) buildNodeHost();
  const parts = [];
  for (const seed of seeds) {
    const csharp = missing === undefined ? part("csharp", seed) : skippedSuite(`fuzz of the C# side: ${missing}`);
    parts.push(...(await Promise.all([csharp, part("script", seed)])));
  }
  return combined(parts);
}

async function part(side, seed) {
  const finding = await runFuzz({ side, seed, count: framesEach });
  const failures = finding === undefined ? [] : [finding];
  return { passed: 1 - failures.length, failed: failures.length, skipped: 0, failures, skips: [] };
}
