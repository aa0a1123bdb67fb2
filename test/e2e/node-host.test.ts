// The end-to-end scenarios on the Node host: the shipped script and the production C#, in one process.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "./host/node-host.mjs";
import { standInLibrary, standInMissing, unless } from "./skip.js";

const scenarios = await import(join(root, ".cache/e2e/scenarios.mjs"));
const { GameLoop, TestGame, StandIn } = loadNodeHost();
if (standInMissing() === undefined) GameLoop.UseLibrary(standInLibrary);
const standIn = standInMissing() === undefined && StandIn.IsThere();
const noStandIn = standIn ? undefined : (standInMissing() ?? `${standInLibrary} is no stand-in for libImSDK`);

const mostFrames = 200_000;

for (const line of scenarios.names().split("\n")) {
  const needsStandIn = line.startsWith("*");
  const name = needsStandIn ? line.slice(1) : line;
  test(name, unless(needsStandIn ? noStandIn : undefined), async () => {
    if (standIn) StandIn.Reset();
    TestGame.Restart();
    scenarios.start(name);
    for (let frames = 0; scenarios.outcome() === "running" && frames < mostFrames; frames++) {
      TestGame.Tick();
      scenarios.frame();
      // Promises of script run between frames.
      await new Promise((resolve) => setImmediate(resolve));
    }
    TestGame.Tick();
    expect(scenarios.outcome()).toBe("passed");
  });
}

test("the C# side holds one script delegate a session, however many closures are outstanding", async () => {
  const { NodeScriptPort } = loadNodeHost();
  TestGame.Restart();
  const before = NodeScriptPort.DelegatesHandedOver;
  scenarios.start("ten thousand closures outstanding at once are each called once, in order");
  while (scenarios.outcome() === "running") {
    TestGame.Tick();
    scenarios.frame();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(scenarios.outcome()).toBe("passed");
  expect(NodeScriptPort.DelegatesHandedOver - before).toBe(1);
});
