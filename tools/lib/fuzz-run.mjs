// Runs one side's fuzz in a process of its own, so that a crash or a hang is a finding like any other.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.mjs";

/** A round of frames takes under a second: whoever is silent so long hangs. */
const silenceMs = 300_000;

export const sides = { csharp: "frames to the C# side", script: "frames to the script side" };

/** Plays a side, and prints what was seen or found. Resolves with the finding in a line, with its replay; undefined: none. */
export async function runFuzz({ side, seed, count, only }) {
  const name = `${sides[side]}, seed ${seed}`;
  const started = Date.now();
  const { seen, finding } = await play([side, seed, count, ...(only === undefined ? [] : [only])]);
  const seconds = (Date.now() - started) / 1000;
  if (finding === undefined && only === undefined) {
    const speed = `${seconds.toFixed(0)} s, ${(seen.mutated / seconds).toFixed(0)} a second`;
    console.log(`ok     ${seen.mutated} mutated ${name} (${speed})\n${summaryOf(seen)}`);
  } else if (finding === undefined) console.log(`ok     replayed the round of frame ${only}: ${name}`);
  else {
    const { what, index, hex } = finding;
    const replay = `npm run fuzz -- --side ${side} --seed ${seed} ${index === undefined ? `--count ${count}` : `--only ${index}`}`;
    const lines = [what, `replay: ${replay}`, ...(hex === undefined ? [] : [hex])];
    console.log(`FAILED ${name}\n${lines.map((line) => `       ${line}`).join("\n")}`);
    return `${name}: ${what.split("\n", 1)[0]}; replay: ${replay}`;
  }
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
