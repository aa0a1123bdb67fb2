import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/connect.js";
import { StandaloneHost } from "../../src/host/standalone-host.js";
import { C2C, microtasks } from "./support/rig.js";
import { ScriptedCore } from "./support/scripted-core.js";

interface Handled {
  turns: number;
  readonly malformed: string[];
}

function started(onTurn: () => void = () => {}): { host: StandaloneHost; handled: Handled } {
  const host = new StandaloneHost();
  const handled: Handled = { turns: 0, malformed: [] };
  const epoch = host.start({
    frame: () => {},
    malformed: (what) => handled.malformed.push(what),
    framesLost: () => {},
    lost: () => {},
    turnEnded: () => {
      handled.turns++;
      onTurn();
    },
  });
  expect(epoch).toBe(0);
  return { host, handled };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("turns", () => {
  test("come when there is something to do, never inside the call that asks", async () => {
    const { host, handled } = started();
    const order: string[] = [];
    host.later(() => order.push("1"));
    host.later(() => order.push("2"));
    expect(order).toEqual([]);
    await microtasks();
    expect(order).toEqual(["1", "2"]);
    expect(handled.turns).toBe(1);
  });

  test("what a job asks for comes on the next turn", async () => {
    const { host, handled } = started();
    const turns: number[] = [];
    host.later(() => {
      turns.push(handled.turns);
      host.later(() => turns.push(handled.turns));
    });
    await microtasks();
    expect(turns).toEqual([0, 1]);
    expect(handled.turns).toBe(2);
  });

  test("a turn that fails is told of, and does not throw into the timer or the microtask that brought it", async () => {
    const { host, handled } = started(() => {
      throw new Error("turnEnded failed");
    });
    host.later(() => {});
    await microtasks();
    expect(handled.malformed).toEqual(["the turn failed: Error: turnEnded failed"]);
    host.turnAt(host.now() + 10);
    expect(() => vi.advanceTimersByTime(10)).not.toThrow();
    expect(handled).toMatchObject({ turns: 2, malformed: { length: 2 } });
  });

  test("once closed it takes no job, neither from outside nor from one that runs", async () => {
    const { host } = started();
    const ran: string[] = [];
    host.later(() => {
      host.close();
      host.later(() => ran.push("asked for in the job that closed it"));
    });
    await microtasks();
    host.later(() => ran.push("asked for afterwards"));
    await microtasks();
    expect(ran).toEqual([]);
  });

  test("a job that throws is told of, and stops no other", async () => {
    const { host, handled } = started();
    const ran: string[] = [];
    host.later(() => {
      throw new Error("mine");
    });
    host.later(() => ran.push("other"));
    await microtasks();
    expect(ran).toEqual(["other"]);
    expect(handled.malformed).toEqual([expect.stringMatching(/a core's job failed: Error: mine/)]);
  });

  test("a turn asked for at a time comes then, the earliest first", () => {
    const { host, handled } = started();
    const now = host.now();
    host.turnAt(now + 500);
    host.turnAt(now + 200);
    host.turnAt(now + 900);
    vi.advanceTimersByTime(199);
    expect(handled.turns).toBe(0);
    vi.advanceTimersByTime(1);
    expect(handled.turns).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a time that lies far ahead does not come at once", () => {
    const { host, handled } = started();
    host.turnAt(host.now() + 1e12);
    vi.advanceTimersByTime(10_000);
    expect(handled.turns).toBe(0);
    host.turnAt(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe("closing", () => {
  test("no job runs, no turn comes, and no timer is left to keep Node.js alive", async () => {
    const { host, handled } = started();
    const ran: string[] = [];
    host.later(() => ran.push("job"));
    host.turnAt(host.now() + 30_000);
    host.close();
    expect(vi.getTimerCount()).toBe(0);
    host.turnAt(host.now() + 10);
    expect(vi.getTimerCount()).toBe(0);
    await microtasks();
    expect(ran).toEqual([]);
    expect(handled.turns).toBe(0);
  });
});

describe("an engine without timers or performance", () => {
  test("jobs run all the same; a time that is asked for waits for the next turn", async () => {
    vi.stubGlobal("setTimeout", undefined);
    vi.stubGlobal("clearTimeout", undefined);
    vi.stubGlobal("performance", undefined);
    const { host, handled } = started();
    host.turnAt(host.now() + 10);
    host.later(() => {});
    await microtasks();
    expect(handled.turns).toBe(1);
    host.close();
  });

  test("the clock does not follow one that is set back", () => {
    vi.stubGlobal("performance", undefined);
    const { host } = started();
    vi.setSystemTime(50_000);
    const before = host.now();
    expect(before).toBe(50_000);
    vi.setSystemTime(20_000);
    expect(host.now()).toBe(before);
    vi.setSystemTime(60_000);
    expect(host.now()).toBe(60_000);
  });
});

test("once all calls are answered no timer runs: a program of Node.js's ends though its bridge is open", async () => {
  const core = new ScriptedCore();
  const bridge = connect({ core });
  bridge.ConvDelete("alice", C2C);
  bridge.ConvDelete("bob", C2C);
  const [first, second] = core.calls;
  core.context?.later(() => core.answer({}, first));
  await microtasks();
  expect(vi.getTimerCount()).toBe(1);
  core.context?.later(() => core.answer({}, second));
  await microtasks();
  expect(vi.getTimerCount()).toBe(0);
  bridge.close();
});
