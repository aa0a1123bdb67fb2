// A core that cannot report anything of the session: a library is loaded once a process, so this is another.
import { calls } from "./calls.js";
import { withoutSessionSlots } from "./faults.js";
import { ample, tightInCSharp, tightInScript } from "./limits.js";
import { cellsOf } from "./table.js";

const columns = calls({ clearMessage: true, sdkVersion: "8.0.0-standin" });

for (const limits of [ample, tightInCSharp, tightInScript]) cellsOf([withoutSessionSlots], columns, limits);

export * from "../scenarios/host-exports.js";
export { reachedTheLimitOfCalls, whySpared } from "./table.js";
