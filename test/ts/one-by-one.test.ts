import { describe, expect, test } from "vitest";
import { CancelSource } from "../../src/bridge/batch-deletion.js";
import type { DeleteCompleted, DeleteResult } from "../../src/bridge/deletion.js";
import type { CoreCall } from "../../src/core/core-sdk.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory, ErrorSource } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, microtasks, outcomeOf, type Rig, recorder } from "./support/rig.js";

type Heard = [number, string, readonly DeleteResult[], unknown];

const { DELETED, FAILED, NOT_SENT, UNKNOWN } = Outcome;
const ids = (count: number, prefix = "u"): string[] => Array.from({ length: count }, (_, i) => `c2c_${prefix}${i}`);
const unsupported = TIMResult.BRIDGE_ERR_UNSUPPORTED;

/** A bridge on a core older than 7.1. */
function oldCore(options: Parameters<typeof makeRig>[0] = {}): Rig & { readonly singles: () => string[] } {
  const rig = makeRig(options);
  rig.core.onSend = (call) => (call.method.name === "ConvDeleteConversationList" ? unsupported : 0);
  const singles = (): string[] =>
    rig.core.methods().flatMap((method) => (method.name === "ConvDelete" ? [method.convId] : []));
  return { ...rig, singles };
}

const callsOf = (rig: Rig, name: string): CoreCall[] => rig.core.calls.filter(({ method }) => method.name === name);

/** Lets all that waits be handed over, and answers each with its code. */
function play(rig: Rig, codes: Readonly<Record<string, number>> = {}, turns = 120): void {
  let answered = 0;
  for (let i = 0; i < turns; i++) {
    const calls = callsOf(rig, "ConvDelete");
    for (const call of calls.slice(answered)) {
      if (call.method.name === "ConvDelete") rig.core.answer({ code: codes[call.method.convId] ?? 0 }, call);
    }
    answered = calls.length;
    rig.host.advance(200);
  }
}

describe("many batches", () => {
  test("count against the limit of calls while they wait: beyond it the next is refused as busy, and then it is not", () => {
    const rig = oldCore({ maxPendingCalls: 3 });
    const heard = recorder<Heard>();
    const ask = (name: string): TIMResult => rig.bridge.ConvDeleteConversationList(ids(1, name), true, heard);
    // The first is handed to the core at once.
    expect([ask("a"), ask("b"), ask("c")]).toEqual([0, 0, 0]);
    expect(ask("d")).toBe(TIMResult.BRIDGE_ERR_BUSY);
    expect(rig.bridge.lastError).toMatchObject({ category: ErrorCategory.BUSY, outcome: NOT_SENT });
    play(rig, {}, 1);
    expect(ask("e")).toBe(0);
    play(rig);
    expect(heard.calls.map(([code]) => code)).toEqual([0, 0, 0, 0]);
    expect(rig.singles()).toEqual(["a0", "b0", "c0", "e0"]);
  });

  test("more than a function takes arguments: the turn goes on, and each ends once", () => {
    const count = 150_000;
    const rig = oldCore({ maxPendingCalls: count + 1, timeoutMs: 1000 });
    let ended = 0;
    for (let i = 0; i < count; i++) {
      rig.bridge.ConvDeleteConversationList(["c2c_a"], true, () => ended++);
    }
    rig.host.advance(16);
    rig.host.advance(2000);
    expect(ended).toBe(count);
    expect(rig.errors).toEqual([]);
  });
});

