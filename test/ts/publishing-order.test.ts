import { describe, expect, test } from "vitest";
import type { DeleteCompleted } from "../../src/bridge/deletion.js";
import type { ConversationKey } from "../../src/conversation/conversation-key.js";
import type { CoreResult } from "../../src/core/core-sdk.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import type { Plain } from "./support/protobufjs-root.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, type Rig, recorder } from "./support/rig.js";

const name = (key: ConversationKey | undefined): string => Object.values(key ?? {}).join();
const del = (...users: string[]): string => JSON.stringify(users.map((user) => ({ conv_id: user, conv_type: 1 })));

/** Both sides' journals: what C# was told, and what a script listener heard, in one form. */
function journals(options: { behindPlugin?: boolean } = {}): Rig & { script: string[]; csharp: () => string[] } {
  const rig = makeRig({ plugin: true, ...options });
  const script: string[] = [];
  const csharp = (): string[] =>
    rig.host.notices.map((notice: Plain) => {
      if (notice.deleteCompleted !== undefined) {
        const { requestId = 0, results } = notice.deleteCompleted;
        return `completed ${requestId} ${results.map((result: Plain) => `${name(result.conversation)}=${result.outcome}`)}`;
      }
      if (notice.lateResult !== undefined) return `late ${name(notice.lateResult.results[0].conversation)}`;
      return `deleted ${notice.conversationsDeleted.conversations.map(name)}`;
    });
  return { ...rig, script, csharp };
}

/** Listens last, after the listeners that make trouble. */
function listen({ bridge, script }: ReturnType<typeof journals>): void {
  bridge.onDeleteCompleted(({ requestId, results }) =>
    script.push(
      `completed ${requestId} ${results.map(({ conversation, outcome }) => `${name(conversation)}=${outcome}`)}`,
    ),
  );
  bridge.onConversationDeleted(({ conversations }) => script.push(`deleted ${conversations.map(name)}`));
  bridge.onLateResult(({ results }) => script.push(`late ${name(results[0]?.conversation)}`));
}

