import { describe, expect, test } from "vitest";
import { CancelSource, type DeleteProgress } from "../../src/bridge/batch-deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { C2C, makeRig, microtasks, outcomeOf, recorder } from "./support/rig.js";
import type { ScriptedCore } from "./support/scripted-core.js";

const { DELETED, NOT_SENT, UNKNOWN, FAILED } = Outcome;
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `c2c_u${i}`);
const sizes = (core: ScriptedCore): number[] =>
  core.methods().map((method) => (method.name === "ConvDeleteConversationList" ? method.convIds.length : 0));
const count = (results: readonly { outcome: Outcome }[] | undefined, outcome: Outcome): number =>
  (results ?? []).filter((result) => result.outcome === outcome).length;

describe("deleteConversationList", () => {
  test("any number: batches of 100, one after another, every id once, results in the order given", async () => {
    const { bridge, core, host } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(250), { clearMessage: false }));
    expect(sizes(core)).toEqual([100]);
    host.advance(10_000);
    expect(sizes(core)).toEqual([100]);
    core.answerBatch({ c2c_u7: 6004 });
    host.advance(200);
    core.answerBatch();
    host.advance(200);
    expect(sizes(core)).toEqual([100, 100, 50]);
    core.answerBatch();
    const { value } = await done;
    expect(value?.map(({ conversation }) => conversation)).toEqual(
      Array.from({ length: 250 }, (_, i) => ({ userId: `u${i}` })),
    );
    expect(value?.[7]).toMatchObject({ outcome: FAILED, error: { code: 6004 } });
    expect(count(value, DELETED)).toBe(249);
    const asked = core
      .methods()
      .flatMap((method) => (method.name === "ConvDeleteConversationList" ? method.convIds : []));
    expect(asked).toEqual(ids(250));
    expect(core.methods().every((method) => "clearMessage" in method && !method.clearMessage)).toBe(true);
  });

  test("batches start no faster than the clock allows", () => {
    const { bridge, core, host } = makeRig({ batchesPerSecond: 4 });
    void bridge.deleteConversationList(ids(300), { clearMessage: true });
    core.answerBatch();
    host.turn();
    host.advance(249);
    expect(core.calls).toHaveLength(1);
    expect(host.turnsAskedFor).toContain(1000 + 250);
    host.advance(1);
    expect(core.calls).toHaveLength(2);
    // The gap counts from the batch's start, not from its answer.
    host.advance(300);
    core.answerBatch();
    host.turn();
    expect(core.calls).toHaveLength(3);
  });

  test("two lists at once share the pace: the core counts all requests together", () => {
    const { bridge, core, host } = makeRig({ batchesPerSecond: 4 });
    void bridge.deleteConversationList(ids(200), { clearMessage: true });
    void bridge.deleteConversationList(ids(200), { clearMessage: true });
    expect(core.calls).toHaveLength(1);
    host.advance(249);
    expect(core.calls).toHaveLength(1);
    host.advance(1);
    expect(core.calls).toHaveLength(2);
    core.answerBatch({}, core.calls[0]);
    core.answerBatch({}, core.calls[1]);
    host.advance(249);
    expect(core.calls).toHaveLength(2);
    host.advance(1);
    expect(core.calls).toHaveLength(3);
    host.advance(250);
    expect(core.calls).toHaveLength(4);
  });

  test("an id given often is asked for once and has its result in every place", async () => {
    const { bridge, core } = makeRig();
    const done = outcomeOf(
      bridge.deleteConversationList(["c2c_a", "C2Ca", "group_a", { userId: "a" }], { clearMessage: true }),
    );
    expect(core.last.method).toMatchObject({ convIds: ["c2c_a", "group_a"] });
    core.answerBatch({ c2c_a: 6004 });
    expect((await done).value?.map(({ outcome }) => outcome)).toEqual([FAILED, FAILED, DELETED, FAILED]);
  });

  test("an id that comes again in a later batch is not asked for again", async () => {
    const { bridge, core, host } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList([...ids(120), ...ids(110)], { clearMessage: true }));
    core.answerBatch({ c2c_u3: 6004 });
    host.advance(200);
    expect(sizes(core)).toEqual([100, 20]);
    core.answerBatch();
    const { value } = await done;
    expect(value).toHaveLength(230);
    expect([value?.[3]?.outcome, value?.[123]?.outcome]).toEqual([FAILED, FAILED]);
    expect(core.calls).toHaveLength(2);
  });

  test("progress comes after each batch, and one that throws harms nothing", async () => {
    const { bridge, core, host, errors } = makeRig();
    const steps: [number, number, number][] = [];
    const onProgress = ({ settled, total, results }: DeleteProgress): void => {
      steps.push([settled, total, results.length]);
      throw new Error("mine");
    };
    const done = outcomeOf(bridge.deleteConversationList(ids(150), { clearMessage: true, onProgress }));
    core.answerBatch();
    host.advance(200);
    core.answerBatch();
    expect((await done).value).toHaveLength(150);
    expect(steps).toEqual([
      [100, 150, 100],
      [150, 150, 50],
    ]);
    expect(errors.map(String)).toEqual(["Error: mine", "Error: mine"]);
  });

  test("progress never comes inside another callback: closed in one, it comes when that has returned", () => {
    const { bridge, core } = makeRig();
    const heard: string[] = [];
    const onProgress = ({ settled }: DeleteProgress): void => void heard.push(`progress ${settled}`);
    void bridge.deleteConversationList(ids(150), { clearMessage: true, onProgress });
    core.answerBatch();
    bridge.ConvDelete("alice", C2C, () => {
      bridge.close();
      heard.push("returns");
    });
    core.answer();
    expect(heard).toEqual(["progress 100", "returns", "progress 150"]);
  });

  test("cancelled: what was handed over is waited for, the rest is not sent", async () => {
    const { bridge, core, host } = makeRig();
    const source = new CancelSource();
    const progress = recorder<[DeleteProgress]>();
    const done = outcomeOf(
      bridge.deleteConversationList(ids(250), { clearMessage: true, signal: source.signal, onProgress: progress }),
    );
    source.cancel();
    core.answerBatch();
    host.advance(200);
    const { value } = await done;
    expect(core.calls).toHaveLength(1);
    expect([count(value, DELETED), count(value, NOT_SENT)]).toEqual([100, 150]);
    expect(value?.[249]?.error).toMatchObject({ category: ErrorCategory.CANCELLED, outcome: NOT_SENT });
    expect(value?.[249]?.error?.message).toMatch(/cancelled before c2c_u249 was handed to the core/);
    expect(progress.calls.map(([step]) => step.settled)).toEqual([100, 250]);
  });

  test("an AbortSignal does as well; aborted from the start, nothing is sent", async () => {
    const { bridge, core, host } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(3), { clearMessage: true, signal: AbortSignal.abort() }));
    host.turn();
    const { value } = await done;
    expect(core.calls).toEqual([]);
    expect(count(value, NOT_SENT)).toBe(3);
  });

  test("a signal that throws when it is asked stops the rest, and the promise still settles", async () => {
    const { bridge, core, host, errors } = makeRig();
    let asked = 0;
    const signal = {
      get aborted(): boolean {
        if (asked++ < 2) return false;
        throw new Error("broken signal");
      },
    };
    const done = outcomeOf(bridge.deleteConversationList(ids(150), { clearMessage: true, signal }));
    core.answerBatch();
    host.advance(200);
    const { value } = await done;
    expect([count(value, DELETED), count(value, NOT_SENT)]).toEqual([100, 50]);
    expect(errors.map(String)).toEqual(["Error: broken signal"]);
  });

  test("options that change while it runs change nothing", () => {
    const { bridge, core, host } = makeRig();
    const options = { clearMessage: false };
    void bridge.deleteConversationList(ids(150), options);
    options.clearMessage = true;
    core.answerBatch();
    host.advance(200);
    expect(core.methods()).toMatchObject([{ clearMessage: false }, { clearMessage: false }]);
  });

  test("another user logs in midway: what was handed over is unknown, the rest is never sent as the other", async () => {
    const { bridge, core, host } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(250), { clearMessage: true }));
    core.answerBatch();
    host.advance(200);
    core.raiseEpoch(1);
    host.advance(200);
    host.advance(200);
    const { value } = await done;
    expect(core.calls).toHaveLength(2);
    expect([count(value, DELETED), count(value, UNKNOWN), count(value, NOT_SENT)]).toEqual([100, 100, 50]);
    expect(value?.[249]?.error).toMatchObject({ code: TIMResult.BRIDGE_ERR_STALE_EPOCH, outcome: NOT_SENT });
  });

  test("closed midway: it ends at once, what was under way as unknown, the rest as not sent", async () => {
    const { bridge, core } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(350), { clearMessage: true }));
    bridge.close();
    const { value } = await done;
    expect(core.calls).toHaveLength(1);
    expect([count(value, UNKNOWN), count(value, NOT_SENT)]).toEqual([100, 250]);
  });

  test("closed between two batches", async () => {
    const { bridge, core } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(250), { clearMessage: true }));
    core.answerBatch();
    bridge.close();
    expect(count((await done).value, NOT_SENT)).toBe(150);
  });

  test("closed from inside its own progress, it still ends", async () => {
    const { bridge, core } = makeRig();
    const done = bridge.deleteConversationList(ids(5000), { clearMessage: true, onProgress: () => bridge.close() });
    let settled = false;
    void done.then(() => {
      settled = true;
    });
    core.answerBatch();
    await microtasks();
    expect(settled).toBe(true);
    expect(count(await done, NOT_SENT)).toBe(4900);
  });

  test("busy: those that found no room are not sent, the rest goes on", async () => {
    const { bridge, core, host } = makeRig({ maxPendingCalls: 1 });
    bridge.ConvGetConvList(() => {});
    const done = outcomeOf(bridge.deleteConversationList(ids(150), { clearMessage: true }));
    expect(core.calls).toHaveLength(1);
    core.answer({ json: "[]" });
    host.turn();
    host.advance(200);
    core.answerBatch();
    const { value } = await done;
    expect([count(value, NOT_SENT), count(value, DELETED)]).toEqual([100, 50]);
    expect(value?.[0]?.error).toMatchObject({ category: ErrorCategory.BUSY });
  });

  test("the core refuses a batch by its return: failed, not unsent", async () => {
    const { bridge, core, host } = makeRig();
    core.onSend = () => -3;
    const done = outcomeOf(bridge.deleteConversationList(ids(2), { clearMessage: true }));
    host.turn();
    const { value } = await done;
    expect(value?.map(({ outcome }) => outcome)).toEqual([FAILED, FAILED]);
  });

  test.each([
    ["refused", undefined],
    ["cancelled", { aborted: true }],
  ])("the first batch is %s at once: onProgress waits for a turn", async (_how, signal) => {
    const { bridge, core, host } = makeRig();
    core.onSend = () => -4;
    const onProgress = recorder<[DeleteProgress]>();
    const options = { clearMessage: true, onProgress, ...(signal === undefined ? {} : { signal }) };
    const done = outcomeOf(bridge.deleteConversationList(ids(2), options));
    await microtasks();
    expect(onProgress.calls).toEqual([]);
    host.turn();
    expect(onProgress.calls).toHaveLength(1);
    expect((await done).value).toHaveLength(2);
  });

  test("a bridge that closes before that turn still settles the promise", async () => {
    const { bridge, core } = makeRig();
    core.onSend = () => -4;
    const done = outcomeOf(bridge.deleteConversationList(ids(2), { clearMessage: true }));
    bridge.close();
    expect(count((await done).value, FAILED)).toBe(2);
  });

  test.each([
    ["a batch is under way", false],
    ["the next one waits its turn", true],
  ])("another user signs in while %s: what was not begun ends at once, unsent", async (_when, answered) => {
    const { bridge, core } = makeRig();
    const done = outcomeOf(bridge.deleteConversationList(ids(350), { clearMessage: true }));
    if (answered) core.answerBatch();
    bridge.Login("other", "sig");
    const { value } = await done;
    expect(sizes(core)).toEqual([100, 0]);
    expect(count(value, NOT_SENT)).toBe(250);
    expect(count(value, answered ? DELETED : UNKNOWN)).toBe(100);
    expect(value?.[349]?.error).toMatchObject({ code: TIMResult.BRIDGE_ERR_STALE_EPOCH });
  });

  test("the deadline of a batch leaves it unknown, and the next is tried", async () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const done = outcomeOf(bridge.deleteConversationList(ids(150), { clearMessage: true }));
    host.advance(1000);
    host.turn();
    expect(core.calls).toHaveLength(2);
    core.answerBatch();
    const { value } = await done;
    expect([count(value, UNKNOWN), count(value, DELETED)]).toEqual([100, 50]);
  });
});
