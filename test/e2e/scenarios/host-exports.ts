// What a host calls: see test/e2e/host/play-scenario.mjs and test/puerts/ScriptRun.cs.
export { carriedOut, failed, frame, names, order, outcome, start } from "./scenario.js";