describe("C# and script hear the same messages in the same order", () => {
  test("completions, events and late results, whoever asked", () => {
    const rig = journals();
    listen(rig);
    const { bridge, core, host } = rig;
    bridge.ConvDelete("a", C2C);
    core.event(1, del("x", "y"));
    core.answer();
    host.deliver({ request: { requestId: 8, convDelete: { convId: utf8("b"), convType: 1 } } });
    core.answer({ code: 6004 });
    core.event(1, '["c2c_z"]');
    bridge.ConvDelete("c", C2C);
    host.advance(60_000);
    core.answer();
    expect(rig.script).toEqual([
      "deleted x,y",
      "completed 0 a=1",
      "completed 8 b=2",
      "deleted z",
      "completed 0 c=4",
      "late c",
    ]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("a completion is published before its callback runs", () => {
    const { bridge, core, host } = journals();
    let told = -1;
    bridge.ConvDelete("a", C2C, () => {
      told = host.notices.length;
    });
    core.answer();
    expect(told).toBe(1);
  });

  test("a callback that closes the bridge", () => {
    const rig = journals();
    const { bridge, core } = rig;
    listen(rig);
    const other = recorder<[number, string, unknown]>();
    bridge.ConvDelete("a", C2C, () => bridge.close());
    bridge.ConvDelete("b", C2C, other);
    core.answer({}, core.calls[0]);
    expect(rig.script).toEqual(["completed 0 a=1", "completed 0 b=4"]);
    expect(rig.csharp()).toEqual(rig.script);
    expect(other.calls).toHaveLength(1);
  });

  test("a callback that logs out, and so ends another deletion", () => {
    const rig = journals();
    const { bridge, core } = rig;
    listen(rig);
    bridge.ConvDelete("a", C2C, () => void bridge.Logout());
    bridge.ConvDelete("b", C2C);
    core.answer({}, core.calls[0]);
    expect(rig.script).toEqual(["completed 0 a=1", "completed 0 b=4"]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("an event listener that closes the bridge: the next listener hears the event first, then the rest", () => {
    const rig = journals();
    const { bridge, core } = rig;
    bridge.onConversationDeleted(() => bridge.close());
    listen(rig);
    bridge.ConvDelete("a", C2C);
    core.event(1, del("x"));
    expect(rig.script).toEqual(["deleted x", "completed 0 a=4"]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("a completion listener that closes the bridge", () => {
    const rig = journals();
    const { bridge, core } = rig;
    bridge.onDeleteCompleted(() => bridge.close());
    listen(rig);
    bridge.ConvDelete("a", C2C);
    bridge.ConvDelete("b", C2C);
    core.answer({}, core.calls[0]);
    expect(rig.script).toEqual(["completed 0 a=1", "completed 0 b=4"]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("a callback that deletes again, on a core that refuses: nothing is published for the refused one", () => {
    const rig = journals();
    const { bridge, core } = rig;
    listen(rig);
    const results: number[] = [];
    bridge.ConvDelete("a", C2C, () => {
      core.onSend = () => -4;
      results.push(bridge.ConvDelete("b", C2C));
    });
    core.answer();
    expect(results).toEqual([-4]);
    expect(rig.script).toEqual(["completed 0 a=1"]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("a callback that deletes again, and is answered in its turn", () => {
    const rig = journals();
    const { bridge, core } = rig;
    listen(rig);
    bridge.ConvDelete("a", C2C, () => void bridge.ConvDelete("b", C2C));
    core.answer();
    core.answer();
    expect(rig.script).toEqual(["completed 0 a=1", "completed 0 b=1"]);
    expect(rig.csharp()).toEqual(rig.script);
  });

  test("a callback and listeners that throw", () => {
    const rig = journals();
    const { bridge, core, errors } = rig;
    const fail = (what: string) => (): never => {
      throw new Error(what);
    };
    bridge.onDeleteCompleted(fail("listener"));
    listen(rig);
    bridge.ConvDelete("a", C2C, fail("callback"));
    core.answer();
    core.event(1, del("x"));
    expect(rig.script).toEqual(["completed 0 a=1", "deleted x"]);
    expect(rig.csharp()).toEqual(rig.script);
    expect(errors.map(String)).toEqual(["Error: callback", "Error: listener"]);
    expect(bridge.counters.callbackErrors).toBe(2);
  });

  test("a listener that unsubscribes itself and another inside an emit", () => {
    const rig = journals();
    const { bridge, core } = rig;
    const heard: string[] = [];
    const offs: (() => void)[] = [];
    const offSelf = bridge.onConversationDeleted(() => {
      heard.push("first");
      offSelf();
      offs[0]?.();
    });
    offs.push(bridge.onConversationDeleted(() => heard.push("second")));
    bridge.onConversationDeleted(() => heard.push("third"));
    core.event(1, del("x"));
    core.event(1, del("y"));
    expect(heard).toEqual(["first", "third", "third"]);
  });
});

describe("what C# is told", () => {
  test("a long deletion event comes in parts that fit a frame, in one order", () => {
    const rig = journals();
    listen(rig);
    const users = Array.from({ length: 2500 }, (_, i) => `u${i}`);
    rig.core.event(1, del(...users));
    const sizes = rig.host.notices.map((notice: Plain) => notice.conversationsDeleted.conversations.length);
    expect(sizes).toEqual([1000, 1000, 500]);
    expect(rig.csharp()).toEqual(rig.script);
    expect(rig.script.join().replace(/deleted /g, "")).toBe(users.join());
  });

  test("the core's words with half a character in them stop neither the callback nor C#", () => {
    const { bridge, core, host, errors } = journals();
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("a", C2C, heard);
    core.answer({ code: 6017, desc: "bad \ud800 words" });
    expect(heard.calls).toHaveLength(1);
    expect(host.notices[0].deleteCompleted.desc).toBe("bad \ufffd words");
    expect(errors).toEqual([]);
  });

  test("endless words are cut on their way to C#, not to script", () => {
    const { bridge, core, host } = journals();
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("a", C2C, heard);
    core.answer({ code: 6017, desc: "x".repeat(5_000_000) });
    expect(heard.calls[0]?.[1]).toHaveLength(5_000_000);
    expect(JSON.stringify(host.notices).length).toBeLessThan(20_000);
  });

  test("what cannot be written for C#, and a plugin that throws or refuses, stop no callback", () => {
    const { bridge, core, host, errors } = journals();
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("a", C2C, heard);
    core.answer({ code: 2 ** 40 });
    expect(heard.calls[0]?.[0]).toBe(-1003);
    host.answer = () => {
      throw new Error("C# threw");
    };
    bridge.ConvDelete("b", C2C, heard);
    core.answer();
    host.answer = () => -1011;
    bridge.ConvDelete("c", C2C, heard);
    core.answer();
    expect(heard.calls).toHaveLength(3);
    expect(errors.map(String)).toEqual([
      expect.stringMatching(/the core's answer to a call cannot be understood: its code is no 32-bit integer/),
      expect.stringMatching(/a message for C# could not be sent: Error: C# threw/),
      expect.stringMatching(/C# could not be told \(-1011\): deleteCompleted/),
    ]);
  });

  test("a completion with more words than a frame takes is told without them", () => {
    const { bridge, core, host, errors } = journals();
    host.answer = (frame) => (JSON.stringify(frame).length > 100_000 ? -1004 : 0);
    const ids = Array.from({ length: 100 }, (_, i) => `c2c_u${i}`);
    bridge.ConvDeleteConversationList(ids, true);
    const results = ids.map((id) => ({
      conversation_operation_result_conversation_id: id,
      conversation_operation_result_result_code: 6017,
      conversation_operation_result_result_info: "会".repeat(5000),
    }));
    core.answer({ code: 6003, json: JSON.stringify(results) });
    const last = host.notices.at(-1)?.deleteCompleted as {
      results: { outcome: string; error: { code: number; message?: string } }[];
    };
    expect(last.results).toHaveLength(100);
    expect(last.results.every(({ error }) => error.code === 6017 && (error.message ?? "") === "")).toBe(true);
    expect(errors).toEqual([]);
  });

  test("a late answer with more words than a frame takes is told without them", () => {
    const { bridge, core, host, errors } = journals();
    host.answer = (frame) => (JSON.stringify(frame).length > 100_000 ? -1004 : 0);
    const ids = Array.from({ length: 100 }, (_, i) => `c2c_u${i}`);
    bridge.ConvDeleteConversationList(ids, true);
    host.advance(30_000);
    const results = ids.map((id) => ({
      conversation_operation_result_conversation_id: id,
      conversation_operation_result_result_code: 6017,
      conversation_operation_result_result_info: "x".repeat(5000),
    }));
    core.answer({ code: 6003, json: JSON.stringify(results) });
    const late = host.sent.filter(({ publish, code }) => publish?.lateResult !== undefined && code === 0);
    expect(late).toHaveLength(1);
    expect(late[0]?.publish.lateResult.results).toHaveLength(100);
    expect(late[0]?.publish.lateResult.results[7]).toMatchObject({ outcome: 2, error: { code: 6017 } });
    expect(errors).toEqual([]);
  });

  test.each([
    ["a code that is no int32", { code: 3e10 }],
    ["a code that is no number", { code: "0" }],
    ["words that are no text", { desc: 5 }],
    ["no words", { desc: undefined }],
    ["json that is no text", { json: [] }],
    ["a source that is none", { source: "core" }],
  ])("a core that answers %s: its call settles as unknown, and C#'s request with it", (_what, answer) => {
    const { bridge, core, host, errors } = journals();
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    host.deliver({ request: { requestId: 5, convDelete: { convId: utf8("a"), convType: 1 } } });
    core.answer(answer as unknown as Partial<CoreResult>);
    const end = { requestId: 5, code: -1003, results: [{ outcome: Outcome.UNKNOWN }] };
    expect(completed.calls).toMatchObject([[end]]);
    expect(host.notices.map(({ deleteCompleted }) => deleteCompleted)).toMatchObject([end]);
    expect(bridge.counters).toMatchObject({ malformed: 1, strayResults: 0 });
    expect(errors).toHaveLength(1);
    core.answer(answer as unknown as Partial<CoreResult>);
    expect(completed.calls).toHaveLength(1);
  });

  test.each([
    [
      "throws at it",
      () => {
        throw new Error("no memory");
      },
    ],
    ["refuses it", () => -1003],
  ])("where the plugin %s, C#'s request is completed as unknown, in words that fit anywhere", (_what, fail) => {
    const { core, host, errors } = journals();
    host.deliver({ request: { requestId: 5, convDelete: { convId: utf8("a"), convType: 1 } } });
    host.answer = (frame) => (frame.publish?.deleteCompleted?.code === 6017 ? fail() : 0);
    core.answer({ code: 6017, desc: "no" });
    const taken = host.sent.filter(({ publish, code }) => publish?.deleteCompleted !== undefined && code === 0);
    expect(taken.map(({ publish }) => publish.deleteCompleted)).toMatchObject([
      { requestId: 5, code: -1016, results: [{ conversation: { userId: "a" }, outcome: Outcome.UNKNOWN }] },
    ]);
    expect(errors).toHaveLength(1);
  });

  test("a plugin whose session has ended is no news: nothing is reported", () => {
    const { bridge, core, host, errors } = journals();
    host.answer = () => -1001;
    bridge.ConvDelete("a", C2C);
    core.answer();
    expect(errors).toEqual([]);
  });

  test("events of other kinds are no deletions; unknown ones are counted", () => {
    const rig = journals();
    listen(rig);
    for (const type of [0, 2, 3, 4]) rig.core.event(type, type < 3 ? del("x") : "");
    expect(rig.bridge.counters.unknownEvents).toBe(0);
    expect(rig.host.notices.some((notice) => notice.conversationsDeleted !== undefined)).toBe(false);
    const told = rig.host.notices.length;
    for (const type of [5, -1, 99]) rig.core.event(type, del("x"));
    expect(rig.bridge.counters.unknownEvents).toBe(3);
    expect(rig.script).toEqual([]);
    expect(rig.host.notices).toHaveLength(told);
  });

  test("an event that names one conversation badly still tells of the others", () => {
    const rig = journals();
    listen(rig);
    rig.core.event(
      1,
      '["c2c_a", "nonsense", {"conv_id": "b", "conv_type": 2}, {"conv_id": "\\ud800", "conv_type": 3}]',
    );
    rig.core.event(1, "{nope");
    expect(rig.script).toEqual(["deleted a,b,\ufffd"]);
    expect(rig.csharp()).toEqual(rig.script);
    expect(rig.bridge.counters.malformed).toBe(2);
  });
});
