import "./bad-input.js";
import "./changing-user.js";
import "./core-events.js";
import "./embedded-core.js";
import "./environments.js";
import "./hostile-frames.js";
import "./native-core.js";
import "./package-faults.js";
import "./protocol-versions.js";
import "./recording.js";
import "./sessions.js";
import "./thousand-rounds.js";
import "samples:scenarios";

export * from "./host-exports.js";
