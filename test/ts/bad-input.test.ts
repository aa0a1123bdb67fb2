import { describe, expect, test } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory, ErrorSource } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { C2C, Group, makeRig, outcomeOf, type Rig, stillWorks } from "./support/rig.js";

// biome-ignore lint/suspicious/noExplicitAny: JavaScript callers give anything.
type Anything = any;

/** Refused by our own check: in words, with nothing sent or published, and the bridge usable afterwards. Returns the words. */
function expectRefused(rig: Rig, result: TIMResult, message: RegExp, isDeletion = true): string {
  const { bridge, core, host } = rig;
  expect(result).toBe(TIMResult.TIM_ERR_PARAM);
  expect(bridge.lastError).toMatchObject({
    source: ErrorSource.BRIDGE,
    code: TIMResult.TIM_ERR_PARAM,
    category: ErrorCategory.INVALID_ARGUMENT,
    retryable: false,
    outcome: Outcome.NOT_SENT,
  });
  const words = bridge.lastError?.message ?? "";
  expect(words).toMatch(message);
  expect(words.endsWith(". Nothing was deleted.")).toBe(isDeletion);
  expect(core.calls).toEqual([]);
  expect(host.sent).toEqual([]);
  expect(bridge.pendingCalls).toBe(0);
  expect(stillWorks(rig)).toBe(true);
  return words;
}

const never = (): never => {
  throw new Error("called back");
};

const badIds: [string, Anything, RegExp][] = [
  ["null", null, /the userID is null, not a string/],
  ["undefined", undefined, /the userID is undefined, not a string/],
  ["a number", 42, /the userID is 42, not a string/],
  ["an object", {}, /the userID is an object, not a string/],
  ["empty", "", /the userID is empty/],
  ["over-long", "u".repeat(33), /the userID is 33 bytes long in UTF-8; at most 32 are allowed/],
  ["over-long by a megabyte", "u".repeat(1 << 20), /1048576 bytes long/],
  ["a NUL inside", "alice\0bob", /the userID has a NUL character at index 5/],
  ["a lone surrogate", "a\ud83d", /half a character \(a lone surrogate\) at index 1/],
];

describe("ConvDelete", () => {
  test.each(badIds)("an id that is %s", (_what, id, message) => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvDelete(id, C2C, never), message);
  });

  test("a group id has its own name and limit", () => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvDelete("g".repeat(49), Group, never), /groupID is 49 bytes.*at most 48/);
  });

  test.each([0, 4, -1, 1.5, Number.NaN, "1", null, undefined, {}])("a type that is %j", (type) => {
    const rig = makeRig({ plugin: true });
    expectRefused(
      rig,
      rig.bridge.ConvDelete("alice", type as Anything, never),
      /unknown conversation type.*kTIMConv_C2C/,
    );
  });

  test("the system conversation", () => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvDelete("alice", 3, never), /type 3 \(kTIMConv_System\) is not deletable/);
  });

  test.each(["text", 7, {}, true])("a callback that is %j", (callback) => {
    const rig = makeRig({ plugin: true });
    expectRefused(
      rig,
      rig.bridge.ConvDelete("alice", C2C, callback as Anything),
      /ConvDelete: the callback is an? \w+, not a function/,
    );
  });

  test("a callback that throws is reported, and stops nothing", () => {
    const rig = makeRig({ plugin: true });
    rig.bridge.ConvDelete("alice", C2C, never);
    rig.core.answer();
    expect(rig.errors.map(String)).toEqual(["Error: called back"]);
    expect(rig.bridge.counters.callbackErrors).toBe(1);
    expect(rig.host.notices).toHaveLength(1);
    expect(stillWorks(rig)).toBe(true);
  });

  test("who listens for errors and throws is not called again for that", () => {
    let heard = 0;
    const rig = makeRig({
      onError: () => {
        heard++;
        throw new Error("even here");
      },
    });
    rig.bridge.ConvDelete("alice", C2C, never);
    rig.core.answer();
    expect(heard).toBe(1);
    expect(stillWorks(rig)).toBe(true);
  });
});

