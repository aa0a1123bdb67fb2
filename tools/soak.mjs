// npm run soak: a million deletes on the stand-in, and what they leave behind; first on the C# side alone, then through the
// script. `npm run soak -- --count N` for fewer, `--part csharp` or `--part script` for one of the two.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { leave } from "./lib/leave.mjs";
import { root } from "./lib/root.mjs";
import { buildNodeHost, buildScript, buildStandIn, dotnetBuild, has, installNodeModules } from "./lib/set-up.mjs";
import { skippedSuite, summary } from "./lib/suite-result.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const project = "test/soak/TimChatBridge.Soak.csproj";
const assembly = "test/soak/bin/Release/net8.0/TimChatBridge.Soak.dll";
const standIn = join(root, ".cache/native/libImSDK.so");
const fewest = 100;

const { count, part } = readArguments();
const parts = {
  csharp: {
    title: "the C# side, with a double for script",
    build: () => dotnetBuild(project),
    command: ["dotnet", join(root, assembly), standIn, count],
  },
  script: {
    title: "through the script, on the Node host",
    build: () => {
      buildScript();
      buildNodeHost();
    },
    command: [
      // A young generation that has its full size from the start: otherwise it grows as the run goes on, and looks like a leak.
      ...[process.execPath, "--expose-gc", "--min-semi-space-size=16", "--max-semi-space-size=16", "--no-warnings"],
      join(root, "test/soak/through-script.mjs"),
      ...[standIn, count],
    ],
  },
};

installNodeModules();
const missing = buildStandIn() ?? (has("dotnet") ? undefined : "no .NET SDK (dotnet) on this machine");
if (missing !== undefined) {
  console.log(`SKIPPED soak: ${missing}`);
  console.log(summary(skippedSuite(missing)));
  await leave(0);
}
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, { title, build, command }] of Object.entries(parts)) {
  if (part !== undefined && part !== name) continue;
  build();
  console.log(`\n== soak, ${name}: ${title}`);
  const began = performance.now();
  const outcome = await play(name, command);
  console.log(`soak, ${name}: ${summary(outcome)}, in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  for (const counted of Object.keys(total)) total[counted] += outcome[counted];
}
console.log(`\n${summary(total)}`);
await leave(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** Runs a part, which prints as it goes; its last line is its summary. One that ends without, or against it, has failed. */
async function play(name, [command, ...args]) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text) => {
    said = (said + text).slice(-1000);
    process.stdout.write(text);
  });
  const [status, why] = await new Promise((resolve) => {
    child.on("error", (error) => resolve([null, error.message]));
    child.on("close", (code, signal) => resolve([code, signal ?? `exit code ${code}`]));
  });
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(said)?.slice(1).map(Number);
  if (counts !== undefined && (status === 0) === (counts[1] === 0)) {
    return { passed: counts[0], failed: counts[1], skipped: counts[2] };
  }
  console.log(`FAILED soak, ${name}: it ended with ${why}`);
  return { passed: 0, failed: 1, skipped: 0 };
}

function readArguments() {
  const values = toolOptions("npm run soak -- [--count N] [--part csharp|script]", {
    count: { type: "string", default: "1000000" },
    part: { type: "string", choices: ["csharp", "script"] },
  });
  if (!/^\d{1,9}$/.test(values.count) || Number(values.count) < fewest) {
    console.error(`--count ${values.count}: give a whole number from ${fewest} to 999999999.`);
    process.exit(2);
  }
  return values;
}
