import { describe, expect, test } from "vitest";
import type { Conversation } from "../../src/conversation/conv-info.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory, ErrorSource } from "../../src/errors/bridge-error.js";
import { makeRig, outcomeOf, recorder } from "./support/rig.js";

type Heard = [number, string, readonly Conversation[], unknown];

const twoConversations = JSON.stringify([
  { conv_id: "alice", conv_type: 1, conv_unread_num: 3 },
  { conv_id: "c2c_7", conv_type: 2, conv_show_name: "会" },
]);

describe("ConvGetConvList", () => {
  test("gives a key for each and the vendor's own fields", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    expect(bridge.ConvGetConvList(heard, "mine")).toBe(0);
    expect(core.last.method).toEqual({ name: "ConvGetConvList" });
    core.answer({ json: twoConversations });
    expect(heard.calls).toEqual([
      [
        0,
        "",
        [
          { key: { userId: "alice" }, info: { conv_id: "alice", conv_type: 1, conv_unread_num: 3 } },
          { key: { groupId: "c2c_7" }, info: { conv_id: "c2c_7", conv_type: 2, conv_show_name: "会" } },
        ],
        "mine",
      ],
    ]);
  });

  test("[] is an empty list", async () => {
    const { bridge, core } = makeRig();
    const list = outcomeOf(bridge.getConversationList());
    core.answer({ json: "[]" });
    expect(await list).toEqual({ value: [] });
  });

  test("a failure keeps the core's code and words", async () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvGetConvList(heard);
    core.answer({ code: 6014, desc: "not init database", json: "[]" });
    expect(heard.calls).toEqual([[6014, "not init database", [], undefined]]);
    const list = outcomeOf(bridge.getConversationList());
    core.answer({ code: 6014, desc: "not init database", json: "[]" });
    expect((await list).error).toMatchObject({
      source: ErrorSource.SDK_CALLBACK,
      code: 6014,
      category: ErrorCategory.NOT_LOGGED_IN,
    });
  });

  test.each([
    ["no JSON", { json: "[nope" }, /not JSON/],
    ["no array", { json: "{}" }, /not a JSON array/],
    ["not there, though the core says success", { json: "" }, /the core gave none, and \[\] would be an empty one/],
    ["of entries that cannot be read, all of them", { json: '[{"conv_id":"b"}]' }, /entry 0: conv_type is missing/],
    ["not UTF-8", { json: "", jsonProblem: "5 bytes are not valid UTF-8" }, /not valid UTF-8/],
  ])("a list that is %s does not pass for an empty one", async (_what, answer, words) => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvGetConvList(heard);
    core.answer(answer);
    expect(heard.calls).toEqual([[TIMResult.BRIDGE_ERR_BAD_FRAME, expect.stringMatching(words), [], undefined]]);
    expect(bridge.counters.malformed).toBe(1);
    const list = outcomeOf(bridge.getConversationList());
    core.answer(answer);
    expect((await list).error).toMatchObject({
      category: ErrorCategory.PROTOCOL,
      message: expect.stringMatching(words),
    });
  });

  test("one entry that cannot be read is reported, and spoils no other", () => {
    const { bridge, core, errors } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvGetConvList(heard);
    const json = JSON.stringify([
      { conv_id: "a", conv_type: 1 },
      { conv_id: "b" },
      null,
      { conv_id: "c\0", conv_type: 2 },
    ]);
    core.answer({ json });
    expect(heard.calls[0]?.[2].map(({ key }) => key)).toEqual([{ userId: "a" }]);
    expect(errors.map(String)).toEqual([
      expect.stringMatching(/entry 1: conv_type is missing/),
      expect.stringMatching(/entry 2: no object/),
      expect.stringMatching(/entry 3: the groupID has a NUL character/),
    ]);
    expect(bridge.counters.malformed).toBe(3);
  });

  test("never answered, it ends in time, closed or with the session, each with its own category", async () => {
    const rejected = async (end: (rig: ReturnType<typeof makeRig>) => void): Promise<unknown> => {
      const rig = makeRig({ timeoutMs: 1000 });
      const list = outcomeOf(rig.bridge.getConversationList());
      end(rig);
      return (await list).error;
    };
    expect(await rejected(({ host }) => host.advance(1000))).toMatchObject({ category: ErrorCategory.TIMEOUT });
    expect(await rejected(({ bridge }) => bridge.close())).toMatchObject({
      category: ErrorCategory.SESSION_ENDED,
      code: TIMResult.BRIDGE_ERR_CLOSED,
    });
    expect(await rejected(({ core }) => core.raiseEpoch(1))).toMatchObject({
      category: ErrorCategory.SESSION_ENDED,
      code: TIMResult.BRIDGE_ERR_STALE_EPOCH,
      message: expect.not.stringContaining("deleted"),
    });
  });

  test("an answer after its deadline is counted: nobody waits for it", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const heard = recorder<Heard>();
    bridge.ConvGetConvList(heard);
    host.advance(1000);
    core.answer({ json: "[]" });
    expect(heard.calls).toHaveLength(1);
    expect(bridge.counters).toMatchObject({ strayResults: 1, lateResults: 0 });
  });
});
