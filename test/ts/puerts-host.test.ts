import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import { connect } from "../../src/connect.js";
import { TIMResult } from "../../src/core/tim-types.js";
import type { HostHandler } from "../../src/host/host.js";
import { scriptPort } from "../../src/host/puerts-globals.js";
import { PuertsHost } from "../../src/host/puerts-host.js";
import type { ToScript } from "../../src/protocol/gen/chatbridge/v1/envelope.js";
import { FakePlugin, setGlobalCS, setScriptEnvironment } from "./support/fake-script-port.js";
import { utf8, writeMessage } from "./support/protobufjs-root.js";
import { C2C, recorder } from "./support/rig.js";
import { ScriptedCore } from "./support/scripted-core.js";

let plugin: FakePlugin;
beforeEach(() => {
  plugin = new FakePlugin();
});
afterEach(() => plugin.remove());

interface Handled {
  readonly frames: ToScript[];
  readonly malformed: string[];
  readonly lost: string[];
  readonly heardUntil: number[];
  framesLost: number;
  turns: number;
}

/** A host whose handler writes down what it is told; `onFrame` runs inside. */
function started(onFrame: (frame: ToScript) => void = () => {}): { host: PuertsHost; handled: Handled; epoch: number } {
  const host = new PuertsHost();
  const handled: Handled = { frames: [], malformed: [], lost: [], heardUntil: [], framesLost: 0, turns: 0 };
  const handler: HostHandler = {
    frame: (frame) => {
      handled.frames.push(frame);
      onFrame(frame);
    },
    malformed: (what) => handled.malformed.push(what),
    framesLost: () => {
      handled.framesLost++;
    },
    lost: (reason) => handled.lost.push(reason),
    turnEnded: (heardUntil) => {
      handled.heardUntil.push(heardUntil);
      handled.turns++;
    },
  };
  return { host, handled, epoch: host.start(handler) };
}

