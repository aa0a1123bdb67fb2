// npm run soak: a million deletes on the stand-in, and what they leave behind. `npm run soak -- --count N` for fewer.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./lib/root.mjs";
import { buildStandIn, dotnetBuild, has, installNodeModules } from "./lib/set-up.mjs";
import { skippedSuite, summary } from "./lib/suite-result.mjs";

const project = "test/soak/TimChatBridge.Soak.csproj";
const assembly = "test/soak/bin/Release/net8.0/TimChatBridge.Soak.dll";
const fewest = 100;

const count = readCount();
installNodeModules();
const missing = buildStandIn() ?? (has("dotnet") ? undefined : "no .NET SDK (dotnet) on this machine");
if (missing !== undefined) {
  console.log(`SKIPPED soak: ${missing}`);
  console.log(summary(skippedSuite(missing)));
  process.exit(0);
}
dotnetBuild(project);
const { status, signal } = spawnSync(
  "dotnet",
  [join(root, assembly), join(root, ".cache/native/libImSDK.so"), `${count}`],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (status === null) console.log(`FAILED soak: it was ended by ${signal}\n0 passed, 1 failed, 0 skipped`);
process.exit(status ?? 1);

function readCount() {
  try {
    const { values } = parseArgs({ options: { count: { type: "string", default: "1000000" } } });
    if (/^\d{1,9}$/.test(values.count) && Number(values.count) >= fewest) return Number(values.count);
    console.error(`--count ${values.count}: give a whole number from ${fewest} to 999999999.`);
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run soak -- [--count N]`);
  }
  process.exit(2);
}
