// Declares one scenario for each cell of a table of faults and calls.
import { nativeScenario } from "../scenarios/scenario.js";
import type { Call } from "./calls.js";
import { playCell } from "./cell.js";
import type { Fault } from "./faults.js";

const spared = new Map<string, string>();

export function cellsOf(faults: readonly Fault[], calls: readonly Call[]): void {
  for (const fault of faults) {
    for (const call of calls) {
      const name = `${fault.name} | ${call.name}`;
      spared.set(name, fault.spares(call));
      nativeScenario(name, (stage) => playCell(stage, fault, call));
    }
  }
}

/** Why a cell's fault cannot strike its call; "": it can. */
export function whySpared(name: string): string {
  return spared.get(name) ?? "";
}
