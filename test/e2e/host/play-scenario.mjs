// Plays a scenario on the Node host, frame by frame, as test/puerts/ScriptRun.cs does on PuerTS.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../tools/lib/root.mjs";
import { ScriptEnvironments } from "./script-environments.mjs";

const mostFrames = 200_000;
const otherScript = join(root, ".cache/e2e/other-script.mjs");
const inspector = join(root, ".cache/e2e/inspector/tim-chatbridge.mjs");

/** Plays one of a bundle's scenarios to its end and returns how it ended: "passed", or why not. */
export async function playScenario(host, scenarios, name) {
  const environments = new ScriptEnvironments(host, otherScript);
  host.TestGame.Restart();
  scenarios.start(name);
  try {
    for (let frames = 0; scenarios.outcome() === "running" && frames < mostFrames; frames++) {
      for (let order = scenarios.order(); order !== ""; order = scenarios.order()) {
        await carryOut(host, environments, scenarios, order.split("\t"));
        await promisesRun();
      }
      host.TestGame.Tick();
      await promisesRun();
      scenarios.frame();
      await promisesRun();
    }
    host.TestGame.Tick();
    return scenarios.outcome();
  } finally {
    environments.disposeAll();
  }
}

async function carryOut(host, environments, scenarios, [whose, ...words]) {
  let answer = "";
  try {
    if (whose === "environment") answer = await environments.carryOut(...words);
    else if (whose === "inspect") answer = inspect(...words);
    else host.BetweenFrames.Do(words[0]);
  } catch (error) {
    scenarios.failed(`${words.join(" ")}: ${error.message}`);
    return;
  }
  scenarios.carriedOut(answer);
}

/** The shipped inspector, as a program of its own, on a file with these bytes. */
function inspect(hex, ...options) {
  const folder = mkdtempSync(join(tmpdir(), "chatbridge-recording-"));
  try {
    const file = join(folder, "game.rec");
    writeFileSync(file, Buffer.from(hex, "hex"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [inspector, "inspect", file, ...options], {
      encoding: "utf8",
    });
    return JSON.stringify({ status, out: stdout, err: stderr });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Promises of script run between frames. */
function promisesRun() {
  return new Promise((resolve) => setImmediate(resolve));
}