const resultOf = (callId: number): object => ({ result: { callId } });
const callIds = (handled: Handled): number[] =>
  handled.frames.map((frame) => (frame.body?.$case === "result" ? frame.body.value.callId : -1));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("opening", () => {
  test("offers the versions it speaks, and takes clock and epoch from the plugin before the first turn", () => {
    plugin.epoch = 6;
    plugin.clock = 777;
    const { host, epoch } = started();
    expect(plugin.opened).toEqual([[1000, 1000]]);
    expect(epoch).toBe(6);
    expect(host.now()).toBe(777);
  });

  test("takes the game's data folder from the first batch", () => {
    expect(started().host.dataFolder).toBeUndefined();
    plugin.nextBatch = writeMessage("DrainBatch", { clockMs: 1, state: 1, dataFolder: utf8("/data/spiel ü") });
    expect(started().host.dataFolder).toBe("/data/spiel ü");
  });

  test("a data folder that is no text spoils no batch, and is told of where it is asked for", () => {
    const { host, handled } = started();
    const frame = writeMessage("ToScript", { version: 1, sequence: 1, ...resultOf(7) });
    const dataFolder = Uint8Array.of(0x61, 0xff);
    plugin.nextBatch = writeMessage("DrainBatch", { clockMs: 6000, state: 1, dataFolder, frames: [frame] });
    plugin.tick();
    expect(callIds(handled)).toEqual([7]);
    expect(handled).toMatchObject({ malformed: [], turns: 1 });
    expect(() => host.dataFolder).toThrow(/CoreSession\.DataFolder\) cannot be read: 2 bytes are not valid UTF-8/);
  });

  test("reads the plugin's own epoch at any time; the clock stays where it was, and no frame is lost", () => {
    const { host, handled } = started((frame) => {
      if (frame.sequence !== 1) return;
      plugin.epoch = 9;
      plugin.clock += 5000;
      const before = host.now();
      expect(host.pluginEpoch()).toBe(9);
      expect(host.now()).toBe(before);
    });
    plugin.queue(resultOf(1));
    plugin.queue(resultOf(2));
    plugin.tick();
    plugin.epoch = 12;
    expect(host.pluginEpoch()).toBe(12);
    plugin.nextBatch = Uint8Array.of(0xff);
    expect(host.pluginEpoch()).toBe(12);
    expect(callIds(handled)).toEqual([1, 2]);
    expect(handled.malformed).toHaveLength(1);
  });

  test("PuerTS 3's environment is handed over where there is one, once", () => {
    started();
    expect(plugin.environments).toEqual([]);
    const environment = { puerts: 3 };
    setScriptEnvironment(environment);
    started();
    expect(plugin.environments).toEqual([[2, environment]]);
  });

  test.each([
    ["a newer plugin", -2000, /the C# plugin speaks protocol 2.0, this script 1.0 to 1.0. Update the npm package/],
    ["an older plugin", -999, /speaks protocol 0.999.*Update the Unity package \(C#\)/],
    ["another thread", 0, /does not run on the plugin's main thread/],
    ["a newer plugin whose number looks like a SendResult", -1015, /speaks protocol 1.15.*Update the npm package/],
  ])("%s: says what to do, and leaves no session", (_what, answer, message) => {
    plugin.open = () => answer;
    expect(() => started()).toThrow(message);
    expect(plugin.sessions).toEqual([]);
  });

  test("nothing is opened until it is started, and closing it then closes nothing", () => {
    const host = new PuertsHost();
    host.close();
    expect(plugin.opened).toEqual([]);
    expect(plugin.sessions).toEqual([]);
  });

  test("a plugin that fails after its Open is not left with a session", () => {
    plugin.onDrain = () => {
      throw new Error("Drain failed");
    };
    expect(() => started()).toThrow("Drain failed");
    expect(plugin.sessions).toEqual(["closed"]);
  });

  test("not in PuerTS", () => {
    plugin.remove();
    expect(() => new PuertsHost()).toThrow(
      /does not run in PuerTS \(there is no global CS\).*connect\(\{ core: new EmbeddedCore/,
    );
  });

  test.each([
    ["missing", {}],
    ["stripped: PuerTS shows what is not there as a Proxy", { TimChatBridge: { ScriptPort: new Proxy({}, {}) } }],
    ["without its namespace", { TimChatBridge: undefined }],
  ])("the plugin is %s", (_what, cs) => {
    setGlobalCS(cs);
    expect(() => new PuertsHost()).toThrow(
      /ScriptPort is not. Add the TIM ChatBridge package.*TimChatBridge\.Puerts.*a link\.xml under Assets/,
    );
  });

  test.each(["Capabilities", "Open", "SetEnvironment", "SetWake", "Send", "Drain", "Close"])(
    "the plugin lacks %s: of an older release, or stripped in part",
    (name) => {
      Reflect.set(scriptPort(), name, undefined);
      expect(() => new PuertsHost()).toThrow(
        `TimChatBridge.ScriptPort lacks ${name}. Either the plugin is of an older release than this script: update`,
      );
      expect(plugin.opened).toEqual([]);
    },
  );
});

describe("a turn", () => {
  test("drains, dispatches in order, and ends; the clock is the plugin's and never goes back", () => {
    const { host, handled } = started();
    for (const id of [1, 2, 3]) plugin.queue(resultOf(id));
    plugin.tick(100);
    expect(callIds(handled)).toEqual([1, 2, 3]);
    expect(handled.turns).toBe(1);
    expect(host.now()).toBe(5100);
    plugin.clock = 10;
    plugin.wake();
    expect(host.now()).toBe(5100);
    expect(handled.malformed).toEqual([]);
  });

  test("jobs run after the frames of their turn; what they ask for waits for the next", () => {
    const order: string[] = [];
    const { host } = started(() => order.push("frame"));
    host.later(() => {
      order.push("job");
      host.later(() => order.push("job's job"));
    });
    plugin.queue(resultOf(1));
    plugin.tick();
    expect(order).toEqual(["frame", "job"]);
    plugin.tick();
    expect(order).toEqual(["frame", "job", "job's job"]);
  });

  test("a wake from inside a frame returns at once: nothing is drained or dispatched twice", () => {
    const { handled } = started(() => plugin.wake());
    for (const id of [1, 2, 3]) plugin.queue(resultOf(id));
    const before = plugin.drains.length;
    plugin.tick();
    expect(callIds(handled)).toEqual([1, 2, 3]);
    expect(plugin.drains.length - before).toBe(1);
    expect(handled.turns).toBe(1);
  });

  test("one turn has its budget; the rest keep their order, though C# has used its buffer again meanwhile", () => {
    const { handled } = started();
    for (let id = 1; id <= 5000; id++) plugin.queue(resultOf(id));
    plugin.tick();
    expect(callIds(handled)).toEqual(range(1, 4096));
    plugin.queue(resultOf(5001));
    plugin.tick();
    expect(callIds(handled)).toEqual(range(1, 5001));
    expect(handled.malformed).toEqual([]);
  });

  test("while more waits than one turn takes, little more is drained", () => {
    started();
    for (let id = 1; id <= 9000; id++) plugin.queue(resultOf(id));
    plugin.tick();
    expect(plugin.drains.at(-1)).toBe(1 << 20);
    plugin.tick();
    expect(plugin.drains.at(-1)).toBe(1);
  });

  test("what waited is heard by the end of a turn, unless more waits than a turn takes", () => {
    const { handled } = started();
    plugin.queue(resultOf(1));
    plugin.tick(100);
    for (let id = 2; id <= 9000; id++) plugin.queue(resultOf(id));
    plugin.tick(100);
    plugin.tick(100);
    plugin.tick(100);
    expect(callIds(handled)).toEqual(range(1, 9000));
    expect(handled.heardUntil).toEqual([5100, 5100, 5100, 5400]);
  });

  test("frames that stay in the plugin's queue count as waiting, and an endless stream puts nothing off for good", () => {
    const { handled } = started();
    const large = { result: { callId: 1, json: utf8("x".repeat(600_000)) } };
    for (let i = 0; i < 3; i++) plugin.queue(large);
    // One a turn fits, and one more comes each time.
    for (let turn = 0; turn < 8; turn++) {
      plugin.tick(100);
      plugin.queue(large);
    }
    expect(handled.frames).toHaveLength(8);
    expect(handled.heardUntil).toEqual([5000, 5000, 5100, 5100, 5300, 5300, 5500, 5500]);
  });

  test("frames that were said to wait and never came hold nothing up", () => {
    const { handled } = started();
    const header = { clockMs: 6000, state: 1 };
    plugin.nextBatch = writeMessage("DrainBatch", { ...header, stillWaiting: 3 });
    plugin.tick();
    plugin.clock = 7000;
    plugin.tick();
    expect(handled.heardUntil).toEqual([5000, 7016]);
  });

  test("never throws, whatever fails inside: a wake that throws is taken for the script's death", () => {
    const { host, handled } = started((frame) => {
      throw new Error(`frame ${frame.sequence} failed`);
    });
    host.later(() => {
      throw new Error("job failed");
    });
    plugin.queue(resultOf(1));
    plugin.queue(resultOf(2));
    expect(() => plugin.tick()).not.toThrow();
    expect(handled.frames).toHaveLength(2);
    expect(handled.turns).toBe(1);
    expect(handled.malformed).toEqual([
      expect.stringMatching(/frame 1 could not be dealt with: Error: frame 1 failed/),
      expect.stringMatching(/frame 2 could not be dealt with/),
      expect.stringMatching(/a core's job failed: Error: job failed/),
    ]);
    plugin.onDrain = () => {
      throw new Error("Drain failed");
    };
    expect(() => plugin.tick()).not.toThrow();
    expect(handled.malformed.at(-1)).toMatch(/the turn failed: Error: Drain failed/);
    plugin.onDrain = () => {};
    plugin.tick();
    expect(handled.turns).toBe(2);
  });
});

describe("what cannot be read spoils nothing else", () => {
  test("a truncated frame among good ones", () => {
    const { handled } = started();
    plugin.queue(resultOf(1));
    const whole = writeMessage("ToScript", {
      version: 1,
      sequence: 2,
      result: { callId: 2, desc: utf8("some words") },
    });
    plugin.skipSequence();
    plugin.queueBytes(whole.subarray(0, whole.length - 5));
    plugin.queue(resultOf(3));
    plugin.tick();
    expect(callIds(handled)).toEqual([1, 3]);
    expect(handled.malformed[0]).toMatch(/a frame of \d+ bytes cannot be read/);
  });

  test("a frame that ends early, with something behind its end", () => {
    const { handled } = started();
    const whole = writeMessage("ToScript", { version: 1, sequence: 1, result: { callId: 2 } });
    plugin.queueBytes(Uint8Array.of(...whole, 0, 1, 2, 3));
    plugin.tick();
    expect(handled.frames).toEqual([]);
    expect(handled.malformed).toEqual([expect.stringMatching(/cannot be read: Error: it ends after/)]);
  });

  test.each([
    // A group's end in the place of the version: the message would be over there.
    ["by a group's end", [0x0c]],
    ["by a zero", [0x00]],
  ])("a frame that is ended %s", (_what, tail) => {
    const { handled } = started();
    plugin.queueBytes(Uint8Array.of(...writeMessage("ToScript", { version: 1, sequence: 1, result: {} }), ...tail));
    plugin.tick();
    expect(handled.frames).toEqual([]);
    expect(handled.malformed).toEqual([expect.stringMatching(/cannot be read: Error: it ends after \d+ of \d+ bytes/)]);
  });

  test.each([
    // 2a 0d: a request of 13 bytes. 08 07: its number. 52 09: a deletion of 9 bytes, which ends where the request does.
    ["that runs over the end of what it is part of", { at: 3, from: 13, to: 11 }],
    ["whose last field runs over its end", { at: 7, from: 9, to: 8 }],
  ])("a deletion %s is carried out by nobody, though every byte of it is there", (_what, { at, from, to }) => {
    const { handled } = started();
    const convDelete = { convId: utf8("alice"), convType: 1 };
    const bytes = writeMessage("ToScript", { sequence: 1, request: { requestId: 7, convDelete }, version: 1 });
    expect(bytes[at]).toBe(from);
    bytes[at] = to;
    plugin.queueBytes(bytes);
    plugin.tick();
    expect(handled.frames).toEqual([]);
    expect(handled.malformed).toHaveLength(1);
  });

  test("a frame of another protocol version", () => {
    const { handled } = started();
    plugin.queue({ ...resultOf(1), version: 2 });
    plugin.tick();
    expect(handled.frames).toEqual([]);
    expect(handled.malformed).toEqual([
      "a frame of protocol version 2 came; this script speaks 1. Update script and plugin together.",
    ]);
  });

  test("a frame without a body that this script knows", () => {
    const { handled } = started();
    plugin.queue({});
    plugin.queue(resultOf(2));
    plugin.tick();
    expect(callIds(handled)).toEqual([2]);
    expect(handled.malformed).toEqual(["frame 1 has no body that this script knows"]);
  });

  test("a gap in the numbers is told, and the frame is taken; so is a doubled one", () => {
    const { handled } = started();
    plugin.queue(resultOf(1));
    plugin.skipSequence();
    plugin.queue(resultOf(3));
    plugin.queue({ ...resultOf(4), sequence: 3 });
    plugin.tick();
    expect(callIds(handled)).toEqual([1, 3, 4]);
    expect(handled.malformed).toEqual([
      "frame 3 came after frame 1: frames are missing or doubled",
      "frame 3 came after frame 3: frames are missing or doubled",
    ]);
  });

  test.each([
    ["whose numbers have a gap", () => plugin.skipSequence(), 1],
    ["one of which cannot be read", () => plugin.queueBytes(Uint8Array.of(0xff)), 1],
    ["one of which is of another version", () => plugin.queue({ ...resultOf(9), version: 2 }), 1],
    ["one of which has no body", () => plugin.queue({}), 1],
    ["one of which is doubled", () => plugin.queue({ ...resultOf(1), sequence: 1 }), 0],
    ["none of which is missing", () => {}, 0],
  ])("frames %s: lost ones are told of once, after those that came", (_what, spoil, lost) => {
    const order: string[] = [];
    const { handled } = started(() => order.push(`${handled.framesLost}`));
    plugin.queue(resultOf(1));
    spoil();
    plugin.queue({ ...resultOf(2), sequence: lost === 1 ? 4 : 2 });
    plugin.tick();
    plugin.tick();
    expect(new Set(order)).toEqual(new Set(["0"]));
    expect(handled.framesLost).toBe(lost);
  });

  test("a frame that cannot be read is told of as lost though no gap follows it", () => {
    const { handled } = started();
    plugin.queue(resultOf(1));
    plugin.queueBytes(Uint8Array.of(0xff));
    plugin.tick();
    expect(handled.framesLost).toBe(1);
  });

  test.each([
    ["cut", (batch: Uint8Array) => batch.subarray(0, batch.length - 3)],
    ["cut to nothing", () => new Uint8Array(0)],
    ["cut after its clock", (batch: Uint8Array) => batch.subarray(0, 3)],
    ["of a state that nobody knows", () => writeMessage("DrainBatch", { clockMs: 9000, state: 9 })],
    ["of noise", () => Uint8Array.of(0xff, 0xff, 0xff)],
  ])("a batch %s is refused whole, and the session goes on", (_what, spoil) => {
    const { host, handled } = started();
    const frame = writeMessage("ToScript", { version: 1, sequence: 1, ...resultOf(7) });
    plugin.nextBatch = spoil(writeMessage("DrainBatch", { clockMs: 6000, state: 1, frames: [frame] }));
    plugin.tick();
    expect(handled.frames).toEqual([]);
    expect(handled.malformed).toEqual([expect.stringMatching(/a drained batch of \d+ bytes/)]);
    expect(handled.lost).toEqual([]);
    expect(handled.framesLost).toBe(1);
    expect(host.now()).toBe(5000);
    plugin.queue(resultOf(1));
    plugin.tick();
    expect(callIds(handled)).toEqual([1]);
  });
});

describe("the end of a session", () => {
  test.each([
    [2, "replaced"],
    [3, "closed"],
  ])("state %i: %s, after what still waited was heard", (state, reason) => {
    const { handled } = started();
    plugin.queue(resultOf(1));
    plugin.state = state;
    plugin.tick();
    expect(callIds(handled)).toEqual([1]);
    expect(handled.lost).toEqual([reason]);
  });

  test("closed from inside a frame, it dispatches no other and runs no job", () => {
    const ran: string[] = [];
    const { host, handled } = started(() => {
      host.later(() => ran.push("job"));
      host.close();
      host.later(() => ran.push("asked for afterwards"));
    });
    plugin.queue(resultOf(1));
    plugin.queue(resultOf(2));
    plugin.tick();
    plugin.tick();
    expect(callIds(handled)).toEqual([1]);
    expect(handled.turns).toBe(0);
    expect(ran).toEqual([]);
    expect(plugin.sessions).toEqual(["closed"]);
  });
});

describe("the whole way over frames: connect(), NativeCore, PuertsHost", () => {
  let bridge: Bridge;
  const errors: unknown[] = [];
  beforeEach(() => {
    errors.length = 0;
    bridge = connect({ onError: (error) => errors.push(error) });
  });

  test("a delete goes out as one frame and comes back as one callback and one notice", () => {
    const heard = recorder<[number, string, unknown]>();
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(0);
    const [call] = plugin.sent;
    expect(call).toMatchObject({ version: 1, coreCall: { callId: 1, convDelete: { convType: 1 } } });
    expect(Buffer.from(call.coreCall.convDelete.convId).toString()).toBe("alice");
    plugin.queue({ result: { callId: 1, source: 3, desc: utf8("ok") } });
    expect(heard.calls).toEqual([]);
    plugin.tick();
    expect(heard.calls).toEqual([[0, "ok", undefined]]);
    expect(plugin.sent[1].publish.deleteCompleted.results).toEqual([{ conversation: { userId: "alice" }, outcome: 1 }]);
    expect(errors).toEqual([]);
  });

  test("deadlines are kept by the plugin's clock", () => {
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("alice", C2C, heard);
    plugin.tick(29_999);
    expect(heard.calls).toEqual([]);
    plugin.tick(1);
    expect(heard.calls).toHaveLength(1);
  });

  test("an answer that waits behind more than one turn takes is heard before its call is overdue", () => {
    const heard = recorder<[number, string, unknown]>();
    const late = recorder<[unknown]>();
    bridge.onLateResult(late);
    bridge.ConvDelete("alice", C2C, heard);
    for (let id = 2; id <= 5001; id++) plugin.queue(resultOf(id));
    plugin.queue({ result: { callId: 1, source: 3, desc: utf8("gone") } });
    plugin.tick(31_000);
    expect(heard.calls).toEqual([]);
    plugin.tick();
    expect(heard.calls).toEqual([[0, "gone", undefined]]);
    expect(late.calls).toEqual([]);
  });

  test("an answer that waits in the plugin's queue is heard before its call is overdue; one that never comes holds no other up", () => {
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("alice", C2C, heard);
    bridge.ConvDelete("bob", C2C, heard);
    const large = { event: { conversation: { type: 99, json: utf8("x".repeat(600_000)) } } };
    for (let i = 0; i < 3; i++) plugin.queue(large);
    plugin.queue({ result: { callId: 1, source: 3, desc: utf8("gone") } });
    plugin.tick(31_000);
    for (let turn = 0; turn < 2; turn++) {
      expect(heard.calls).toEqual([]);
      plugin.queue(large);
      plugin.tick();
    }
    expect(heard.calls).toMatchObject([
      [0, "gone", undefined],
      [TIMResult.BRIDGE_ERR_UNANSWERED, expect.stringMatching(/has not answered in time/), undefined],
    ]);
  });

  test("a request of C#'s is carried out through the door that holds the ledger", () => {
    plugin.queue({ request: { requestId: 5, convDelete: { convId: utf8("bob"), convType: 1 } } });
    plugin.tick();
    expect(plugin.sent).toMatchObject([{ coreCall: { originRequestId: 5 } }]);
  });

  test("after a lost frame the whole list comes by itself", () => {
    const heard = recorder<[unknown]>();
    bridge.onConversationListReset(heard);
    plugin.skipSequence();
    plugin.queue({ event: { conversation: { type: 0, json: utf8('["c2c_bob"]') } } });
    plugin.tick();
    expect(plugin.sent.at(-1)).toMatchObject({ coreCall: { callId: 1, convGetConvList: {} } });
    plugin.queue({ result: { callId: 1, source: 3, json: utf8('[{"conv_id":"bob","conv_type":1}]') } });
    plugin.tick();
    expect(heard.calls).toMatchObject([[{ conversations: [{ key: { userId: "bob" } }] }]]);
    expect(bridge.counters).toMatchObject({ malformed: 1, eventsLost: 0 });
  });

  test("a core in script has no events in frames: where one is lost, nothing is asked for", () => {
    const core = new ScriptedCore();
    connect({ core, onError: (error) => errors.push(error) });
    plugin.skipSequence();
    plugin.queue({ request: { requestId: 5, convDelete: { convId: utf8("bob"), convType: 1 } } });
    plugin.tick();
    expect(core.methods().map(({ name }) => name)).toEqual(["ConvDelete"]);
    expect(errors).toHaveLength(1);
  });

  test("replaced by another script: calls settle, and the next is refused in words", () => {
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("alice", C2C, heard);
    plugin.state = 2;
    plugin.answer = () => -1001;
    plugin.tick();
    expect(heard.calls).toHaveLength(1);
    expect(bridge.ConvDelete("alice", C2C)).toBe(TIMResult.BRIDGE_ERR_REPLACED);
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toMatch(/A later connect\(\) took over the plugin/);
  });
});
