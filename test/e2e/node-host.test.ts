// The end-to-end scenarios on the Node host: the shipped script and the production C#, in one process.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "./host/node-host.mjs";
import { playScenario } from "./host/play-scenario.mjs";
import { standInLibrary, standInMissing, unless } from "./skip.js";

const host = loadNodeHost();
if (standInMissing() === undefined) host.GameLoop.UseLibrary(standInLibrary);
const standIn = standInMissing() === undefined && host.StandIn.IsThere();
const noStandIn = standIn ? undefined : (standInMissing() ?? `${standInLibrary} is no stand-in for libImSDK`);
const scenarios = await import(join(root, ".cache/e2e/scenarios.mjs"));

for (const line of scenarios.names().split("\n")) {
  const needsStandIn = line.startsWith("*");
  const name = needsStandIn ? line.slice(1) : line;
  test(name, unless(needsStandIn ? noStandIn : undefined), async () => {
    if (standIn) host.StandIn.Reset();
    expect(await playScenario(host, scenarios, name)).toBe("passed");
  });
}
