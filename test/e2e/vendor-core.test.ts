// The vendor's real core, offline, through the whole bridge: what vendor-core-rows.ts says of it, and that each call
// settles once. Run by tools/lib/vendor-suite.mjs, which cuts this process off from the network: the core dials its
// servers as soon as it is initialised.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Bridge,
  connect,
  type DeleteCompleted,
  ErrorSource,
  Outcome,
  TIMConvType,
  TIMResult,
} from "tim-chatbridge";
import { afterAll, expect, type TestContext, test } from "vitest";
import { whyNotCutOff } from "../../tools/lib/network.mjs";
import { vendorCore } from "../../tools/lib/vendor-core.mjs";
import { loadNodeHost } from "./host/node-host.mjs";
import {
  type CoreAnswer,
  type Row,
  rowLogin,
  rowsBeforeInit,
  rowsClosedPages,
  rowsInitialised,
  rowsLoginPending,
  type VendorCoreRows,
} from "./vendor-core-rows.js";

interface SeenCall {
  readonly method: string;
  readonly returned: number | null;
  readonly callbacks: readonly CoreAnswer[];
}

interface Played {
  readonly row: Row;
  /** The call's number at the core's door. */
  readonly at: number;
  readonly called: { readonly code: number; readonly desc: string }[];
}

interface Offline {
  readonly folder: string;
  readonly door: VendorCoreRows;
  readonly bridge: Bridge;
  readonly completions: DeleteCompleted[];
  readonly errors: unknown[];
  readonly tick: () => void;
  /** The messages that C# has received since the last call. */
  readonly received: () => { readonly name: string; readonly message: DeleteCompleted }[];
}

const mostMs = 60_000;
const timeoutMs = 30_000;
const sdkVersion = "8.0.5903";
const rowsInAll = [...rowsBeforeInit, ...rowsInitialised, rowLogin, ...rowsLoginPending].length;

/** Nothing is loaded, let alone initialised, in a process that could reach the vendor's servers. */
const core = vendorCore();
const reachable = whyNotCutOff();
const offline = reachable === undefined && core.path !== undefined ? start(core.path) : undefined;
const skipped = reachable ?? core.reason ?? "";
const played: Played[] = [];
let rowsHeld = 0;

function start(library: string): Offline {
  const { GameLoop, MessageLog } = loadNodeHost();
  GameLoop.UseLibrary(library);
  const door: VendorCoreRows = createRequire(import.meta.url)("node-api-dotnet/net8.0").TimChatBridge.Testing
    .VendorCoreRows;
  door.Restart();
  const completions: DeleteCompleted[] = [];
  const errors: unknown[] = [];
  const bridge = connect({ timeoutMs, onError: (error) => errors.push(error) });
  bridge.onDeleteCompleted((completion) => completions.push(completion));
  return {
    folder: mkdtempSync(join(tmpdir(), "tim-chatbridge-vendor-")),
    door,
    bridge,
    completions,
    errors,
    tick: () => GameLoop.Tick(),
    received: () => {
      const text: string = MessageLog.TakeReceived();
      const lines = text === "" ? [] : text.split("\n");
      return lines.map((line) => {
        const space = line.indexOf(" ");
        return { name: line.slice(0, space), message: JSON.parse(line.slice(space + 1)) };
      });
    },
  };
}

afterAll(() => {
  if (offline === undefined) return;
  console.log(`real core ${offline.door.SdkVersion()}: ${rowsHeld} of ${rowsInAll} rows of its table hold`);
  rmSync(offline.folder, { recursive: true, force: true });
});

