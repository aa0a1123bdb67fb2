import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import { type ConnectOptions, connect } from "../../src/connect.js";
import { EmbeddedCore } from "../../src/embedded-core.js";
import { ToPlugin, ToScript } from "../../src/protocol/gen/chatbridge/v1/envelope.js";
import { FrameRing } from "../../src/recording/frame-ring.js";
import { Pseudonyms } from "../../src/recording/pseudonyms.js";
import { FakePlugin } from "./support/fake-script-port.js";
import { utf8, writeMessage } from "./support/protobufjs-root.js";
import { holds, kindsOf, readRecording } from "./support/recordings.js";
import { C2C, Group, recorder } from "./support/rig.js";

let plugin: FakePlugin;
beforeEach(() => {
  plugin = new FakePlugin();
});
afterEach(() => {
  plugin.remove();
  vi.restoreAllMocks();
});

const quiet = (): void => {};
const recording = (options: ConnectOptions["recording"] = {}): Bridge =>
  connect({ onError: quiet, recording: options as object });

interface Secrets {
  readonly user: string;
  readonly group: string;
  readonly login: string;
  readonly sig: string;
  readonly config: string;
  readonly words: string;
  readonly name: string;
}

const secrets: Secrets = {
  user: "alice-the-user",
  group: "guild-of-groups",
  login: "me-who-logs-in",
  sig: "eJwtzMEKgkAUhWF-SIGNATURE",
  config: '{"sdk_config_log_file_path":"/home/secret"}',
  words: "What she said to him",
  name: "Her own name",
};

/** A session in which every kind of frame that can hold something crosses. Returns the bridge, still open. */
function session({ user, group, login, sig, config, words, name }: Secrets, ids: boolean | undefined): Bridge {
  const bridge = recording(ids === undefined ? {} : { ids });
  const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
  const desc = utf8(`no ${user}, no ${group}: ${words}`);
  bridge.Init(1400, config);
  bridge.Login(login, sig);
  plugin.queue({ result: { callId: 1, desc: utf8(`config ${config}`), json: json([config]) } });
  plugin.queue({ result: { callId: 2, code: 70001, desc: utf8(`UserSig ${sig} of ${login}`), json: json([sig]) } });
  // Init, Login, and the session's own change.
  plugin.epoch = 4;
  plugin.queue({ event: { session: { kind: 3 } } });
  plugin.tick();
  bridge.ConvDelete(user, C2C);
  bridge.ConvDeleteConversationList([`c2c_${user}`, `group_${group}`], true);
  bridge.ConvGetConvList(quiet);
  plugin.queue({ result: { callId: 3, source: 3, code: 6004, desc } });
  const item = (id: string, code: number): object => ({
    conversation_operation_result_conversation_id: id,
    conversation_operation_result_result_code: code,
    conversation_operation_result_result_info: `${words} ${user}`,
  });
  plugin.queue({
    result: { callId: 4, source: 3, desc, json: json([item(`c2c_${user}`, 0), item(`group_${group}`, 6017)]) },
  });
  const infos = [
    {
      conv_id: user,
      conv_type: 1,
      conv_show_name: name,
      conv_unread_num: 3,
      [user]: 1,
      conv_last_msg: { [words]: 1 },
    },
    { conv_id: group, conv_type: 2, conv_show_name: user, conv_is_pinned: true, conv_active_time: words },
  ];
  plugin.queue({ result: { callId: 5, source: 3, desc, json: json(infos) } });
  plugin.queue({ event: { conversation: { type: 1, json: json(infos) } } });
  plugin.queue({
    event: { conversation: { type: 1, json: json([`c2c_${user}`, `GROUP${group}`, user, { [user]: user }]) } },
  });
  plugin.queue({ event: { conversation: { type: 2, json: utf8(`${words} is no JSON, ${user}`) } } });
  plugin.queue({ event: { conversation: { type: 2, json: json({ [user]: words }) } } });
  plugin.queue({ request: { requestId: 7, convDelete: { convId: utf8(group), convType: 2 } } });
  plugin.queue({ request: { requestId: 8, convDeleteList: { convIds: [utf8(`c2c_${user}`)], clearMessage: false } } });
  plugin.tick();
  plugin.queue({ event: { conversation: { type: 3 } } });
  plugin.queue({ event: { conversation: { type: 0, json: json(infos) } } });
  plugin.queue({ event: { conversation: { type: 2, json: json(infos) } } });
  plugin.queue({ event: { network: { status: 1, code: 6200, desc } } });
  plugin.queue({ lost: { count: 3 } });
  plugin.tick();
  const lastCall = (method: string): number =>
    plugin.sent.findLast(({ coreCall }) => coreCall?.[method]).coreCall.callId;
  plugin.queue({ result: { callId: lastCall("convGetConvList"), source: 3, json: json(infos) } });
  plugin.queue({ event: { session: { kind: 7 } } });
  plugin.tick();
  plugin.tick(60_000);
  plugin.queue({ result: { callId: lastCall("convDelete"), source: 3, desc } });
  plugin.tick();
  return bridge;
}