const badLists: [string, Anything, RegExp][] = [
  ["null", null, /the conversations are not an array/],
  ["undefined", undefined, /not an array/],
  ["a string", "c2c_a", /not an array/],
  ["an object like an array", { length: 1, 0: "c2c_a" }, /not an array/],
  ["empty", [], /the list of conversations is empty/],
  ["holes", new Array(3), /conversation 0: a conversation is a string or a key, not undefined/],
  ["one hole", ["c2c_a", undefined], /conversation 1: .*not undefined/],
  ["a bare id", ["c2c_a", "bob"], /conversation 1: "bob" does not say what it names; write c2c_<userID>/],
  ["null inside", [null], /conversation 0: .*not null/],
  ["a NUL inside", ["c2c_a", "c2c_b\0c"], /conversation 1: the userID has a NUL character/],
  ["an empty id", ["group_"], /conversation 0: the groupID is empty/],
  ["the system conversation", ["@TIM#SYSTEM"], /conversation 0: @TIM#SYSTEM cannot be deleted in a batch/],
  ["a key of two kinds", [{ userId: "a", groupId: "b" }], /exactly one of userId, groupId and systemId/],
];

describe("ConvDeleteConversationList", () => {
  test.each(badLists)("a list that is %s", (_what, list, message) => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvDeleteConversationList(list, true, never), message);
  });

  test("101 ids", () => {
    const rig = makeRig({ plugin: true });
    const list = Array.from({ length: 101 }, (_, i) => `c2c_${i}`);
    expectRefused(
      rig,
      rig.bridge.ConvDeleteConversationList(list, true, never),
      /101 conversations are more than the 100/,
    );
  });

  test.each([undefined, null, 0, 1, "false"])("clear_message that is %j is never guessed", (clear) => {
    const rig = makeRig({ plugin: true });
    expectRefused(
      rig,
      rig.bridge.ConvDeleteConversationList(["c2c_a"], clear as Anything, never),
      /clear_message is missing: say true to clear the history for good or false to keep it/,
    );
  });

  test("a callback that is no function", () => {
    const rig = makeRig({ plugin: true });
    expectRefused(
      rig,
      rig.bridge.ConvDeleteConversationList(["c2c_a"], true, 7 as Anything),
      /the callback is a number/,
    );
  });
});

describe("ConvGetConvList", () => {
  test.each([undefined, null])("without a callback (%j) nobody would get the list", (callback) => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvGetConvList(callback as Anything), /the callback is missing/, false);
  });

  test("a callback that is no function", () => {
    const rig = makeRig({ plugin: true });
    expectRefused(rig, rig.bridge.ConvGetConvList("f" as Anything), /the callback is a string, not a function/, false);
  });
});

describe("the session's calls are refused before they begin another epoch", () => {
  const bad: [string, (bridge: Bridge) => TIMResult, RegExp][] = [
    ["sdk_app_id 0", (bridge) => bridge.Init(0), /sdk_app_id is 0; give the SDKAppID/],
    ["sdk_app_id NaN", (bridge) => bridge.Init(Number.NaN), /sdk_app_id is NaN/],
    ["sdk_app_id as text", (bridge) => bridge.Init("1400000000" as Anything), /sdk_app_id is 1400000000; give/],
    [
      "config of another type",
      (bridge) => bridge.Init(1, {} as Anything),
      /json_sdk_config is an object, not a string/,
    ],
    ["config with a lone surrogate", (bridge) => bridge.Init(1, '"\ud800"'), /json_sdk_config has half a character/],
    ["config with a NUL", (bridge) => bridge.Init(1, "{}\0"), /json_sdk_config has a NUL/],
    ["no user", (bridge) => bridge.Login(null as Anything, "sig"), /the userID is null/],
    ["an empty user", (bridge) => bridge.Login("", "sig"), /the userID is empty/],
    ["no UserSig", (bridge) => bridge.Login("alice", undefined as Anything), /user_sig is empty; get a UserSig/],
    ["a UserSig with a NUL", (bridge) => bridge.Login("alice", "secret\0sig"), /user_sig has a NUL character/],
    ["a UserSig with half a character", (bridge) => bridge.Login("alice", "secret\udc00"), /user_sig has half/],
    ["a callback that is none", (bridge) => bridge.Logout(7 as Anything), /Logout: the callback is a number/],
  ];

  test.each(bad)("%s", (_what, call, message) => {
    const rig = makeRig({ plugin: true });
    const words = expectRefused(rig, call(rig.bridge), message, false);
    expect(rig.core.last.epoch).toBe(0);
    expect(words).not.toContain("secret");
  });
});

