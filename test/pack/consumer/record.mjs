// A game's script as far as a recording goes: it deletes and signs in through a plugin that takes everything. Started with
// the file to write, from where the package is installed.
import { writeFileSync } from "node:fs";
import { connect, TIMConvType } from "tim-chatbridge";

/** A DrainBatch: clock_ms 1, state OPEN. */
const nothingNew = Uint8Array.of(0x08, 0x01, 0x10, 0x01);
const port = {
  /** CAPABILITY_NATIVE_CORE */
  Capabilities: () => 1,
  Open: () => 1,
  SetEnvironment: () => {},
  SetWake: () => {},
  Send: () => 0,
  Drain: () => nothingNew.slice().buffer,
  Close: () => {},
};
globalThis.CS = { TimChatBridge: { ScriptPort: Object.assign(() => {}, port) } };

const bridge = connect({ recording: {} });
bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C);
bridge.Login("me", "a-UserSig-of-mine");
writeFileSync(process.argv[2], bridge.recording());
