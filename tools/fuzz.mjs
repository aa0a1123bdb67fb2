// npm run fuzz: a million mutated frames to the C# side and as many to the script side.
//   npm run fuzz -- [--seed N] [--count N] [--side csharp|script] [--only INDEX]
// Frames come in rounds, each of which can be played alone: --only replays the round of a frame and shows the frame. A finding
// prints the line to give. The script side plays whole rounds, so that its count is rounded up.
import { randomInt } from "node:crypto";
import { installNodeModules } from "./lib/set-up.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const options = readOptions();
installNodeModules();
const { runFuzz, sides } = await import("./lib/fuzz-run.mjs");
const { buildNodeHost, buildStandIn } = await import("./lib/set-up.mjs");
const { summary } = await import("./lib/suite-result.mjs");

const tally = { passed: 0, failed: 0, skipped: 0 };
console.log(`seed ${options.seed}`);
for (const side of options.side === undefined ? Object.keys(sides) : [options.side]) {
  const missing = side === "csharp" ? buildStandIn() : undefined;
  if (missing !== undefined) {
    console.log(`SKIPPED ${sides[side]}: ${missing}`);
    tally.skipped++;
    continue;
  }
  if (side === "csharp") buildNodeHost();
  const finding = await runFuzz({ ...options, side });
  if (finding === undefined) tally.passed++;
  else tally.failed++;
}
console.log(summary(tally));
process.exit(tally.failed > 0 ? 1 : 0);

function readOptions() {
  const usage = "npm run fuzz -- [--seed N] [--count N] [--side csharp|script] [--only INDEX]";
  const text = { type: "string" };
  const values = toolOptions(usage, {
    seed: text,
    count: text,
    side: { ...text, choices: ["csharp", "script"] },
    only: text,
  });
  try {
    const seed = whole("--seed", values.seed, randomInt(1, 2 ** 31));
    const count = whole("--count", values.count, 1_000_000);
    const only = whole("--only", values.only, undefined);
    if (only !== undefined && (values.side === undefined || values.seed === undefined)) {
      throw new Error("--only needs --side and --seed: a frame's number says nothing without them");
    }
    return { seed, count, side: values.side, only };
  } catch (error) {
    console.error(`${error.message}\nUsage: ${usage}`);
    process.exit(2);
  }
}

function whole(name, text, otherwise) {
  if (text === undefined) return otherwise;
  if (!/^\d{1,12}$/.test(text)) throw new Error(`${name} ${text}: give a whole number`);
  return Number(text);
}
