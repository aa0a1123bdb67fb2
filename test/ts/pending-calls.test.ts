import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PendingCalls, type Settlement } from "../../src/bridge/pending-calls.js";
import { ErrorSource } from "../../src/protocol/gen/chatbridge/v1/error.js";

const maxId = 2 ** 31 - 1;
const answered: Settlement = {
  kind: "answered",
  result: { callId: 1, source: ErrorSource.SDK_CALLBACK, code: 0, desc: "", json: "" },
};

function entry(settled: string[], name: string, deadline = 100, epoch = 0, endsWithEpoch = true) {
  return {
    epoch,
    deadline,
    endsWithEpoch,
    settle: (settlement: Settlement) => void settled.push(`${name} ${settlement.kind}`),
  };
}

describe("pending calls", () => {
  test("whoever takes an entry out has it alone", () => {
    const calls = new PendingCalls(10);
    const settled: string[] = [];
    const id = calls.add(entry(settled, "a")) as number;
    expect(id).toBe(1);
    calls.take(id)?.settle(answered);
    expect(calls.take(id)).toBeUndefined();
    calls.expire(1000);
    calls.endEpochsBefore(9);
    calls.end("closed");
    expect(settled).toEqual(["a answered"]);
    expect(calls.size).toBe(0);
  });

  test("deadlines settle what is overdue, oldest first, and nothing before", () => {
    const calls = new PendingCalls(10);
    const settled: string[] = [];
    calls.add(entry(settled, "a", 300));
    calls.add(entry(settled, "b", 100));
    calls.add(entry(settled, "c", 200));
    expect(calls.nextDeadline).toBe(100);
    calls.expire(99);
    expect(settled).toEqual([]);
    calls.expire(200);
    expect(settled).toEqual(["b expired", "c expired"]);
    expect(calls.nextDeadline).toBe(300);
    calls.expire(300);
    expect(settled).toEqual(["b expired", "c expired", "a expired"]);
    expect(calls.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });

  test("a call added while others expire keeps its own deadline", () => {
    const calls = new PendingCalls(10);
    const settled: string[] = [];
    calls.add({
      ...entry(settled, "a", 100),
      settle: () => void calls.add(entry(settled, "inside", 150)),
    });
    calls.expire(100);
    expect(calls.nextDeadline).toBe(150);
    calls.expire(150);
    expect(settled).toEqual(["inside expired"]);
  });

  test("an expired call is remembered once, until another epoch", () => {
    const calls = new PendingCalls(10);
    const first = calls.add(entry([], "a")) as number;
    const second = calls.add(entry([], "b")) as number;
    calls.expire(100);
    expect(calls.takeExpired(first)).toBeDefined();
    expect(calls.takeExpired(first)).toBeUndefined();
    calls.endEpochsBefore(1);
    expect(calls.takeExpired(second)).toBeUndefined();
  });

  test("no more expired calls are remembered than may be live", () => {
    const calls = new PendingCalls(3);
    const ids: number[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push(calls.add(entry([], "x", i)) as number);
      calls.expire(i);
    }
    expect(ids.map((id) => calls.takeExpired(id) !== undefined)).toEqual([false, false, true, true, true]);
  });

  test("another epoch ends what asked in an earlier one, but not what began it", () => {
    const calls = new PendingCalls(10);
    const settled: string[] = [];
    calls.add(entry(settled, "delete", 100, 4));
    calls.add(entry(settled, "login", 100, 4, false));
    calls.add(entry(settled, "new", 100, 5));
    calls.endEpochsBefore(5);
    expect(settled).toEqual(["delete session-changed"]);
    expect(calls.size).toBe(2);
  });

  test("a call given up is settled once, and a late answer still finds it", () => {
    const calls = new PendingCalls(10);
    const settled: string[] = [];
    const id = calls.add(entry(settled, "a")) as number;
    calls.giveUp(id, new Error("threw"));
    calls.giveUp(id, new Error("threw"));
    expect(settled).toEqual(["a threw"]);
    expect(calls.takeExpired(id)).toBeDefined();
  });

  test("as many as may be, and one more when one has ended", () => {
    const calls = new PendingCalls(2);
    const first = calls.add(entry([], "a")) as number;
    calls.add(entry([], "b"));
    expect(calls.add(entry([], "c"))).toBeUndefined();
    calls.take(first);
    expect(calls.add(entry([], "c"))).toBe(3);
  });

  test("ids wrap at 2^31 - 1, and skip 0, what is live and what may still be answered", () => {
    const settled: string[] = [];
    const wrapping = new PendingCalls(10, maxId);
    expect(wrapping.add(entry(settled, "last"))).toBe(maxId);
    expect(wrapping.add(entry(settled, "first"))).toBe(1);

    const small = new PendingCalls(3, 1, 8);
    expect(small.add(entry(settled, "stays", 500))).toBe(1);
    expect(small.add(entry(settled, "expires", 1))).toBe(2);
    small.expire(1);
    for (const id of [3, 4, 5, 6, 7, 8, 3, 4]) {
      expect(small.add(entry(settled, "goes", 500))).toBe(id);
      small.take(id);
    }
  });

  test("any interleaving settles every accepted call exactly once", () => {
    const command = fc.oneof(
      fc.record({
        kind: fc.constant("add" as const),
        deadline: fc.integer({ min: 0, max: 50 }),
        session: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("answer" as const), which: fc.nat(40) }),
      fc.record({ kind: fc.constant("late" as const), which: fc.nat(40) }),
      fc.record({ kind: fc.constant("giveUp" as const), which: fc.nat(40) }),
      fc.record({ kind: fc.constant("expire" as const), by: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant("epoch" as const) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), fc.integer({ min: 1, max: 6 }), (commands, limit) => {
        // So few ids that they go round many times.
        const highest = 2 * limit + 2;
        const calls = new PendingCalls(limit, highest - 1, highest);
        const settlements = new Map<number, string[]>();
        const ids: number[] = [];
        let live = new Set<number>();
        let now = 0;
        let epoch = 0;
        for (const command of commands) {
          if (command.kind === "add") {
            const heard: string[] = [];
            const number = ids.length;
            const id = calls.add({
              epoch,
              deadline: now + command.deadline,
              endsWithEpoch: !command.session,
              settle: ({ kind }) => {
                heard.push(kind);
                live.delete(number);
              },
            });
            expect(id === undefined).toBe(live.size >= limit);
            if (id === undefined) continue;
            expect(id).toBeGreaterThan(0);
            expect(id).toBeLessThanOrEqual(highest);
            expect([...live].map((other) => ids[other])).not.toContain(id);
            ids.push(id);
            live.add(number);
            settlements.set(number, heard);
          } else if (command.kind === "answer") calls.take(ids[command.which] ?? 0)?.settle(answered);
          else if (command.kind === "late") calls.takeExpired(ids[command.which] ?? 0);
          else if (command.kind === "giveUp") calls.giveUp(ids[command.which] ?? 0, "thrown");
          else if (command.kind === "expire") {
            now += command.by;
            calls.expire(now);
          } else calls.endEpochsBefore(++epoch);
          expect(calls.size).toBe(live.size);
        }
        calls.end("closed");
        expect([...settlements.values()].every((heard) => heard.length === 1)).toBe(true);
        live = new Set();
        expect(calls.size).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});
