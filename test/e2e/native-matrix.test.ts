// The fault matrix of the native path: every fault on every call, through the whole bridge, on the stand-in for libImSDK.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { calls } from "./matrix/calls.js";
import { openDoors } from "./matrix/doors.js";
import { faults } from "./matrix/faults.js";
import { cellsOf } from "./matrix/table.js";

const sdkVersion = "8.0.0-standin";
const doors = openDoors(join(root, ".cache/native/libImSDK.so"));

cellsOf(faults, calls({ clearMessage: true, sdkVersion }), doors);

test("at the end no exception has escaped on any thread", () => {
  expect(doors.door.TakeEscapedAtLast()).toBe("");
});