describe("the Promise forms reject with the same words", () => {
  test.each([...badIds.filter(([what]) => !["number", "object", "empty"].some((word) => what.includes(word)))])(
    "deleteConversation of a key whose id is %s",
    async (_what, userId, message) => {
      const rig = makeRig();
      const { error } = await outcomeOf(rig.bridge.deleteConversation({ userId }));
      expect(error).toMatchObject({ category: ErrorCategory.INVALID_ARGUMENT, outcome: Outcome.NOT_SENT });
      expect(String(error)).toMatch(message);
      expect(rig.core.calls).toEqual([]);
      expect(stillWorks(rig)).toBe(true);
    },
  );

  test.each([
    ["a bare id", "alice", /does not say what it names/],
    ["empty", "", /the conversation id is empty/],
    ["a number", 42, /a conversation is a string or a key, not 42/],
    ["null", null, /not null/],
  ])("deleteConversation of %s", async (_what, conversation, message) => {
    const rig = makeRig();
    const { error } = await outcomeOf(rig.bridge.deleteConversation(conversation as Anything));
    expect(String(error)).toMatch(message);
    expect(rig.core.calls).toEqual([]);
    expect(stillWorks(rig)).toBe(true);
  });

  test.each(badLists)("deleteConversationList of %s", async (_what, list, message) => {
    const rig = makeRig();
    const { error } = await outcomeOf(rig.bridge.deleteConversationList(list, { clearMessage: true }));
    expect(error).toMatchObject({ category: ErrorCategory.INVALID_ARGUMENT, outcome: Outcome.NOT_SENT });
    expect(String(error)).toMatch(message);
    expect(rig.core.calls).toEqual([]);
    expect(stillWorks(rig)).toBe(true);
  });

  test.each([
    ["none", undefined, /clearMessage is missing/],
    ["null", null, /clearMessage is missing/],
    ["without clearMessage", {}, /clearMessage is missing/],
    ["with one that is no boolean", { clearMessage: "no" }, /clearMessage is missing/],
    ["with progress that is no function", { clearMessage: true, onProgress: 7 }, /onProgress is a number/],
    ["with a signal that is none", { clearMessage: true, signal: "stop" }, /signal is no signal; give an AbortSignal/],
    ["with a signal that is null", { clearMessage: true, signal: null }, /signal is no signal/],
  ])("deleteConversationList with options: %s", async (_what, options, message) => {
    const rig = makeRig();
    const { error } = await outcomeOf(rig.bridge.deleteConversationList(["c2c_a"], options as Anything));
    expect(String(error)).toMatch(message);
    expect(rig.core.calls).toEqual([]);
    expect(stillWorks(rig)).toBe(true);
  });
});

describe("listeners", () => {
  test.each(["onConversationDeleted", "onDeleteCompleted", "onLateResult"] as const)("%s of no function", (method) => {
    const rig = makeRig();
    for (const [listener, kind] of [
      [undefined, "missing"],
      [null, "null"],
      ["f", "a string"],
      [{}, "an object"],
    ]) {
      const words = `${method}: the listener is ${kind}; give a function.`;
      expect(() => rig.bridge[method](listener as Anything)).toThrow(words);
    }
    expect(stillWorks(rig)).toBe(true);
    expect(rig.errors).toEqual([]);
  });
});
