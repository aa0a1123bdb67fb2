// Declares one test for each cell of a table of faults and calls.
import { test } from "vitest";
import type { Call } from "./calls.js";
import { playCell } from "./cell.js";
import type { Doors } from "./doors.js";
import type { Fault } from "./faults.js";
import { record } from "./record.js";

export function cellsOf(faults: readonly Fault[], calls: readonly Call[], doors: Doors): void {
  for (const fault of faults) {
    record({ kind: "row", row: fault.name, calls: calls.map(({ name }) => name) });
    for (const call of calls) {
      test(`${fault.name} | ${call.name}`, async () => {
        const cell = { row: fault.name, call: call.name };
        record({ kind: "began", ...cell });
        const why = fault.spares(call);
        let mark: "passed" | "spared" | "failed" = "failed";
        try {
          await playCell(doors, fault, call);
          mark = why === "" ? "passed" : "spared";
        } finally {
          record({ kind: "ended", ...cell, mark, why });
        }
      });
    }
  }
}
