// The fault matrix of the native path on the Node host: see matrix/today.ts.
import { playMatrix } from "./matrix/node-matrix.js";

await playMatrix("matrix.mjs", "libImSDK.so");
