// The same on a core that deletes no batches: see matrix/older-core.ts.
import { playMatrix } from "./matrix/node-matrix.js";

await playMatrix("matrix-older-core.mjs", "without-batch/libImSDK.so");
