import { describe, expect, test } from "vitest";
import type { DeleteCompleted } from "../../src/bridge/deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { BridgeError, ErrorCategory, ErrorSource } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { C2C, Group, makeRig, outcomeOf, recorder, stillWorks } from "./support/rig.js";

type Heard = [number, string, unknown];

describe("ConvDelete", () => {
  test("hands the bare id and the type to the core, and calls back once, later, with code, words and user_data", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const userData = { any: "thing" };
    expect(bridge.ConvDelete("alice", C2C, heard, userData)).toBe(TIMResult.TIM_SUCC);
    expect(core.last).toEqual({
      callId: 1,
      epoch: 0,
      originRequestId: 0,
      method: { name: "ConvDelete", convId: "alice", convType: 1 },
    });
    expect(heard.calls).toEqual([]);
    expect(bridge.pendingCalls).toBe(1);
    core.answer({ code: 0, desc: "fine" });
    expect(heard.calls).toEqual([[0, "fine", userData]]);
    expect(heard.calls[0]?.[2]).toBe(userData);
    expect(bridge.pendingCalls).toBe(0);
  });

  test("a group by its type, whatever its id looks like", () => {
    const { bridge, core } = makeRig();
    bridge.ConvDelete("c2c_42", Group);
    expect(core.last.method).toEqual({ name: "ConvDelete", convId: "c2c_42", convType: 2 });
  });

  test("the call is registered before it is sent: the core finds it pending", () => {
    const { bridge, core } = makeRig();
    let pendingInside = 0;
    core.onSend = () => {
      pendingInside = bridge.pendingCalls;
      return 0;
    };
    bridge.ConvDelete("alice", C2C);
    expect(pendingInside).toBe(1);
  });

  test("answered before the return (which the interface forbids), it is called back once all the same", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    core.onSend = (call) => {
      core.answer({ code: 0 }, call);
      return 0;
    };
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(TIMResult.TIM_SUCC);
    expect(heard.calls).toHaveLength(1);
    expect(bridge.pendingCalls).toBe(0);
  });

  test("answered twice: the second is counted, not delivered", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    bridge.ConvDelete("alice", C2C, heard);
    core.answer({ code: 0 });
    core.answer({ code: 6017 });
    expect(heard.calls).toEqual([[0, "", undefined]]);
    expect(completed.calls).toHaveLength(1);
    expect(bridge.counters.strayResults).toBe(1);
  });

  test("the core's failure reaches the callback raw, and the listeners with category and advice", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    bridge.ConvDelete("alice", C2C, heard, 7);
    core.answer({ code: 6014, desc: "not login" });
    expect(heard.calls).toEqual([[6014, "not login", 7]]);
    const [result] = completed.calls[0]?.[0].results ?? [];
    expect(result).toMatchObject({ conversation: { userId: "alice" }, outcome: Outcome.FAILED });
    expect(result?.error).toMatchObject({
      source: ErrorSource.SDK_CALLBACK,
      code: 6014,
      category: ErrorCategory.NOT_LOGGED_IN,
      retryable: true,
      outcome: Outcome.FAILED,
      message: "ConvDelete of c2c_alice failed with code 6014: not login. Log in first.",
    });
  });

  test.each([6012, 6019, 6201, 7009, 9508, 9514, 9520, 9524, 20018, 50004, 50005, 12345, -10102])(
    "code %i does not say that nothing happened: unknown",
    async (code) => {
      const { bridge, core } = makeRig();
      const promise = outcomeOf(bridge.deleteConversation("c2c_alice"));
      core.answer({ code });
      const { error } = await promise;
      expect(error).toMatchObject({ code, outcome: Outcome.UNKNOWN });
      expect((error as BridgeError).message).toMatch(/ It may have been carried out: list the conversations to see\.$/);
    },
  );

  test.each([6200, 9506, 9510, 9519, 6017, 50002])("code %i says that it was not deleted", async (code) => {
    const { bridge, core } = makeRig();
    const promise = outcomeOf(bridge.deleteConversation("c2c_alice"));
    core.answer({ code });
    expect((await promise).error).toMatchObject({ code, outcome: Outcome.FAILED });
  });

  test.each([
    [9506, ErrorCategory.BUSY],
    [9507, ErrorCategory.BUSY],
    [9508, ErrorCategory.NETWORK],
    [9519, ErrorCategory.NETWORK],
    [9520, ErrorCategory.TIMEOUT],
    [9525, ErrorCategory.NETWORK],
    [9526, ErrorCategory.OTHER],
  ])("of the codes of network and queue, %i has its own category", async (code, category) => {
    const { bridge, core } = makeRig();
    const promise = outcomeOf(bridge.deleteConversation("c2c_alice"));
    core.answer({ code });
    expect((await promise).error).toMatchObject({ code, category });
  });

  test.each([-1, -2, -3, -4, -5, -6])("the core returns %i: refused, no callback ever, and no completion", (code) => {
    const rig = makeRig();
    const { bridge, core } = rig;
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    const off = bridge.onDeleteCompleted(completed);
    core.onSend = () => code;
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(code);
    expect(bridge.lastError).toMatchObject({ source: ErrorSource.SDK_RETURN, code, outcome: Outcome.FAILED });
    expect(bridge.pendingCalls).toBe(0);
    core.answer({ code: 6017 });
    expect(heard.calls).toEqual([]);
    expect(completed.calls).toEqual([]);
    expect(bridge.counters.strayResults).toBe(1);
    off();
    core.onSend = () => 0;
    expect(stillWorks(rig)).toBe(true);
  });

  test.each([
    [-1006, ErrorCategory.INVALID_ARGUMENT],
    [-1009, ErrorCategory.SESSION_ENDED],
    [-1011, ErrorCategory.BUSY],
    [-1013, ErrorCategory.UNSUPPORTED],
    [-1017, ErrorCategory.PERMISSION],
  ])("the plugin refuses with %i: nothing was sent, in words", (code, category) => {
    const { bridge, core } = makeRig();
    core.onSend = () => code;
    expect(bridge.ConvDelete("alice", C2C)).toBe(code);
    expect(bridge.lastError).toMatchObject({ source: ErrorSource.BRIDGE, code, category, outcome: Outcome.NOT_SENT });
    expect(bridge.lastError?.message).toContain(`(${code})`);
  });

  test("the core throws: accepted, and unknown on a later turn; its late answer is heard as such", () => {
    const { bridge, core, host } = makeRig();
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    const late = recorder<[object]>();
    bridge.onDeleteCompleted(completed);
    bridge.onLateResult(late);
    core.onSend = () => {
      throw new Error("exploded");
    };
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(TIMResult.TIM_SUCC);
    expect(heard.calls).toEqual([]);
    host.turn();
    expect(heard.calls).toHaveLength(1);
    expect(heard.calls[0]?.[1]).toMatch(/the core threw while it was called: Error: exploded/);
    expect(completed.calls[0]?.[0].results[0]?.outcome).toBe(Outcome.UNKNOWN);
    core.answer({ code: 0 });
    expect(heard.calls).toHaveLength(1);
    expect(late.calls).toHaveLength(1);
  });

  test.each([[undefined], [null], ["0"], [0.5], [Number.NaN], [Promise.resolve(0)], [2 ** 40]])(
    "the core returns %s, no TIMResult: nobody knows whether it was refused",
    (returned) => {
      const { bridge, core, host } = makeRig();
      const heard = recorder<Heard>();
      const completed = recorder<[DeleteCompleted]>();
      bridge.onDeleteCompleted(completed);
      core.onSend = () => returned as number;
      expect(bridge.ConvDelete("alice", C2C, heard)).toBe(TIMResult.TIM_SUCC);
      host.turn();
      expect(heard.calls[0]?.[1]).toMatch(/send\(\) returned .*, no TIMResult/);
      expect(completed.calls[0]?.[0].results[0]?.outcome).toBe(Outcome.UNKNOWN);
    },
  );

  test("the core throws what has no words: unknown on a later turn all the same", () => {
    const { bridge, core, host } = makeRig();
    const heard = recorder<Heard>();
    core.onSend = () => {
      throw Object.create(null);
    };
    expect(bridge.ConvDelete("alice", C2C, heard)).toBe(TIMResult.TIM_SUCC);
    host.turn();
    expect(heard.calls).toHaveLength(1);
  });

  test("the core throws after it had answered the turn's answer first: settled once, as answered", () => {
    const { bridge, core, host } = makeRig();
    const heard = recorder<Heard>();
    core.onSend = () => {
      throw new Error("exploded");
    };
    bridge.ConvDelete("alice", C2C, heard);
    core.answer({ code: 0, desc: "done" });
    host.turn();
    expect(heard.calls).toEqual([[0, "done", undefined]]);
  });

  test("no callback is fine, null included", () => {
    const { bridge, core, errors } = makeRig();
    bridge.ConvDelete("alice", C2C);
    core.answer();
    bridge.ConvDelete("alice", C2C, null as never);
    core.answer();
    expect(errors).toEqual([]);
  });

  test("as many calls as allowed, then busy; one that ends makes room", () => {
    const { bridge, core } = makeRig({ maxPendingCalls: 2 });
    expect(bridge.ConvDelete("a", C2C)).toBe(0);
    expect(bridge.ConvDelete("b", C2C)).toBe(0);
    expect(bridge.ConvDelete("c", C2C)).toBe(TIMResult.BRIDGE_ERR_BUSY);
    expect(bridge.lastError).toMatchObject({
      category: ErrorCategory.BUSY,
      retryable: true,
      outcome: Outcome.NOT_SENT,
    });
    expect(core.calls).toHaveLength(2);
    core.answer();
    expect(bridge.ConvDelete("c", C2C)).toBe(0);
  });

  test("lastError is why the last call was refused, and gone when one is accepted", async () => {
    const { bridge, core } = makeRig();
    const refuse = (): void => {
      expect(bridge.ConvDelete("", C2C)).toBe(TIMResult.TIM_ERR_PARAM);
      expect(bridge.lastError?.message).toMatch(/^ConvDelete: the userID is empty/);
    };
    refuse();
    expect(bridge.ConvDelete("a", C2C)).toBe(0);
    expect(bridge.lastError).toBeUndefined();
    refuse();
    const one = bridge.deleteConversation("c2c_a");
    expect(bridge.lastError).toBeUndefined();
    core.answer();
    await one;
    refuse();
    const many = bridge.deleteConversationList(["c2c_a"], { clearMessage: true });
    expect(bridge.lastError).toBeUndefined();
    core.answerBatch();
    await many;
    await expect(bridge.deleteConversationList([], { clearMessage: true })).rejects.toThrow(/Nothing was deleted/);
    expect(bridge.lastError?.message).toMatch(/^deleteConversationList: .*empty/);
  });
});