describe("off by default", () => {
  test("recording() says how to ask for one", () => {
    expect(() => connect().recording()).toThrow(
      /^recording\(\): nothing was recorded. Ask for it at the start: connect\(\{ recording: \{\} \}\)\.$/,
    );
  });

  test("costs nothing: no frame is read for it, none is written", () => {
    const reads = [vi.spyOn(ToPlugin, "decode"), vi.spyOn(ToScript, "decode")];
    const counted = (bridge: Bridge): number[] => {
      for (const spy of reads) spy.mockClear();
      bridge.ConvDelete("alice", C2C);
      plugin.queue({ result: { callId: 1 } });
      plugin.tick();
      return reads.map((spy) => spy.mock.calls.length);
    };
    expect(counted(connect())).toEqual([0, 1]);
    plugin.remove();
    plugin = new FakePlugin();
    // The delete and its completion; the answer, twice.
    expect(counted(recording())).toEqual([2, 2]);
  });
});

describe("what crosses", () => {
  test("is there with its time, its direction, its size and what Send returned", () => {
    const bridge = recording();
    plugin.clock = 6000;
    plugin.tick(0);
    bridge.ConvDelete("alice", C2C);
    plugin.answer = () => -4;
    bridge.ConvDelete("bob", Group);
    plugin.answer = () => 0;
    plugin.queue({ result: { callId: 1, source: 3, code: 6014, desc: utf8("not login") } });
    plugin.tick(16);
    const { frames, ...head } = readRecording(bridge.recording());
    expect(head).toEqual({ format: "tim-chatbridge recording", version: 1, count: 6 });
    const call = (callId: number, convId: string, convType: number): object => ({
      version: 1,
      coreCall: { callId, convDelete: { convId, convType } },
    });
    expect(frames).toEqual([
      { clockMs: 5000, drained: { state: "SESSION_STATE_OPEN" } },
      { clockMs: 6000, size: 17, sent: call(1, "user#1", 1), sendResult: 0 },
      { clockMs: 6000, size: 15, sent: call(2, "group#1", 2), sendResult: -4 },
      { clockMs: 6016, drained: { state: "SESSION_STATE_OPEN", frameCount: 1 } },
      {
        clockMs: 6016,
        size: 26,
        received: { sequence: 1, version: 1, result: { callId: 1, source: "ERROR_SOURCE_SDK_CALLBACK", code: 6014 } },
      },
      {
        clockMs: 6016,
        size: expect.any(Number),
        sendResult: 0,
        sent: {
          version: 1,
          publish: {
            deleteCompleted: {
              code: 6014,
              results: [
                {
                  conversation: { userId: "user#1" },
                  outcome: "OUTCOME_FAILED",
                  error: {
                    source: "ERROR_SOURCE_SDK_CALLBACK",
                    code: 6014,
                    category: "ERROR_CATEGORY_NOT_LOGGED_IN",
                    retryable: true,
                  },
                },
              ],
            },
          },
        },
      },
    ]);
  });

  test("is the same as without a recording, and settles the same", () => {
    const run = (record: boolean): unknown => {
      plugin.remove();
      plugin = new FakePlugin();
      const heard = recorder<[number, string, unknown]>();
      const bridge = connect({ onError: quiet, ...(record ? { recording: {} } : {}) });
      bridge.Login("me", "a-signature");
      bridge.ConvDelete("alice", C2C, heard);
      plugin.queue({ result: { callId: 2, source: 3, desc: utf8("gone") } });
      plugin.tick();
      return { sent: plugin.sent, drains: plugin.drains, calls: heard.calls };
    };
    expect(run(true)).toEqual(run(false));
  });

  test("of idle game frames nothing is kept, of a change of state or epoch the change", () => {
    const bridge = recording();
    for (let i = 0; i < 100; i++) plugin.tick();
    plugin.epoch = 4;
    for (let i = 0; i < 100; i++) plugin.tick();
    plugin.state = 2;
    plugin.tick();
    const { frames } = readRecording(bridge.recording());
    expect(frames.map((frame: { drained: object }) => frame.drained)).toEqual([
      { state: "SESSION_STATE_OPEN" },
      { state: "SESSION_STATE_OPEN", epoch: 4 },
      { state: "SESSION_STATE_REPLACED", epoch: 4 },
    ]);
  });

  test("the epoch that the plugin is asked for besides is there too", () => {
    const bridge = recording();
    plugin.answer = () => {
      plugin.epoch++;
      return 0;
    };
    bridge.Logout();
    const { frames } = readRecording(bridge.recording());
    expect(kindsOf({ frames })).toEqual(["drained", "sent coreCall", "drained"]);
    expect(frames[2]).toEqual({ clockMs: 5000, drained: { state: "SESSION_STATE_OPEN", epoch: 1 } });
  });

  test("a Send that throws is there, without a result, and goes on throwing", () => {
    const bridge = recording();
    plugin.answer = () => {
      throw new Error("C# threw");
    };
    const heard = recorder<[number, string, unknown]>();
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(0);
    plugin.tick();
    expect(heard.calls).toHaveLength(1);
    const sent = readRecording(bridge.recording()).frames.filter((frame: { sent?: object }) => frame.sent);
    expect(sent[0].sent.coreCall.callId).toBe(1);
    expect(sent[0]).not.toHaveProperty("sendResult");
  });

  test("what cannot be read is there as such, with its size", () => {
    const bridge = recording();
    plugin.nextBatch = Uint8Array.of(0xff, 0xff, 0xff);
    plugin.tick();
    plugin.nextBatch = writeMessage("DrainBatch", { clockMs: 6000, state: 9 });
    plugin.tick();
    plugin.queueBytes(Uint8Array.of(0xff, 0xff));
    plugin.tick();
    const { frames } = readRecording(bridge.recording());
    const unreadable = { reason: "WITHHELD_REASON_UNREADABLE", direction: "FRAME_DIRECTION_TO_SCRIPT" };
    const found = frames.filter((frame: { withheld?: object }) => frame.withheld);
    expect(found.map((frame: { withheld: object; size: number }) => [frame.withheld, frame.size])).toEqual([
      [unreadable, 3],
      [unreadable, 5],
      [unreadable, 2],
    ]);
  });

  test("stays to be read when the bridge is closed", () => {
    const bridge = recording();
    bridge.ConvDelete("alice", C2C);
    bridge.close();
    expect(kindsOf(readRecording(bridge.recording()))).toEqual(["drained", "sent coreCall", "sent publish"]);
  });

  test("is nothing where there is no plugin", () => {
    const bridge = connect({ core: new EmbeddedCore({}), plugin: false, recording: {} });
    expect(readRecording(bridge.recording())).toEqual({
      format: "tim-chatbridge recording",
      version: 1,
      count: 0,
      frames: [],
    });
    bridge.close();
  });
});