async function frames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) {
    offline?.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** So long of real time, in game frames. A slower machine waits longer, which asks more of whoever must keep silent. */
async function passes(ms: number): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < ms) {
    await frames(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function until(what: string, done: () => boolean): Promise<void> {
  const began = Date.now();
  while (!done()) {
    if (Date.now() - began > mostMs) throw new Error(`${what}: not within ${mostMs} ms`);
    await frames(1);
  }
}

function seen(door: VendorCoreRows, at: number): SeenCall {
  return JSON.parse(door.Call(at));
}

/** One of the table's rows, or what belongs to it. */
function row(name: string, run: (stage: Offline) => Promise<void>): void {
  test(name, async (context: TestContext) => {
    if (offline === undefined) {
      (context.task.meta as { reason?: string }).reason = skipped;
      context.skip(skipped);
    } else {
      await run(offline);
    }
  });
}

/** The row's own input, where it is one that the bridge refuses: the core does not hear of it. */
async function refuses(stage: Offline, refused: NonNullable<Row["refused"]>): Promise<void> {
  const { bridge, door } = stage;
  const called: number[] = [];
  const calls = door.CallCount();
  expect(refused(bridge, (code) => called.push(code))).toBe(TIMResult.TIM_ERR_PARAM);
  expect(bridge.lastError).toMatchObject({
    source: ErrorSource.BRIDGE,
    code: TIMResult.TIM_ERR_PARAM,
    outcome: Outcome.NOT_SENT,
  });
  await frames(3);
  expect(door.CallCount(), "calls that reached the core").toBe(calls);
  expect(called, "callbacks of a refused call").toEqual([]);
  expect(stage.received(), "messages about a refused call").toEqual([]);
}

async function plays(stage: Offline, one: Row): Promise<void> {
  await holds(stage, one);
  rowsHeld++;
}

/** The row at the core's door, and what the bridge made of it. */
async function holds(stage: Offline, { call, ...one }: Row): Promise<void> {
  const { bridge, door, completions } = stage;
  if (one.refused !== undefined) await refuses(stage, one.refused);
  const called: Played["called"] = [];
  const at = door.CallCount();
  const completed = completions.length;
  const despite = door.AnswersDespiteRefusal();
  stage.received();

  one.swap?.(door);
  const result = one.ask(bridge, (code, desc) => called.push({ code, desc }));
  played.push({ row: { call, ...one }, at, called });
  expect(result, "what the bridge returns").toBe(one.returns);
  expect(called, "callbacks inside the call").toEqual([]);
  expect(door.CallCount(), "calls at the core's door").toBe(at + 1);
  if (one.returns !== 0) {
    expect(bridge.lastError).toMatchObject({ source: ErrorSource.SDK_RETURN, code: one.returns });
  }

  const { answer } = one;
  if (answer === "never" || answer === "not now") {
    await passes(one.silentForMs ?? 0);
    await frames(3);
    expect(seen(door, at)).toMatchObject({ returned: one.returns, callbacks: [] });
    expect(called).toEqual([]);
    return;
  }
  await until(`the core's answer to ${call}`, () => seen(door, at).callbacks.length > 0);
  if (one.returns === 0) await until(`the callback of ${call}`, () => called.length > 0);
  await frames(3);
  const { json, ...said } = answer;
  const { returned, callbacks } = seen(door, at);
  expect({ returned, callbacks: callbacks.length }).toEqual({ returned: one.returns, callbacks: 1 });
  expect(callbacks[0]).toMatchObject({
    ...said,
    desc: expect.stringContaining(said.desc),
    ...(json === undefined ? {} : { json }),
  });
  if (one.returns !== 0) {
    expect(called, "callbacks of a call that its return had settled").toEqual([]);
    expect(completions.length, "completions of it").toBe(completed);
    expect(stage.received(), "messages about it in C#").toEqual([]);
    expect(door.AnswersDespiteRefusal(), "callbacks counted and not delivered").toBe(despite + 1);
    return;
  }
  expect(called).toEqual([{ code: said.code, desc: callbacks[0]?.desc }]);
  if (seen(door, at).method.startsWith("ConvDelete")) deletionFailed(stage, completed, said.code);
}

/** The deletion ended once, on both sides, and both say that the core's callback said so. */
function deletionFailed(stage: Offline, completedBefore: number, code: number): void {
  const its = stage.completions.slice(completedBefore);
  expect(its.length, "completions").toBe(1);
  for (const { outcome, error } of its[0]?.results ?? []) {
    expect({ outcome, source: error?.source, code: error?.code }).toEqual({
      outcome: Outcome.FAILED,
      source: ErrorSource.SDK_CALLBACK,
      code,
    });
  }
  const received = stage.received();
  expect(received.map(({ name }) => name)).toEqual(["DeleteCompleted"]);
  expect(received[0]?.message.results).toEqual(
    its[0]?.results.map(({ conversation }) =>
      expect.objectContaining({
        conversation,
        outcome: "OUTCOME_FAILED",
        error: expect.objectContaining({ source: "ERROR_SOURCE_SDK_CALLBACK", code }),
      }),
    ),
  );
}

for (const one of rowsBeforeInit) row(`real core, before TIMInit: ${one.call}`, (stage) => plays(stage, one));

row("real core: TIMInit, and the version that it reports", async ({ bridge, door, folder }) => {
  expect(door.SdkVersion()).toBe(sdkVersion);
  const called: number[] = [];
  const at = door.CallCount();
  const config = JSON.stringify({
    sdk_config_config_file_path: join(folder, "config"),
    sdk_config_log_file_path: join(folder, "log"),
  });
  door.SwapTextsForClosedPages();
  expect(bridge.Init(1_400_000_001, config, (code) => called.push(code))).toBe(TIMResult.TIM_SUCC);
  expect({ method: seen(door, at).method, pages: door.PagesClosed() }).toEqual({ method: "Init", pages: 1 });
  await until("the end of Init", () => called.length > 0);
  expect(called).toEqual([0]);
});

for (const one of rowsInitialised) row(`real core, initialised: ${one.call}`, (stage) => plays(stage, one));

row("real core, initialised: a promise rejects with the callback's code and source", async ({ bridge }) => {
  const list = bridge.getConversationList();
  const deletion = bridge.deleteConversation("c2c_u1");
  const ended = Promise.allSettled([list, deletion]);
  let settled = false;
  ended.then(() => {
    settled = true;
  });
  await until("the end of both", () => settled);
  expect(await ended).toMatchObject([
    { status: "rejected", reason: { source: ErrorSource.SDK_CALLBACK, code: 6014 } },
    { status: "rejected", reason: { source: ErrorSource.SDK_CALLBACK, code: 6014, outcome: Outcome.FAILED } },
  ]);
});

row(`real core: ${rowLogin.call}, and the login status`, async (stage) => {
  const { bridge, door, completions } = stage;
  const unanswered = played.find(({ row: { answer } }) => answer === "not now") as Played;
  expect(bridge.pendingCalls, "the call with a NULL callback").toBe(1);
  const closed = door.PagesClosed();
  await plays(stage, rowLogin);
  expect(door.PagesClosed(), "pages closed, of user and UserSig").toBe(closed + 2);
  expect(unanswered.called, "callbacks of what the earlier login epoch asked for").toMatchObject([
    { code: TIMResult.BRIDGE_ERR_STALE_EPOCH },
  ]);
  expect(completions.at(-1)?.results[0]?.outcome).toBe(Outcome.UNKNOWN);
  await until("login status 2", () => door.LoginStatus() === 2);
  expect(bridge.pendingCalls, "the login").toBe(1);
});

row("real core, login pending offline: it opens the user's database", async ({ bridge }) => {
  // Until then it answers 6014 "not init database", as it does before a login.
  const codes: number[] = [];
  await until("an answer from the database", () => {
    const asked = codes.length;
    if (bridge.pendingCalls === 1) bridge.ConvGetConvList((code) => codes.push(code));
    return asked > 0 && codes.at(-1) === 0;
  });
  expect(codes.slice(0, -1).every((code) => code === 6014)).toBe(true);
});

const playsPending = (one: Row): void =>
  row(`real core, login pending offline: ${one.call}`, async (stage) => {
    expect(stage.door.LoginStatus()).toBe(2);
    await plays(stage, one);
  });

rowsLoginPending.filter(({ deletes }) => !deletes).forEach(playsPending);

row("real core, login pending offline: the bridge hands no deletion over, and says why", async ({ bridge, door }) => {
  const reached = door.CallCount();
  expect(bridge.ConvDelete("u1", TIMConvType.kTIMConv_C2C)).toBe(TIMResult.BRIDGE_ERR_USER_CHANGING);
  expect(bridge.lastError?.message).toContain("nothing was deleted. Ask in that call's callback");
  expect(door.CallCount()).toBe(reached);
});

row(
  "real core: the login that nobody answers ends at its deadline, on the bridge's clock",
  async ({ bridge, door }) => {
    const login = played.find(({ row: { call } }) => call === rowLogin.call) as Played;
    door.AdvanceClock(timeoutMs - 1);
    await frames(3);
    expect(seen(door, login.at).callbacks).toEqual([]);
    expect(login.called, "callbacks before the deadline").toEqual([]);
    // Its own two texts, which the core may still read, and no other's.
    expect({ tokens: door.LiveTokens(), buffers: door.LiveBuffers() }).toEqual({ tokens: 1, buffers: 2 });
    door.AdvanceClock(1);
    await until("the end of the login", () => login.called.length > 0);
    expect(login.called).toMatchObject([
      { code: TIMResult.BRIDGE_ERR_UNANSWERED, desc: expect.stringContaining("in time") },
    ]);
    expect(bridge.pendingCalls).toBe(0);
  },
);

// The bridge waits for the login no longer, and the core still does.
rowsLoginPending.filter(({ deletes }) => deletes).forEach(playsPending);

for (const one of rowsClosedPages) {
  row(`real core: it reads none of its input after it has returned: ${one.call}`, async (stage) => {
    const closed = stage.door.PagesClosed();
    await holds(stage, one);
    expect(stage.door.PagesClosed(), "pages closed").toBe(closed + 1);
  });
}

row("real core: TIMUninit lets go of it, and calls nobody back", async ({ bridge }) => {
  const called: number[] = [];
  expect(bridge.Uninit((code) => called.push(code))).toBe(TIMResult.TIM_SUCC);
  await until("the end of Uninit", () => called.length > 0);
  await frames(10);
  expect(called).toEqual([0]);
});

row("real core: at the end each call has settled once, and nothing was delivered beside", async (stage) => {
  const { bridge, door, errors } = stage;
  await frames(10);
  for (const { row: one, at, called } of played) {
    expect(called.length, `callbacks of ${one.call}`).toBe(one.returns === 0 ? 1 : 0);
    const callbacks = typeof one.answer === "string" ? 0 : 1;
    expect(seen(door, at).callbacks.length, `the core's callbacks for ${one.call}`).toBe(callbacks);
  }
  const synchronous = played.filter(({ row: { returns, answer } }) => returns !== 0 && typeof answer !== "string");
  expect(synchronous.length, '"[]" and "{nope", and "{nope" on closed pages').toBe(3);
  expect(door.AnswersDespiteRefusal()).toBe(synchronous.length);
  expect(door.DuplicateAnswers()).toBe(0);
  expect(bridge.counters).toEqual({
    strayResults: 0,
    lateResults: 0,
    malformed: 0,
    eventsLost: 0,
    staleEvents: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  });
  expect(errors).toEqual([]);
  bridge.close();
  await frames(3);
});