describe("deleteConversation", () => {
  test.each([
    ["c2c_alice", "alice", C2C],
    ["C2Calice", "alice", C2C],
    [{ userId: "alice" }, "alice", C2C],
    ["group_42", "42", Group],
    ["GROUP42", "42", Group],
    [{ groupId: "@TGS#_c@TOPIC#_t" }, "@TGS#_c@TOPIC#_t", Group],
  ])("%j resolves when the core says so", async (conversation, convId, convType) => {
    const { bridge, core } = makeRig();
    const promise = outcomeOf(bridge.deleteConversation(conversation));
    expect(core.last.method).toEqual({ name: "ConvDelete", convId, convType });
    core.answer();
    expect(await promise).toEqual({ value: undefined });
  });

  test("rejects with a BridgeError: by callback, by return, by our own check", async () => {
    const { bridge, core } = makeRig();
    const failing = outcomeOf(bridge.deleteConversation("c2c_alice"));
    core.answer({ code: 6004, desc: "no such" });
    const failed = (await failing).error;
    expect(failed).toBeInstanceOf(BridgeError);
    expect(failed).toMatchObject({ code: 6004, category: ErrorCategory.NOT_FOUND, outcome: Outcome.FAILED });

    core.onSend = () => -4;
    expect((await outcomeOf(bridge.deleteConversation("c2c_alice"))).error).toMatchObject({
      source: ErrorSource.SDK_RETURN,
      code: -4,
    });
    const sent = core.calls.length;
    expect((await outcomeOf(bridge.deleteConversation("alice"))).error).toMatchObject({
      source: ErrorSource.BRIDGE,
      code: TIMResult.TIM_ERR_PARAM,
      category: ErrorCategory.INVALID_ARGUMENT,
      outcome: Outcome.NOT_SENT,
    });
    expect(core.calls).toHaveLength(sent);
  });

  test("an answer of the plugin's own keeps its source, and is no proof that nothing happened", async () => {
    const { bridge, core } = makeRig();
    const promise = outcomeOf(bridge.deleteConversation("c2c_alice"));
    core.answer({ source: ErrorSource.BRIDGE, code: -1016, desc: "lost it" });
    const { error } = await promise;
    expect(error).toMatchObject({ source: ErrorSource.BRIDGE, code: -1016, outcome: Outcome.UNKNOWN });
    expect(error).toHaveProperty("message", expect.stringContaining("lost it"));
    expect(error).toHaveProperty("message", expect.not.stringMatching(/nothing was deleted/i));
  });
});
