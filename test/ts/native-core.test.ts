import { describe, expect, test } from "vitest";
import type { CoreContext, CoreMethod, CoreResult } from "../../src/core/core-sdk.js";
import { NativeCore } from "../../src/core/native-core.js";
import { ToScript } from "../../src/protocol/gen/chatbridge/v1/envelope.js";
import { readMessage, utf8, writeMessage } from "./support/protobufjs-root.js";

interface Sunk {
  readonly results: CoreResult[];
  readonly events: [number, string][];
  readonly epochs: [number | undefined, number][];
  readonly networks: [number, number, string][];
  readonly lost: number[];
  readonly malformed: string[];
}

function makeCore(answer = 0): { core: NativeCore; sent: Uint8Array[]; sunk: Sunk } {
  const sent: Uint8Array[] = [];
  const sunk: Sunk = { results: [], events: [], epochs: [], networks: [], lost: [], malformed: [] };
  const core = new NativeCore();
  const context: CoreContext = {
    sink: {
      result: (result) => sunk.results.push(result),
      conversationEvent: (type, json) => sunk.events.push([type, json]),
      networkStatus: (status, code, desc) => sunk.networks.push([status, code, desc]),
      epochRaised: (epoch, kind) => sunk.epochs.push([epoch, kind]),
      eventsLost: (count) => sunk.lost.push(count),
      malformed: (what) => sunk.malformed.push(what),
    },
    later: () => {},
    currentEpoch: () => 1,
    plugin: {
      protocol: 1000,
      send: (frame) => {
        sent.push(Uint8Array.from(frame));
        return answer;
      },
    },
  };
  core.open(context);
  return { core, sent, sunk };
}

/** Delivers a ToScript frame that protobufjs wrote. */
function deliver(core: NativeCore, frame: object): void {
  core.receive(ToScript.decode(writeMessage("ToScript", { version: 1, sequence: 1, ...frame })));
}

const methods: [CoreMethod, object][] = [
  [{ name: "ConvDelete", convId: "会话😀", convType: 2 }, { convDelete: { convId: utf8("会话😀"), convType: 2 } }],
  [
    { name: "ConvDeleteConversationList", convIds: ["c2c_a", "group_é"], clearMessage: false },
    { convDeleteList: { convIds: [utf8("c2c_a"), utf8("group_é")], clearMessage: false } },
  ],
  [
    { name: "ConvDeleteConversationList", convIds: ["c2c_a"], clearMessage: true },
    { convDeleteList: { convIds: [utf8("c2c_a")], clearMessage: true } },
  ],
  [{ name: "ConvGetConvList" }, { convGetConvList: {} }],
  [
    { name: "Init", sdkAppId: 1400000000, jsonSdkConfig: '{"a":1}' },
    { init: { sdkAppId: 1400000000, jsonSdkConfig: utf8('{"a":1}') } },
  ],
  [{ name: "Init", sdkAppId: 2 ** 50, jsonSdkConfig: "" }, { init: { sdkAppId: 2 ** 50 } }],
  [{ name: "Uninit" }, { uninit: {} }],
  [{ name: "Login", userId: "alice", userSig: "sig" }, { login: { userId: utf8("alice"), userSig: utf8("sig") } }],
  [{ name: "Logout" }, { logout: {} }],
  [{ name: "GetLoginStatus" }, { getLoginStatus: {} }],
  [{ name: "GetSdkVersion" }, { getSdkVersion: {} }],
];

