import { describe, expect, test } from "vitest";
import type { DeleteCompleted, LateResult } from "../../src/bridge/deletion.js";
import { ErrorCategory, ErrorSource } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, recorder, stillWorks } from "./support/rig.js";

type Heard = [number, string, unknown];

describe("deadlines", () => {
  test("an answer in time is the answer; without one the outcome is unknown, on the turn that finds it overdue", () => {
    const rig = makeRig({ timeoutMs: 1000 });
    const { bridge, core, host } = rig;
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    bridge.ConvDelete("a", C2C, heard);
    host.advance(999);
    core.answer();
    expect(heard.calls).toEqual([[0, "", undefined]]);
    bridge.onDeleteCompleted(completed);
    bridge.ConvDelete("b", C2C, heard);
    host.advance(999);
    expect(heard.calls).toHaveLength(1);
    host.advance(1);
    expect(heard.calls).toHaveLength(2);
    expect(heard.calls[1]?.[1]).toMatch(/has not answered in time. It may be deleted, now or later: list/);
    expect(completed.calls[0]?.[0].results).toMatchObject([
      {
        outcome: Outcome.UNKNOWN,
        error: { source: ErrorSource.BRIDGE, category: ErrorCategory.TIMEOUT, outcome: Outcome.UNKNOWN },
      },
    ]);
    expect(bridge.pendingCalls).toBe(0);
    expect(stillWorks(rig)).toBe(true);
  });

  test("what waits is heard before what is overdue is expired", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const heard = recorder<Heard>();
    bridge.ConvDelete("a", C2C, heard);
    host.later(() => core.answer({ desc: "just in time" }));
    host.advance(5000);
    expect(heard.calls).toEqual([[0, "just in time", undefined]]);
  });

  test("a late answer is heard once, as a late result, and is no second settlement", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000, plugin: true });
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    const late = recorder<[LateResult]>();
    bridge.onDeleteCompleted(completed);
    bridge.onLateResult(late);
    bridge.ConvDelete("a", C2C, heard);
    host.advance(1000);
    core.answer({ code: 0 });
    core.answer({ code: 0 });
    expect(heard.calls).toHaveLength(1);
    expect(completed.calls).toHaveLength(1);
    expect(late.calls).toEqual([
      [{ requestId: 0, results: [{ conversation: { userId: "a" }, outcome: Outcome.DELETED }] }],
    ]);
    expect(host.notices.map((notice) => Object.keys(notice)[0])).toEqual(["deleteCompleted", "lateResult"]);
    expect(host.notices[1]).toEqual({ lateResult: { results: [{ conversation: { userId: "a" }, outcome: 1 }] } });
    expect(bridge.counters).toMatchObject({ lateResults: 1, strayResults: 1 });
  });

  test("the core hears which calls were given up, before the callback, and of no others", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const heard: unknown[] = [];
    bridge.ConvDelete("answered", C2C);
    core.answer();
    core.onSend = () => -4;
    bridge.ConvDelete("refused", C2C);
    core.onSend = () => 0;
    bridge.ConvDelete("a", C2C, () => heard.push([...core.abandoned]));
    const expired = core.last.callId;
    host.advance(1000);
    expect(heard).toEqual([[expired]]);
    bridge.ConvDelete("b", C2C);
    const stale = core.last.callId;
    core.raiseEpoch(1);
    expect(core.abandoned).toEqual([expired, stale]);
    core.answer();
    core.onSend = () => {
      throw new Error("exploded");
    };
    bridge.ConvDelete("c", C2C);
    const threw = core.last.callId;
    host.turn();
    expect(core.abandoned).toEqual([expired, stale, threw]);
    core.onSend = () => 0;
    bridge.ConvDelete("d", C2C);
    bridge.close();
    expect(core.abandoned).toEqual([expired, stale, threw]);
  });

  test("a core that throws when it hears so is told of, and the call settles all the same", () => {
    const { bridge, core, host, errors } = makeRig({ timeoutMs: 1000 });
    const heard = recorder<Heard>();
    core.abandon = () => {
      throw new Error("not now");
    };
    bridge.ConvDelete("a", C2C, heard);
    host.advance(1000);
    expect(heard.calls).toHaveLength(1);
    expect(errors.map(String)).toEqual(["Error: not now"]);
  });

  test("a late failure says why", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const late = recorder<[LateResult]>();
    bridge.onLateResult(late);
    bridge.ConvDelete("a", C2C);
    host.advance(1000);
    core.answer({ code: 6004 });
    expect(late.calls[0]?.[0].results).toMatchObject([{ outcome: Outcome.FAILED, error: { code: 6004 } }]);
  });

  test("a late batch has a result for each", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const late = recorder<[LateResult]>();
    bridge.onLateResult(late);
    bridge.ConvDeleteConversationList(["c2c_a", "c2c_b"], true);
    host.advance(1000);
    core.answerBatch({ c2c_b: 6004 });
    expect(late.calls[0]?.[0].results.map(({ outcome }) => outcome)).toEqual([Outcome.DELETED, Outcome.FAILED]);
  });

  test("a late answer to what C# asked carries its request id", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000, plugin: true });
    const late = recorder<[LateResult]>();
    bridge.onLateResult(late);
    host.deliver({ request: { requestId: 12, convDelete: { convId: utf8("a"), convType: 1 } } });
    host.advance(1000);
    core.answer();
    expect(late.calls[0]?.[0].requestId).toBe(12);
    expect(host.notices.at(-1)).toMatchObject({ lateResult: { requestId: 12 } });
  });

  test("after a change of user a late answer is another's: counted, not heard", () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    const late = recorder<[LateResult]>();
    bridge.onLateResult(late);
    bridge.ConvDelete("a", C2C);
    host.advance(1000);
    core.raiseEpoch(1);
    core.answer();
    expect(late.calls).toEqual([]);
    expect(bridge.counters).toMatchObject({ lateResults: 0, strayResults: 1 });
  });

  test("answers that nobody asked for are counted", () => {
    const { bridge, core } = makeRig();
    for (const callId of [0, 1, 77, 2 ** 31 - 1]) core.answer({ callId }, { callId } as never);
    expect(bridge.counters.strayResults).toBe(4);
  });

  test("the host is asked for a turn at the next deadline, again and again", () => {
    const { bridge, host } = makeRig({ timeoutMs: 1000 });
    bridge.ConvDelete("a", C2C);
    expect(host.turnsAskedFor).toEqual([2000]);
    host.advance(400);
    bridge.ConvDelete("b", C2C);
    host.turnsAskedFor.length = 0;
    host.advance(600);
    expect(host.turnsAskedFor).toEqual([2400]);
    host.turnsAskedFor.length = 0;
    host.advance(400);
    expect(host.turnsAskedFor).toEqual([]);
  });

  test("a callback that deletes again when its deadline passes gets a whole deadline", () => {
    const { bridge, host } = makeRig({ timeoutMs: 1000 });
    const second = recorder<Heard>();
    bridge.ConvDelete("a", C2C, () => void bridge.ConvDelete("b", C2C, second));
    host.advance(1000);
    host.advance(999);
    expect(second.calls).toEqual([]);
    host.advance(1);
    expect(second.calls).toHaveLength(1);
  });
});
