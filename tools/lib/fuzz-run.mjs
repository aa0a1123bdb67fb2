// Runs one side's fuzz in a process of its own, so that a crash or a hang is a finding like any other.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.mjs";

/** A round of frames takes under a second: whoever is silent so long hangs. */
const silenceMs = 300_000;

export const sides = { csharp: "frames to the C# side", script: "frames to the script side" };

/** Plays a side. Resolves with `{ seen }`, or `{ finding: { what, index, hex } }`. Prints both. */
export async function runFuzz({ side, seed, count, only }) {
  const name = `${sides[side]}, seed ${seed}`;
  const started = Date.now();
  const outcome = await play([side, seed, count, ...(only === undefined ? [] : [only])]);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  if (outcome.finding === undefined) {
    const title = only === undefined ? `${outcome.seen.mutated} mutated ${name}` : `replayed up to ${only}: ${name}`;
    console.log(`ok     ${title} (${seconds} s)${only === undefined ? `\n${summaryOf(outcome.seen)}` : ""}`);
  } else console.log(`FAILED ${name}\n${describe(outcome.finding, side, seed)}`);
  return { name, ...outcome };
}

function play(parameters) {
  const script = join(root, "test/fuzz/run-side.mjs");
  const child = spawn(process.execPath, ["--expose-gc", script, ...parameters.map(String)], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve) => {
    let reached;
    let last;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = {
          finding: { what: `it hangs: silent for ${silenceMs / 1000} s after frame ${reached}`, index: reached },
        };
        child.kill("SIGKILL");
      }, silenceMs);
    };
    watch();
    child.on("message", (message) => {
      if (message.progress === undefined) last = message;
      else reached = message.progress;
      watch();
    });
    child.on("error", (error) => {
      last ??= { finding: { what: error.message } };
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const ended = `the process ended with ${signal ?? `exit code ${code}`} in the round that begins with frame ${reached}`;
      resolve(last ?? { finding: { what: ended, index: reached } });
    });
  });
}

function describe({ what, index, hex }, side, seed) {
  const replay =
    index === undefined
      ? []
      : [`frame ${index}; replay: npm run fuzz -- --side ${side} --seed ${seed} --only ${index}`];
  return [what, ...replay, ...(hex === undefined ? [] : [hex])].map((line) => `       ${line}`).join("\n");
}

/** What was seen, a line for each number or table. */
function summaryOf({ mutated, decoded, ...seen }) {
  const percent = ((100 * decoded) / mutated).toFixed(1);
  const lines = [`${decoded} of ${mutated} mutated frames (${percent} %) still decode in protobufjs`];
  for (const [name, value] of Object.entries(seen)) {
    if (typeof value === "number") lines.push(`${name}: ${value}`);
    else
      lines.push(
        `${name}: ${Object.entries(value)
          .map(([key, count]) => `${key} ${count}`)
          .join(", ")}`,
      );
  }
  return lines.map((line) => `       ${line}`).join("\n");
}