describe("a batch that clears, on a core without batches", () => {
  test("is as many single deletes under one call: one callback, one completion, a result for each", () => {
    const rig = oldCore({ plugin: true });
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    rig.bridge.onDeleteCompleted(completed);
    const list = ["c2c_u0", "group_g", "c2c_u1", "c2c_u0"];
    expect(rig.bridge.ConvDeleteConversationList(list, true, heard, "mine")).toBe(TIMResult.TIM_SUCC);
    expect(heard.calls).toEqual([]);
    play(rig, { u1: 6004 });
    expect(rig.singles()).toEqual(["u0", "g", "u1"]);
    expect(heard.calls).toHaveLength(1);
    const [code, , results, userData] = heard.calls[0] as Heard;
    expect([code, userData]).toEqual([0, "mine"]);
    expect(results.map(({ conversation, outcome }) => [conversation, outcome])).toEqual([
      [{ userId: "u0" }, DELETED],
      [{ groupId: "g" }, DELETED],
      [{ userId: "u1" }, FAILED],
      [{ userId: "u0" }, DELETED],
    ]);
    expect(results[2]?.error).toMatchObject({ source: ErrorSource.SDK_CALLBACK, code: 6004 });
    expect(completed.calls).toHaveLength(1);
    expect(rig.host.notices).toHaveLength(1);
    expect(rig.bridge.pendingCalls).toBe(0);
  });

  test("the core is asked for a batch once, ever", () => {
    const rig = oldCore();
    for (let i = 0; i < 3; i++) {
      rig.bridge.ConvDeleteConversationList(ids(2), true);
      play(rig, {}, 3);
    }
    expect(callsOf(rig, "ConvDeleteConversationList")).toHaveLength(1);
    expect(rig.singles()).toHaveLength(6);
  });

  test("no more than five are begun in any second, first in, first out", () => {
    const rig = oldCore();
    const begun: number[] = [];
    const answer = rig.core.onSend;
    rig.core.onSend = (call) => {
      if (call.method.name === "ConvDelete") begun.push(rig.host.now());
      return answer(call);
    };
    rig.bridge.ConvDeleteConversationList(ids(10, "a"), true);
    rig.bridge.ConvDeleteConversationList(ids(10, "b"), true);
    for (let ms = 0; ms < 6000; ms += 16) rig.host.advance(16);
    expect(begun).toHaveLength(20);
    for (const from of begun) expect(begun.filter((time) => time >= from && time < from + 1000).length).toBeLessThan(6);
    expect(rig.singles()).toEqual([...ids(10, "a"), ...ids(10, "b")].map((id) => id.slice(4)));
  });

  test("at the call's deadline: what was asked is unknown, what was not asked is not sent, and never is", () => {
    const rig = oldCore({ timeoutMs: 1000 });
    const heard = recorder<Heard>();
    rig.bridge.ConvDeleteConversationList(ids(20), true, heard);
    for (let i = 0; i < 4; i++) rig.host.advance(200);
    rig.core.answer({}, callsOf(rig, "ConvDelete")[1]);
    rig.host.advance(200);
    expect(heard.calls).toHaveLength(1);
    const outcomes = heard.calls[0]?.[2].map(({ outcome }) => outcome) ?? [];
    expect(outcomes.filter((outcome) => outcome === DELETED)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === UNKNOWN).length).toBe(rig.singles().length - 1);
    expect(outcomes.filter((outcome) => outcome === NOT_SENT).length).toBe(20 - rig.singles().length);
    const asked = rig.singles().length;
    for (let i = 0; i < 30; i++) rig.host.advance(200);
    expect(rig.singles()).toHaveLength(asked);
    expect(heard.calls).toHaveLength(1);
  });

  test("cancelled between two of them: the rest is not sent, and what was handed over is waited for", async () => {
    const rig = oldCore();
    const source = new CancelSource();
    const done = outcomeOf(rig.bridge.deleteConversationList(ids(150), { clearMessage: true, signal: source.signal }));
    for (let i = 0; i < 2; i++) rig.host.advance(200);
    expect(rig.singles()).toEqual(["u0", "u1", "u2"]);
    source.cancel();
    rig.core.answer({}, callsOf(rig, "ConvDelete")[0]);
    rig.core.answer({ code: 6004 }, callsOf(rig, "ConvDelete")[1]);
    for (let i = 0; i < 5; i++) rig.host.advance(200);
    expect(rig.singles()).toHaveLength(3);
    rig.core.answer({}, callsOf(rig, "ConvDelete")[2]);
    rig.host.turn();
    const { value = [] } = await done;
    expect(value.slice(0, 3).map(({ outcome }) => outcome)).toEqual([DELETED, FAILED, DELETED]);
    expect(value.slice(3).filter(({ outcome }) => outcome === NOT_SENT)).toHaveLength(147);
    expect(value[3]?.error).toMatchObject({ category: ErrorCategory.CANCELLED, outcome: NOT_SENT });
    expect(value[3]?.error?.message).toMatch(/cancelled before c2c_u3 was handed to the core/);
  });

  test("cancelled by the core itself as it is asked for the batch: nothing is sent", async () => {
    const rig = oldCore();
    const source = new CancelSource();
    const answer = rig.core.onSend;
    rig.core.onSend = (call) => {
      source.cancel();
      return answer(call);
    };
    const done = outcomeOf(rig.bridge.deleteConversationList(ids(2), { clearMessage: true, signal: source.signal }));
    for (let i = 0; i < 3; i++) rig.host.advance(200);
    expect((await done).value?.map(({ outcome }) => outcome)).toEqual([NOT_SENT, NOT_SENT]);
    expect(rig.singles()).toEqual([]);
  });

  // The first time is the check of the options.
  test.each([
    [2, [], [NOT_SENT, NOT_SENT, NOT_SENT]],
    [3, [], [NOT_SENT, NOT_SENT, NOT_SENT]],
    [4, ["u0"], [UNKNOWN, NOT_SENT, NOT_SENT]],
  ])(
    "a signal that closes the bridge when it is asked for the %sth time: the list ends, others too",
    async (time, sent, outcomes) => {
      const rig = oldCore();
      const completed = recorder<[DeleteCompleted]>();
      rig.bridge.onDeleteCompleted(completed);
      const before = recorder<Heard>();
      const after = recorder<Heard>();
      let asked = 0;
      const signal = {
        get aborted(): boolean {
          asked++;
          if (asked === time) rig.bridge.close();
          return false;
        },
      };
      rig.bridge.ConvDeleteConversationList(ids(1, "before"), true, before);
      rig.host.advance(200);
      const done = outcomeOf(rig.bridge.deleteConversationList(ids(3), { clearMessage: true, signal }));
      const accepted = rig.bridge.ConvDeleteConversationList(ids(2, "after"), true, after) === TIMResult.TIM_SUCC;
      for (let i = 0; i < 3; i++) rig.host.advance(200);
      expect((await done).value?.map(({ outcome }) => outcome)).toEqual(outcomes);
      expect(rig.singles()).toEqual(["before0", ...sent]);
      expect(before.calls).toHaveLength(1);
      expect(after.calls).toHaveLength(accepted ? 1 : 0);
      expect(completed.calls).toHaveLength(1 + sent.length + (accepted ? 1 : 0));
    },
  );

  test("an answer after the deadline is told as late", () => {
    const rig = oldCore({ timeoutMs: 1000 });
    const late = recorder<[{ results: readonly DeleteResult[] }]>();
    rig.bridge.onLateResult(late);
    rig.bridge.ConvDeleteConversationList(ids(2), true);
    for (let i = 0; i < 6; i++) rig.host.advance(200);
    rig.core.answer({}, callsOf(rig, "ConvDelete")[0]);
    expect(late.calls).toMatchObject([[{ results: [{ conversation: { userId: "u0" }, outcome: DELETED }] }]]);
  });

  test.each([
    ["another user signs in", (rig: Rig) => rig.bridge.Login("other", "sig"), TIMResult.BRIDGE_ERR_STALE_EPOCH],
    ["the bridge is closed", (rig: Rig) => rig.bridge.close(), TIMResult.BRIDGE_ERR_CLOSED],
  ])("%s: it ends at once, and no other is deleted", (_what, end, code) => {
    const rig = oldCore();
    const heard = recorder<Heard>();
    rig.bridge.ConvDeleteConversationList(ids(5), true, heard);
    rig.host.advance(200);
    rig.core.answer({}, callsOf(rig, "ConvDelete")[0]);
    end(rig);
    expect(heard.calls).toHaveLength(1);
    expect(heard.calls[0]?.[2].map(({ outcome }) => outcome)).toEqual([DELETED, UNKNOWN, NOT_SENT, NOT_SENT, NOT_SENT]);
    expect(heard.calls[0]?.[2][4]?.error).toMatchObject({ code });
    for (let i = 0; i < 10; i++) rig.host.advance(200);
    expect(rig.singles()).toEqual(["u0", "u1"]);
  });

  test("none was deleted: 6003, as the core's own batch says", () => {
    const rig = oldCore();
    const heard = recorder<Heard>();
    rig.bridge.ConvDeleteConversationList(ids(2), true, heard);
    play(rig, { u0: 6004, u1: 6017 });
    expect(heard.calls.map(([code]) => code)).toEqual([6003]);
  });

  test("a return of the core's is that conversation's failure; the others go on", () => {
    const rig = oldCore();
    const heard = recorder<Heard>();
    const answer = rig.core.onSend;
    rig.core.onSend = (call) => (call.method.name === "ConvDelete" && call.method.convId !== "u1" ? -4 : answer(call));
    expect(rig.bridge.ConvDeleteConversationList(ids(3), true, heard)).toBe(TIMResult.TIM_SUCC);
    expect(heard.calls).toEqual([]);
    for (let i = 0; i < 5; i++) rig.host.advance(200);
    rig.core.answer({}, callsOf(rig, "ConvDelete")[1]);
    expect(heard.calls[0]?.[2].map(({ outcome }) => outcome)).toEqual([FAILED, DELETED, FAILED]);
  });

  test("the first is refused by the bridge or the plugin: so is the batch, with nothing deleted", () => {
    const rig = oldCore();
    rig.core.onSend = (call) => (call.method.name === "ConvDelete" ? TIMResult.BRIDGE_ERR_VETOED : unsupported);
    const heard = recorder<Heard>();
    expect(rig.bridge.ConvDeleteConversationList(ids(3), true, heard)).toBe(TIMResult.BRIDGE_ERR_VETOED);
    expect(rig.bridge.ConvDeleteConversationList(ids(1), true, heard)).toBe(TIMResult.TIM_SUCC);
    for (let i = 0; i < 10; i++) rig.host.advance(200);
    expect(rig.singles()).toEqual(["u0", "u0"]);
    expect(heard.calls).toMatchObject([
      [TIMResult.BRIDGE_ERR_VETOED, expect.anything(), [{ outcome: NOT_SENT }], undefined],
    ]);
  });

  test("one of one that the core refuses by its return is refused itself", () => {
    const rig = oldCore();
    rig.core.onSend = (call) => (call.method.name === "ConvDelete" ? -4 : unsupported);
    expect(rig.bridge.ConvDeleteConversationList(ids(1), true)).toBe(-4);
    expect(rig.bridge.lastError).toMatchObject({ source: ErrorSource.SDK_RETURN });
  });

  test("a request of C#'s: its first single carries its number past the ledger, the others none", () => {
    const rig = oldCore({ plugin: true, behindPlugin: true });
    const request = { convDeleteList: { convIds: [utf8("c2c_a"), utf8("c2c_b")], clearMessage: true } };
    rig.host.deliver({ epoch: 0, request: { requestId: 9, ...request } });
    play(rig, {}, 5);
    expect(callsOf(rig, "ConvDelete").map(({ originRequestId }) => originRequestId)).toEqual([9, 0]);
    expect(rig.host.notices).toMatchObject([
      { deleteCompleted: { requestId: 9, results: [{ outcome: 1 }, { outcome: 1 }] } },
    ]);
  });

  test("a long list goes on batch by batch", async () => {
    const rig = oldCore();
    const done = outcomeOf(rig.bridge.deleteConversationList(ids(110), { clearMessage: true }));
    play(rig, {}, 120);
    const { value } = await done;
    expect(value).toHaveLength(110);
    expect(value?.every(({ outcome }) => outcome === DELETED)).toBe(true);
    expect(rig.singles()).toEqual(ids(110).map((id) => id.slice(4)));
  });
});

