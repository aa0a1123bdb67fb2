// The fault matrix of the native path: every fault on every call, through the whole bridge, on the stand-in for libImSDK.
import { nativeScenario, same } from "../scenarios/scenario.js";
import { calls } from "./calls.js";
import { faults } from "./faults.js";
import { ample, tightInCSharp, tightInScript } from "./limits.js";
import { cellsOf } from "./table.js";

const columns = calls({ clearMessage: true, sdkVersion: "8.0.0-standin" });

for (const limits of [ample, tightInCSharp, tightInScript]) cellsOf(faults, columns, limits);

nativeScenario("at the end no exception has escaped on any thread", async ({ matrixDoor }) => {
  same(matrixDoor.TakeEscapedAtLast(), "", "exceptions that escaped");
});

export * from "../scenarios/host-exports.js";
export { reachedTheLimitOfCalls, whySpared } from "./table.js";
