// The end-to-end scenarios on the Node host: the shipped script and the production C#, in one process.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "./host/node-host.mjs";
import { playScenario } from "./host/play-scenario.mjs";

const library = join(root, ".cache/native/libImSDK.so");
const host = loadNodeHost();
if (existsSync(library)) host.GameLoop.UseLibrary(library);
const standIn = existsSync(library) && host.StandIn.IsThere();
const scenarios = await import(join(root, ".cache/e2e/scenarios.mjs"));

for (const line of scenarios.names().split("\n")) {
  const needsStandIn = line.startsWith("*");
  const name = needsStandIn ? line.slice(1) : line;
  test.skipIf(needsStandIn && !standIn)(name, async () => {
    if (standIn) host.StandIn.Reset();
    expect(await playScenario(host, scenarios, name)).toBe("passed");
  });
}
