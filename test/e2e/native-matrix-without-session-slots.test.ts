// The same on a core that reports nothing of the session: see matrix/without-session-slots.ts.
import { playMatrix } from "./matrix/node-matrix.js";

await playMatrix("matrix-without-session-slots.mjs", "without-session-slots/libImSDK.so");