describe("calls", () => {
  test.each(methods)("%j is the frame that protobufjs writes", (method, body) => {
    const { core, sent } = makeCore();
    const call = { callId: 2 ** 31 - 1, epoch: 7, originRequestId: 300, method };
    expect(core.send(call)).toBe(0);
    const plain = { version: 1, coreCall: { callId: call.callId, epoch: 7, originRequestId: 300, ...body } };
    // protobufjs writes in the order of field numbers, and so reads and writes ours again.
    const again = writeMessage("ToPlugin", readMessage("ToPlugin", sent[0] as Uint8Array));
    expect(Buffer.from(again).toString("hex")).toBe(Buffer.from(writeMessage("ToPlugin", plain)).toString("hex"));
    expect(sent[0]).toHaveLength(again.length);
  });

  test("the plugin's answer is the return value", () => {
    for (const code of [0, -1, -4, -1009]) {
      const { core } = makeCore(code);
      expect(core.send({ callId: 1, epoch: 0, originRequestId: 0, method: { name: "Logout" } })).toBe(code);
    }
  });

  test("a call that is given up is the Cancel frame that protobufjs writes", () => {
    const { core, sent } = makeCore();
    core.abandon(2 ** 31 - 1);
    const frame = writeMessage("ToPlugin", { version: 1, cancel: { callId: 2 ** 31 - 1 } });
    expect(Buffer.from(sent[0] ?? []).toString("hex")).toBe(Buffer.from(frame).toString("hex"));
    core.close();
    core.abandon(1);
    expect(sent).toHaveLength(1);
  });

  test("without the plugin it does not open, and says so", () => {
    const context = { sink: {} as never, later: () => {}, currentEpoch: () => 1, plugin: undefined };
    expect(() => new NativeCore().open(context)).toThrow(/the native core is behind the C# plugin/);
  });

  test("once closed it sends and delivers nothing", () => {
    const { core, sent, sunk } = makeCore();
    core.close();
    expect(core.send({ callId: 1, epoch: 0, originRequestId: 0, method: { name: "Logout" } })).toBe(-1002);
    deliver(core, { result: { callId: 1 } });
    deliver(core, { lost: { count: 1 } });
    expect(sent).toEqual([]);
    expect([sunk.results, sunk.lost]).toEqual([[], []]);
  });
});

describe("frames from the plugin", () => {
  test("a result, whole", () => {
    const { core, sunk } = makeCore();
    deliver(core, {
      result: { callId: 9, source: 3, code: -6017, desc: utf8("schlecht: ü"), json: utf8('[{"a":"会"}]') },
    });
    expect(sunk.results).toEqual([{ callId: 9, source: 3, code: -6017, desc: "schlecht: ü", json: '[{"a":"会"}]' }]);
  });

  test("an empty result is success without words", () => {
    const { core, sunk } = makeCore();
    deliver(core, { result: { callId: 9 } });
    expect(sunk.results).toEqual([{ callId: 9, source: 0, code: 0, desc: "", json: "" }]);
  });

  test("JSON that is not UTF-8: the code stands, the reason is told", () => {
    const { core, sunk } = makeCore();
    deliver(core, { result: { callId: 9, code: 0, json: Uint8Array.of(0x5b, 0xff, 0x5d) } });
    expect(sunk.results).toMatchObject([
      { callId: 9, code: 0, json: "", jsonProblem: expect.stringMatching(/not valid UTF-8/) },
    ]);
    expect(sunk.malformed).toEqual([expect.stringMatching(/answer to call 9 has no readable JSON/)]);
  });

  test("words that are not UTF-8 are shown as well as can be, and can always be passed on", () => {
    const { core, sunk } = makeCore();
    deliver(core, { result: { callId: 9, code: 1, desc: Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0x62) } });
    expect(sunk.results[0]?.desc).toBe("a\ufffdb");
  });

  test.each([
    ["objects", '[{"conv_id":"a","conv_type":1}]'],
    ["id strings", '["c2c_a","group_b"]'],
    ["nothing", ""],
  ])("a conversation event with %s goes on as it is", (_what, json) => {
    const { core, sunk } = makeCore();
    for (const type of [0, 1, 2, 3, 4, 9, -1]) deliver(core, { event: { conversation: { type, json: utf8(json) } } });
    expect(sunk.events).toEqual([0, 1, 2, 3, 4, 9, -1].map((type) => [type, json]));
  });

  test("an event that is not UTF-8 is told as such, and is no event", () => {
    const { core, sunk } = makeCore();
    deliver(core, { event: { conversation: { type: 1, json: Uint8Array.of(0xc0, 0x80) } } });
    expect(sunk.events).toEqual([]);
    expect(sunk.malformed).toEqual([expect.stringMatching(/conversation event 1 is not UTF-8/)]);
    expect(sunk.lost).toEqual([1]);
  });

  test("an event of an unknown kind is told as such", () => {
    const { core, sunk } = makeCore();
    deliver(core, { event: {} });
    expect(sunk.malformed).toEqual([expect.stringMatching(/an event of a kind that this script does not know/)]);
  });

  test("a session event raises the epoch to the frame's", () => {
    const { core, sunk } = makeCore();
    deliver(core, { epoch: 12, event: { session: { kind: 5 } } });
    expect(sunk.epochs).toEqual([[12, 5]]);
  });

  test("a network event, its words as well as they can be read", () => {
    const { core, sunk } = makeCore();
    deliver(core, { event: { network: { status: 3, code: -9508, desc: utf8("fort") } } });
    deliver(core, { event: { network: { desc: utf8("nur Worte") } } });
    expect(sunk.networks).toEqual([
      [3, -9508, "fort"],
      [0, 0, "nur Worte"],
    ]);
  });

  test("lost events are counted", () => {
    const { core, sunk } = makeCore();
    deliver(core, { lost: { count: 4000 } });
    expect(sunk.lost).toEqual([4000]);
  });
});
