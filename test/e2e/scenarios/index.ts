import "./bad-input.js";
import "./core-events.js";
import "./embedded-core.js";
import "./hostile-frames.js";
import "./native-core.js";
import "./sessions.js";

export { frame, names, outcome, start } from "./scenario.js";
