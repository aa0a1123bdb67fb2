// Plays a table of the fault matrix on the Node host, with a record of each cell.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../../tools/lib/root.mjs";
import { loadNodeHost } from "../host/node-host.mjs";
import { playScenario } from "../host/play-scenario.mjs";
import { record } from "./record.js";

/** Declares the tests of a bundle of .cache/e2e, on a library of .cache/native. Once a process. */
export async function playMatrix(bundle: string, library: string): Promise<void> {
  const host = loadNodeHost();
  host.GameLoop.UseLibrary(join(root, ".cache/native", library));
  const scenarios = await import(join(root, ".cache/e2e", bundle));
  const names: string[] = scenarios.names().replaceAll("*", "").split("\n");
  const cells = names.filter((name) => name.includes(" | ")).map((name) => name.split(" | ") as [string, string]);
  for (const row of new Set(cells.map(([fault]) => fault))) {
    const calls = cells.filter(([fault]) => fault === row).map(([, call]) => call);
    record({ kind: "row", row, calls });
  }
  for (const name of names) {
    const [row, call] = name.split(" | ") as [string, string | undefined];
    test(name, async () => {
      if (call !== undefined) record({ kind: "began", row, call });
      const outcome = await playScenario(host, scenarios, name);
      const why: string = scenarios.whySpared(name);
      const mark = outcome !== "passed" ? "failed" : why === "" ? "passed" : "spared";
      if (call !== undefined)
        record({ kind: "ended", row, call, mark, why, full: scenarios.reachedTheLimitOfCalls(name) });
      expect(outcome, outcome).toBe("passed");
    });
  }
}
