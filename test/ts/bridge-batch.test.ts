import { describe, expect, test } from "vitest";
import type { DeleteResult } from "../../src/bridge/deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { makeRig, recorder, stillWorks } from "./support/rig.js";
import { operationResult } from "./support/scripted-core.js";

type Heard = [number, string, readonly DeleteResult[], unknown];

const { DELETED, FAILED, UNKNOWN } = Outcome;
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `c2c_u${i}`);
const outcomes = (heard: { calls: Heard[] }): Outcome[] => heard.calls[0]?.[2].map(({ outcome }) => outcome) ?? [];

describe("ConvDeleteConversationList", () => {
  test("hands prefixed ids to the core, whatever notation they came in, and gives one result for each, in order", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const given = ["c2c_a", "GROUPb", { userId: "c" }, "C2Cd"];
    expect(bridge.ConvDeleteConversationList(given, false, heard, "mine")).toBe(0);
    expect(core.last.method).toEqual({
      name: "ConvDeleteConversationList",
      convIds: ["c2c_a", "group_b", "c2c_c", "c2c_d"],
      clearMessage: false,
    });
    core.answerBatch({ group_b: 6004 });
    expect(heard.calls).toHaveLength(1);
    expect(heard.calls[0]?.[3]).toBe("mine");
    expect(heard.calls[0]?.[2]).toMatchObject([
      { conversation: { userId: "a" }, outcome: DELETED },
      { conversation: { groupId: "b" }, outcome: FAILED, error: { code: 6004, category: ErrorCategory.NOT_FOUND } },
      { conversation: { userId: "c" }, outcome: DELETED },
      { conversation: { userId: "d" }, outcome: DELETED },
    ]);
  });

  test("100 go through; 101 are refused, with nothing sent", () => {
    const rig = makeRig();
    const { bridge, core } = rig;
    const heard = recorder<Heard>();
    expect(bridge.ConvDeleteConversationList(ids(100), true, heard)).toBe(0);
    core.answerBatch();
    expect(heard.calls[0]?.[2]).toHaveLength(100);
    expect(bridge.ConvDeleteConversationList(ids(101), true, heard)).toBe(TIMResult.TIM_ERR_PARAM);
    expect(bridge.lastError?.message).toMatch(
      /101 conversations are more than the 100 of one call; use deleteConversationList for any number.*Nothing was deleted/,
    );
    expect(core.calls).toHaveLength(1);
    expect(heard.calls).toHaveLength(1);
    expect(stillWorks(rig)).toBe(true);
  });

  test("an id listed twice is asked for once, and has its result twice", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvDeleteConversationList(["c2c_a", "C2Ca", "c2c_b", { userId: "a" }], true, heard);
    expect(core.last.method).toMatchObject({ convIds: ["c2c_a", "c2c_b"] });
    core.answerBatch({ c2c_a: 6004 });
    expect(outcomes(heard)).toEqual([FAILED, FAILED, DELETED, FAILED]);
  });

  test("the array is the caller's: what is done to it afterwards changes nothing", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const list: string[] = ["c2c_a", "c2c_b"];
    bridge.ConvDeleteConversationList(list, true, heard);
    list[0] = "c2c_z";
    list.pop();
    core.answerBatch();
    expect(heard.calls[0]?.[2].map(({ conversation }) => conversation)).toEqual([{ userId: "a" }, { userId: "b" }]);
    expect(list).toEqual(["c2c_z"]);
  });
});

describe("the batch's answer", () => {
  const answered = (json: string, code = 0, desc = ""): { outcomes: Outcome[]; results: readonly DeleteResult[] } => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvDeleteConversationList(["c2c_a", "c2c_b"], true, heard);
    core.answer({ code, desc, json });
    expect(heard.calls).toHaveLength(1);
    expect(heard.calls[0]?.[0]).toBe(code);
    return { outcomes: outcomes(heard), results: heard.calls[0]?.[2] ?? [] };
  };
  const both = (a: number, b: number): string =>
    JSON.stringify([operationResult("c2c_b", b), operationResult("c2c_a", a)]);

  test("each result belongs to its id, not to its place", () => {
    expect(answered(both(0, 6004)).outcomes).toEqual([DELETED, FAILED]);
    expect(answered(both(6004, 0)).outcomes).toEqual([FAILED, DELETED]);
  });

  test("part succeeded and the whole has a code: each keeps its own result", () => {
    expect(answered(both(0, 6004), 6003, "some").outcomes).toEqual([DELETED, FAILED]);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "{nope"],
    ["no array", "{}"],
    ["an empty array", "[]"],
    ["entries of another shape", '[1, null, "c2c_a", {}, {"conversation_operation_result_conversation_id": "c2c_a"}]'],
    [
      "a code that is no 32-bit number",
      '[{"conversation_operation_result_conversation_id":"c2c_a","conversation_operation_result_result_code":4294967296}]',
    ],
  ])("success with %s is no word about any of them: unknown", (_what, json) => {
    const { outcomes: all, results } = answered(json);
    expect(all).toEqual([UNKNOWN, UNKNOWN]);
    expect(results[0]?.error?.message).toMatch(/has no clear result for c2c_a.*List the conversations/);
    expect(results[0]?.error?.outcome).toBe(UNKNOWN);
  });

  test.each(["", "{nope", "[]"])("failure with %j is a failure of all", (json) => {
    const { results } = answered(json, 6014, "not login");
    expect(results).toMatchObject([
      { outcome: FAILED, error: { code: 6014 } },
      { outcome: FAILED, error: { code: 6014 } },
    ]);
  });

  test("one missing is unknown, the other keeps its result", () => {
    expect(answered(JSON.stringify([operationResult("c2c_a", 0)])).outcomes).toEqual([DELETED, UNKNOWN]);
  });

  test("the same result twice is one result; two that contradict each other are none", () => {
    const a0 = operationResult("c2c_a", 0);
    const a1 = operationResult("c2c_a", 6004);
    const b0 = operationResult("c2c_b", 0);
    expect(answered(JSON.stringify([a0, a0, b0])).outcomes).toEqual([DELETED, DELETED]);
    for (const order of [
      [a0, a1, b0],
      [a1, a0, b0],
      [a0, a1, a0, b0],
    ]) {
      const { outcomes: all, results } = answered(JSON.stringify(order));
      expect(all).toEqual([UNKNOWN, DELETED]);
      expect(results[0]?.error?.message).toMatch(/contradict/);
    }
  });

  test("results for what was not asked are left aside", () => {
    const json = JSON.stringify([
      operationResult("c2c_z", 0),
      operationResult("c2c_a", 0),
      operationResult("c2c_b", 0),
    ]);
    expect(answered(json).results.map(({ conversation }) => conversation)).toEqual([{ userId: "a" }, { userId: "b" }]);
  });
});
