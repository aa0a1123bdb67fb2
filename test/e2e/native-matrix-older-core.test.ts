// The fault matrix's last fault, the symbol for batch deletes missing: a library is loaded once a process, so this is another.
import { join } from "node:path";
import { root } from "../../tools/lib/root.mjs";
import { calls } from "./matrix/calls.js";
import { openDoors } from "./matrix/doors.js";
import { olderCoreFaults } from "./matrix/faults.js";
import { cellsOf } from "./matrix/table.js";

const sdkVersion = "6.1.0-standin";
const doors = openDoors(join(root, ".cache/native/without-batch/libImSDK.so"));

cellsOf([olderCoreFaults.cleared], calls({ clearMessage: true, sdkVersion }), doors);
cellsOf([olderCoreFaults.kept], calls({ clearMessage: false, sdkVersion }), doors);
