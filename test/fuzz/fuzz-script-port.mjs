// C#'s side of the crossing, played by the fuzz: what script sends is read by protobufjs and written to a log.
import { systemId } from "./conversation-keys.mjs";
import { textOf } from "./wire-bytes.mjs";
import { has, read, write } from "./wire-schema.mjs";

/** The global CS as PuerTS shows it, with a plugin that answers as `answer` says and drains what it is given. */
export class FuzzScriptPort {
  clock = 1000;
  epoch = 1;
  log = [];
  /** What the fuzz's own side of the crossing failed with. */
  failure;
  /** What Send returns to a core call. */
  answer = () => 0;
  #wake;
  #waking = false;
  #batch;

  constructor() {
    globalThis.CS = {
      TimChatBridge: {
        ScriptPort: Object.assign(() => {}, {
          Capabilities: () => 1,
          Open: () => 1,
          SetEnvironment: () => {},
          SetWake: (_session, wake) => {
            this.#wake = wake;
          },
          Send: (_session, frame) => this.#kept(() => this.#send(frame)),
          Drain: () => this.#drain(),
          Close: () => {},
        }),
      },
    };
  }

  /** One game frame, in which script drains these bytes. */
  turn(batch) {
    this.#batch = batch;
    this.#waking = true;
    try {
      this.#wake();
    } finally {
      this.#waking = false;
    }
  }

  /** What was logged since the last call. */
  takeLog() {
    if (this.failure !== undefined) throw this.failure;
    const { log } = this;
    this.log = [];
    return log;
  }

  /** Script survives a plugin that throws; the fuzz must not. */
  #kept(send) {
    try {
      return send();
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  #drain() {
    const header = { clockMs: this.clock, state: 1, epoch: this.epoch };
    const batch = this.#waking && this.#batch !== undefined ? this.#batch : write("DrainBatch", header);
    this.#batch = undefined;
    return Uint8Array.from(batch).buffer;
  }

  #send(bytes) {
    const frame = read("ToPlugin", bytes);
    if (frame?.version !== 1) throw new Error("script sent a frame that protobufjs cannot read");
    if (has(frame, "publish")) {
      this.log.push(noticeEntry(frame.publish));
      return 0;
    }
    if (has(frame, "epochRaised")) {
      this.log.push({ kind: "epochRaised", epoch: frame.epochRaised.epoch });
      return 0;
    }
    if (has(frame, "cancel")) {
      this.log.push({ kind: "cancel", callId: frame.cancel.callId });
      return 0;
    }
    if (!has(frame, "coreCall")) throw new Error("script sent a frame that a native core never sends");
    const entry = callEntry(frame.coreCall);
    entry.answer = this.answer(entry);
    this.log.push(entry);
    return entry.answer;
  }
}

function noticeEntry(notice) {
  const [[name, body]] = Object.entries(notice);
  const entry = { kind: "notice", name };
  switch (name) {
    case "deleteCompleted":
    case "lateResult": {
      const { requestId, results, code } = body;
      return { ...entry, requestId, code, count: results.length, outcomes: results.map(({ outcome }) => outcome) };
    }
    case "conversationsDeleted":
      return { ...entry, ids: body.conversations.map(idOf) };
    case "conversationListSync":
      return { ...entry, value: body.state };
    case "sessionChanged":
      return { ...entry, value: body.kind };
    case "connectionChanged":
      return { ...entry, value: body.status, code: body.code };
    default:
      return { ...entry, ids: body.conversations.map(({ conversation }) => idOf(conversation)) };
  }
}

function callEntry({ callId, epoch, originRequestId, ...methods }) {
  const [[name, fields]] = Object.entries(methods);
  const method = { [name]: textsOf(fields) };
  return { kind: "call", callId, epoch, originRequestId, name, method };
}

function textsOf(fields) {
  const text = (value) => (value instanceof Uint8Array ? textOf(value) : value);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.map(text) : text(value)]),
  );
}

/** The native prefixed id of a Key. */
function idOf(key) {
  if (has(key, "userId")) return `c2c_${key.userId}`;
  if (has(key, "groupId")) return `group_${key.groupId}`;
  return key.systemId === systemId ? key.systemId : `system:${key.systemId}`;
}
