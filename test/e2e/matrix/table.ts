// Declares one scenario for each cell of a table of faults and calls.
import { nativeScenario } from "../scenarios/scenario.js";
import type { Call } from "./calls.js";
import { playCell } from "./cell.js";
import type { Fault } from "./faults.js";
import { ample, type Limits } from "./limits.js";

const spared = new Map<string, string>();
const full = new Set<string>();

/** With limits that are reached, those cells only which the fault strikes: the others know nothing of it. */
export function cellsOf(faults: readonly Fault[], calls: readonly Call[], limits: Limits = ample): void {
  for (const fault of faults) {
    for (const call of limits === ample ? calls : calls.filter((one) => fault.spares(one) === "")) {
      const row = limits === ample ? fault.name : `${fault.name}; ${limits.name}`;
      const name = `${row} | ${call.name}`;
      spared.set(name, fault.spares(call));
      nativeScenario(name, async (stage) => {
        if (await playCell(stage, fault, call, limits)) full.add(name);
      });
    }
  }
}

/** Why a cell's fault cannot strike its call; "": it can. */
export function whySpared(name: string): string {
  return spared.get(name) ?? "";
}

/** Whether in a cell that has been played a call was refused because as many were under way as may be. */
export function reachedTheLimitOfCalls(name: string): boolean {
  return full.has(name);
}
