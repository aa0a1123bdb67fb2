// The fault matrix's last fault, the symbol for batch deletes missing: a library is loaded once a process, so this is another.
import { calls } from "./calls.js";
import { olderCoreFaults } from "./faults.js";
import { ample, tightInCSharp, tightInScript } from "./limits.js";
import { cellsOf } from "./table.js";

const sdkVersion = "6.1.0-standin";

for (const limits of [ample, tightInCSharp, tightInScript]) {
  cellsOf([olderCoreFaults.cleared], calls({ clearMessage: true, sdkVersion }), limits);
  cellsOf([olderCoreFaults.kept], calls({ clearMessage: false, sdkVersion }), limits);
}

export * from "../scenarios/host-exports.js";
export { reachedTheLimitOfCalls, whySpared } from "./table.js";