describe("what must not be told", () => {
  test("the session of these tests makes every kind of frame cross", () => {
    const { frames } = readRecording(session(secrets, undefined).recording());
    expect(new Set(kindsOf({ frames }))).toEqual(
      new Set([
        "drained",
        "withheld WITHHELD_REASON_LOGIN",
        "sent coreCall",
        "sent cancel",
        "sent publish",
        "received result",
        "received event",
        "received request",
        "received lost",
      ]),
    );
    const notices = frames.flatMap(({ sent }: { sent?: { publish?: object } }) => Object.keys(sent?.publish ?? {}));
    expect(new Set(notices)).toEqual(
      new Set([
        "deleteCompleted",
        "conversationsDeleted",
        "lateResult",
        "conversationsAdded",
        "conversationsUpdated",
        "conversationListSync",
        "conversationListReset",
        "sessionChanged",
        "connectionChanged",
      ]),
    );
  });

  test("a login leaves its time and a placeholder; its answer leaves its code", () => {
    for (const ids of [false, true]) {
      plugin.remove();
      plugin = new FakePlugin();
      const { frames } = readRecording(session(secrets, ids).recording());
      const logins = frames.filter((frame: { withheld?: object }) => frame.withheld);
      expect(logins).toEqual([
        {
          clockMs: 5000,
          withheld: { reason: "WITHHELD_REASON_LOGIN", direction: "FRAME_DIRECTION_TO_PLUGIN" },
          sendResult: 0,
        },
      ]);
      const answer = frames.find((frame: { received?: { result?: { callId: number } } }) => {
        return frame.received?.result?.callId === 2;
      });
      expect(answer.received.result).toEqual({ callId: 2, code: 70001 });
      expect(answer).not.toHaveProperty("size");
    }
  });

  test("ids are there only when asked for; a UserSig, a configuration, names and messages never", () => {
    const initOf = (bytes: Uint8Array): unknown =>
      readRecording(bytes).frames.find(
        (frame: { sent?: { coreCall?: { init?: object } } }) => frame.sent?.coreCall?.init,
      ).sent.coreCall.init;
    const masked = session(secrets, undefined).recording();
    expect(initOf(masked)).toEqual({});
    for (const text of Object.values(secrets)) expect([text, holds(masked, text)]).toEqual([text, false]);
    plugin.remove();
    plugin = new FakePlugin();
    const open = session(secrets, true).recording();
    expect(readRecording(open).ids).toBe(true);
    expect(initOf(open)).toEqual({ sdkAppId: 1400 });
    expect(holds(open, secrets.user) && holds(open, secrets.group)).toBe(true);
    for (const text of [secrets.sig, secrets.config, secrets.name])
      expect([text, holds(open, text)]).toEqual([text, false]);
    expect(holds(open, "conv_show_name") || holds(open, "conv_last_msg")).toBe(false);
    // Words are the core's; those of the session's lists are people's.
    const lists = readRecording(open).frames.flatMap(({ received }: { received?: { result?: { json?: string } } }) =>
      received?.result?.json === undefined ? [] : [received.result.json],
    );
    expect(lists).toHaveLength(3);
    expect(lists.join()).not.toContain(secrets.words);
  });

  /** Texts of one length whose ids the bridge takes. */
  const secretOf = (length: number): fc.Arbitrary<string> =>
    fc.string({
      unit: fc.constantFrom(..."abcdefghijKLMNOP0123456789_@#-c2GROUP"),
      minLength: length,
      maxLength: length,
    });
  const anySecrets: fc.Arbitrary<Secrets> = fc.record({
    user: secretOf(14),
    group: secretOf(15),
    login: secretOf(14),
    sig: fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0")),
    config: fc.string({ unit: "grapheme" }).map((text) => JSON.stringify({ secret: text })),
    words: secretOf(20),
    name: secretOf(12),
  });

  test("whatever the ids, the sigs, the configuration and the words are, the recording is the same, byte for byte", () => {
    const usual = session(secrets, undefined).recording();
    fc.assert(
      fc.property(
        anySecrets.filter(({ user, group }) => ![user, group].some((id) => /^(c2c_|group_|C2C|GROUP|@TIM)/.test(id))),
        (others) => {
          plugin.remove();
          plugin = new FakePlugin();
          expect(Buffer.from(session(others, undefined).recording()).equals(usual)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("whatever the sig and the configuration are, a recording with ids is the same too", () => {
    const usual = session(secrets, true).recording();
    fc.assert(
      fc.property(anySecrets, ({ sig, config }) => {
        plugin.remove();
        plugin = new FakePlugin();
        expect(Buffer.from(session({ ...secrets, sig, config }, true).recording()).equals(usual)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("ids that are no text, and JSON that holds any, are masked too", () => {
    const bridge = recording();
    plugin.queue({ request: { requestId: 1, convDelete: { convId: Uint8Array.of(0x61, 0xff, 0xfe), convType: 1 } } });
    plugin.queue({ request: { requestId: 2, convDelete: { convId: Uint8Array.of(0x61, 0xff, 0xfd), convType: 1 } } });
    plugin.queue({ event: { conversation: { type: 0, json: utf8('[{"conv_id":"\\ud800x","conv_type":1}]') } } });
    plugin.queue({ event: { conversation: { type: 0, json: utf8('[12345, null, [["deep"]], true]') } } });
    plugin.queue({ event: { conversation: { type: 0, json: Uint8Array.of(0x5b, 0xff, 0x5d) } } });
    plugin.tick();
    const bytes = bridge.recording();
    expect(holds(bytes, Uint8Array.of(0xff, 0xfe)) || holds(bytes, "deep") || holds(bytes, "12345")).toBe(false);
    const received = readRecording(bytes).frames.flatMap((frame: { received?: object }) => frame.received ?? []);
    expect(
      received.map((frame: { request?: { convDelete: object } }) => frame.request?.convDelete).slice(0, 2),
    ).toEqual([
      { convId: "user#1", convType: 1 },
      { convId: "user#2", convType: 1 },
    ]);
    expect(
      received.slice(2).map(({ event }: { event: { conversation: { json: string } } }) => event.conversation.json),
    ).toEqual(['[{"conv_id":"user#3","conv_type":1}]', "[null,null,{},null]", '"3 bytes that are no JSON array"']);
  });

  test("one conversation has one pseudonym, in every notation; two have two", () => {
    const bridge = recording();
    bridge.ConvDelete("alice", C2C);
    bridge.ConvDelete("alice", Group);
    bridge.ConvDelete("bob", C2C);
    bridge.ConvDeleteConversationList(["C2Calice", "group_alice", "c2c_bob"], false);
    const calls = readRecording(bridge.recording()).frames.flatMap((frame: { sent?: { coreCall: object } }) => {
      return frame.sent?.coreCall ?? [];
    });
    expect(calls.slice(0, 3).map((call: { convDelete: { convId: string } }) => call.convDelete.convId)).toEqual([
      "user#1",
      "group#1",
      "user#2",
    ]);
    expect(calls[3].convDeleteList.convIds).toEqual(["c2c_user#1", "group_group#1", "c2c_user#2"]);
  });
});

describe("bounds", () => {
  test.each([1024, 4096, 50_000])(
    "%i bytes are not exceeded; the newest frames are there, the others counted",
    (maxBytes) => {
      const bridge = recording({ maxBytes });
      let sent = 0;
      for (let round = 0; round < 60; round++) {
        for (let i = 0; i < 20; i++) {
          sent++;
          bridge.ConvDelete(`user-${sent}`, C2C);
        }
        const bytes = bridge.recording();
        expect(bytes.length).toBeLessThanOrEqual(maxBytes);
        const { frames, count, dropped = 0 } = readRecording(bytes);
        expect(frames).toHaveLength(count);
        // The first batch, and each call.
        expect(count + dropped).toBe(sent + 1);
        expect(frames.at(-1).sent.coreCall.callId).toBe(sent);
        if (dropped > 0) expect(bytes.length).toBeGreaterThan(maxBytes - 150);
      }
      if (maxBytes < 30_000) expect(readRecording(bridge.recording()).dropped).toBeGreaterThan(0);
    },
  );

  test("a frame that is larger than the whole is named, and drives nothing out", () => {
    const bridge = recording({ maxBytes: 1024 });
    bridge.ConvDeleteConversationList(
      Array.from({ length: 100 }, (_, i) => `c2c_user-${i}`),
      true,
    );
    const { frames } = readRecording(bridge.recording());
    expect(kindsOf({ frames })).toEqual(["drained", "withheld WITHHELD_REASON_TOO_LARGE"]);
    expect(frames[1]).toMatchObject({ sendResult: 0, withheld: { direction: "FRAME_DIRECTION_TO_PLUGIN" } });
    expect(frames[1].size).toBeGreaterThan(1024);
  });

  test("256 KiB unless told otherwise", () => {
    const bridge = recording();
    const json = utf8(JSON.stringify(Array.from({ length: 1000 }, (_, i) => `c2c_user-${i}`)));
    for (let i = 0; i < 40; i++) plugin.queue({ event: { conversation: { type: 4, json } } });
    plugin.tick();
    const { length } = bridge.recording();
    expect(length).toBeLessThanOrEqual(1 << 18);
    expect(length).toBeGreaterThan((1 << 18) - 20_000);
  });

  test("the ring is what a list that forgets its head would be", () => {
    const frames = fc.array(fc.uint8Array({ minLength: 0, maxLength: 200 }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 210, max: 700 }), frames, (capacity, pushed) => {
        const ring = new FrameRing(capacity);
        const model: Buffer[] = [];
        for (const frame of pushed) {
          ring.push(frame);
          const length = frame.length > 0x7f ? [(frame.length & 0x7f) | 0x80, frame.length >> 7] : [frame.length];
          model.push(Buffer.from([0x32, ...length, ...frame]));
          while (model.reduce((sum, one) => sum + one.length, 0) > capacity) model.shift();
          expect(Buffer.from(ring.bytes()).equals(Buffer.concat(model))).toBe(true);
          expect(ring.count).toBe(model.length);
        }
        expect(ring.dropped).toBe(pushed.length - model.length);
      }),
    );
  });

  test("pseudonyms are remembered for a bounded number of ids, and none stands for two", () => {
    const names = new Pseudonyms();
    const given = new Map<string, string>();
    const often = names.ofBare("user", "often");
    for (let i = 0; i < 60_000; i++) {
      const name = names.ofBare("user", `${i}`.padStart(32, "x"));
      expect(given.has(name)).toBe(false);
      given.set(name, `${i}`);
      if (i % 1000 === 0) expect(names.ofBare("user", "often")).toBe(often);
    }
    expect(names.ofBare("user", "0".padStart(32, "x"))).toBe("user#60002");
    expect(names.ofBare("user", "59999".padStart(32, "x"))).toBe("user#60001");
  });
});

describe("options that are refused, before a session is opened", () => {
  test.each([
    [null, /recording is null; give an object such as \{\}/],
    [true, /recording is a boolean; give an object such as \{\}/],
    [{ maxBytes: 1023 }, /recording\.maxBytes is 1023; give a whole number from 1024 to 67108864/],
    [{ maxBytes: 2 ** 27 }, /recording\.maxBytes is 134217728/],
    [{ maxBytes: 5000.5 }, /recording\.maxBytes is 5000\.5/],
    [{ maxBytes: "5000" }, /recording\.maxBytes is 5000; give a whole number/],
    [{ ids: "yes" }, /recording\.ids is a string; say true to record ids/],
  ])("%j", (options, words) => {
    expect(() => connect({ recording: options as object })).toThrow(words);
    expect(plugin.opened).toEqual([]);
  });
});