describe("long lists", () => {
  test("that wait for one another are carried out whole: a deadline is the core's, not the queue's", async () => {
    const rig = oldCore();
    const lists = ["a", "b", "c"].map((name) =>
      outcomeOf(rig.bridge.deleteConversationList(ids(100, name), { clearMessage: true })),
    );
    play(rig, {}, 320);
    for (const list of lists) {
      const { value } = await list;
      expect(value?.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 100 }, () => DELETED));
    }
  });

  test("whose core answers none end at each one's deadline, and not before its turn", async () => {
    const rig = oldCore();
    const list = outcomeOf(rig.bridge.deleteConversationList(ids(100), { clearMessage: true }));
    for (let i = 0; i < 151; i++) rig.host.advance(200);
    // Each has the core's time from its own turn on: the first few are overdue, and the last not yet.
    expect(rig.core.abandoned.length).toBeGreaterThan(0);
    expect(rig.core.abandoned.length).toBeLessThan(10);
    for (let i = 0; i < 150; i++) rig.host.advance(200);
    const { value } = await list;
    expect(value?.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 100 }, () => UNKNOWN));
    expect(rig.singles()).toHaveLength(100);
  });
});

describe("a batch that keeps the history, on a core without batches", () => {
  test("is refused with the reason, and nothing is deleted", () => {
    const rig = oldCore();
    for (let i = 0; i < 2; i++) {
      expect(rig.bridge.ConvDeleteConversationList(ids(2), false)).toBe(unsupported);
      expect(rig.bridge.lastError).toMatchObject({
        category: ErrorCategory.UNSUPPORTED,
        outcome: NOT_SENT,
        message: expect.stringMatching(/no batch deletion.*7\.1.*always clears the history.*Nothing was deleted/),
      });
    }
    expect(callsOf(rig, "ConvDeleteConversationList")).toHaveLength(1);
    expect(rig.singles()).toEqual([]);
  });

  test("a long list ends at once, wholly unsent", async () => {
    const rig = oldCore();
    const done = outcomeOf(rig.bridge.deleteConversationList(ids(250), { clearMessage: false }));
    rig.host.turn();
    rig.host.advance(200);
    await microtasks();
    const { value } = await done;
    expect(value?.every(({ outcome }) => outcome === NOT_SENT)).toBe(true);
    expect(value?.[249]?.error).toMatchObject({ category: ErrorCategory.UNSUPPORTED });
    expect(rig.core.calls).toHaveLength(1);
  });
});

test("other calls that the core lacks are refused as ever", () => {
  const { bridge, core } = makeRig();
  core.onSend = () => unsupported;
  expect(bridge.ConvDelete("a", C2C)).toBe(unsupported);
  expect(core.calls).toHaveLength(1);
});
