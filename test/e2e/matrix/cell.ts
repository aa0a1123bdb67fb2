// Plays one cell: one call under one fault within some limits, from a fresh game to an end that has given everything back.
import { type Bridge, connect, ErrorSource, Outcome, TIMConvEvent, TIMConvType, TIMResult } from "tim-chatbridge";
import { type Stage, type StandIn, same } from "../scenarios/scenario.js";
import { type Call, type CoreState, everyone, type Hears } from "./calls.js";
import type { Fault } from "./faults.js";
import type { Limits } from "./limits.js";
import {
  callLine,
  completedLine,
  connectionLine,
  deletedLine,
  infosLine,
  keepLine,
  lateLine,
  toldLine,
} from "./lines.js";
import type { MatrixDoor } from "./matrix-door.js";
import { fn, fault as is } from "./stand-in-numbers.js";
import { expired, heard, ordinary, type Story, type Untold } from "./story.js";
import { Wire, watch } from "./wire.js";

/** What C# and the core hold. */
export interface Held {
  readonly tokens: number;
  readonly buffers: number;
  /** Calls that have a place in the plugin's session. */
  readonly sessionPending: number;
  /** Those that count against the limit of calls under way. */
  readonly underWay: number;
  readonly requests: number;
  readonly wakes: number;
}

/** A cell as its fault sees it. */
export interface Cell {
  readonly call: Call;
  readonly bridge: Bridge;
  readonly door: MatrixDoor;
  readonly standIn: StandIn;
  readonly timeoutMs: number;
  /** What script has heard. */
  readonly log: readonly string[];
  hears(name: string): Hears;
  /** Lets some game frames pass. */
  frames(): Promise<void>;
  /** The core does all that it has to do, and script hears of it. */
  settles(): Promise<void>;
  held(): Held;
  same(actual: unknown, expected: unknown, what: string): void;
}

const timeoutMs = 1000;
/** More turns than script needs for what it has drained. */
const framesToHear = 8;
const idle: Held = { tokens: 0, buffers: 0, sessionPending: 0, underWay: 0, requests: 0, wakes: 1 };
const groups = ["guild"];

class PlayedCell implements Cell {
  readonly call: Call;
  readonly door: MatrixDoor;
  readonly standIn: StandIn;
  readonly timeoutMs = timeoutMs;
  readonly log: string[] = [];
  readonly told: string[] = [];
  readonly same = same;
  bridge: Bridge;
  readonly #stage: Stage;
  readonly #errors: unknown[] = [];
  readonly #delegatesBefore: number;
  readonly #limits: Limits;
  readonly #wire: Wire;
  #connections = 0;
  /** Where another refusal comes first, of a bridge that is closed or of an earlier user's script, it cannot be seen. */
  reachedTheLimitOfCalls = false;
  #afterCSharp: (() => void) | undefined;

  /** In a fresh game, on a fresh core. */
  constructor(stage: Stage, call: Call, limits: Limits) {
    this.#stage = stage;
    this.call = call;
    this.#limits = limits;
    this.#wire = new Wire(limits.drainBytes);
    watch(stage.port, this.#wire);
    this.door = stage.matrixDoor;
    this.standIn = stage.standIn;
    this.standIn.Load(
      JSON.stringify(everyone.map((conv_id) => ({ conv_id, conv_type: groups.includes(conv_id) ? 2 : 1 }))),
    );
    this.#delegatesBefore = stage.functionsHandedOver();
    this.bridge = this.connects();
  }

  connects(): Bridge {
    this.#connections++;
    const { scriptCalls } = this.#limits;
    const bridge = connect({
      timeoutMs,
      onError: (error) => this.#errors.push(error),
      ...(scriptCalls > 0 ? { maxPendingCalls: scriptCalls } : {}),
    });
    bridge.onDeleteCompleted(({ results }) => this.log.push(completedLine(results)));
    bridge.onConversationDeleted(({ conversations }) => this.log.push(deletedLine(conversations)));
    bridge.onLateResult(({ results }) => this.log.push(lateLine(results)));
    bridge.onConversationAdded(({ conversations }) => this.log.push(infosLine("added", conversations)));
    bridge.onConversationUpdated(({ conversations }) => keepLine(this.log, infosLine("updated", conversations)));
    bridge.onConversationListReset(({ conversations }) => this.log.push(infosLine("reset", conversations)));
    bridge.onConversationListSync(({ state }) => this.log.push(`sync ${state}`));
    bridge.onSessionChanged(({ kind }) => this.log.push(`session ${kind}`));
    bridge.onConnectionChanged(({ status, code, desc }) => this.log.push(connectionLine(status, code, desc)));
    return bridge;
  }

  /** The callback of the call that is made next. */
  hears(name: string): Hears {
    const position = this.#wire.sent.length;
    return (code, desc, detail, source) => {
      const says = source === undefined ? this.#wire.sourceOf(position, code) : ErrorSource[source];
      this.log.push(callLine(name, code, says, desc, Array.isArray(detail) ? detail : []));
    };
  }

  async frames(): Promise<void> {
    for (let left = framesToHear; left > 0; left = this.door.Waiting() > 0 ? framesToHear : left - 1) {
      await this.#stage.frames();
      this.#takeTold();
      if (this.#afterCSharp !== undefined && this.door.InsideDone()) {
        this.#afterCSharp();
        this.#afterCSharp = undefined;
      }
    }
  }

  async settles(): Promise<void> {
    // Twice: a callback may have called the core again.
    for (let round = 0; round < 2; round++) {
      same(this.standIn.WaitIdle(), true, "the core is idle");
      await this.frames();
    }
  }

  held(): Held {
    return JSON.parse(this.door.Held());
  }

  /** Up to the state that the call is made in. */
  async reaches(state: CoreState): Promise<void> {
    if (state !== "none") this.bridge.Init(1_400_000_001, "{}", this.hears("init"));
    if (state === "in") this.bridge.Login("me", "a UserSig", this.hears("login"));
    await this.settles();
    same(this.log, { none: [], out: ["init 0"], in: ["init 0", "login 0"] }[state], "on the way to the call");
    this.log.length = 0;
    this.told.length = 0;
    same(this.held(), idle, "held at the start");
  }

  /** The call between two others. The core gets to them when all three have been made. */
  async asks(fault: Fault, expected: Story, strikes: boolean): Promise<void> {
    const misbehave = strikes ? fault.inside : undefined;
    let misbehaved = 0;
    if (strikes) fault.beforehand?.(this);
    if (strikes && this.call.from === "C#") {
      fault.insideCSharp?.(this);
      this.#afterCSharp = () => fault.afterCSharp?.(this);
    }
    this.standIn.Pause();
    this.bridge.ConvGetConvList(this.hears("before"));
    const hears = this.hears("call");
    const hearing: Hears = (code, desc, detail, source) => {
      // Of an event the listeners have told already.
      if (this.call.event === undefined) hears(code, desc, detail, source);
      misbehaved++;
      misbehave?.(this);
    };
    const returned = this.call.ask(this.bridge, this.door, hearing, this.standIn);
    same(returned, expected.returned, "what the call returns");
    same(
      this.log,
      this.call.kind === "session" ? expected.log.filter((line) => line.startsWith("before -")) : [],
      "heard inside the call",
    );
    if (expected.refusal !== "") same(this.#lastError(), expected.refusal, "lastError");
    if (strikes) fault.atOnce?.(this);
    if (this.call.from === "C#" && this.call.event === undefined) {
      this.#reachesTheLimitOfRequests();
      // What C# asks for reaches script in the next frame.
      await this.#stage.frames();
    }
    // A promise is kept when its frame is over.
    if (this.call.kind === "question") await this.frames();
    this.#takeTold();
    fault.meanwhile?.(this);
    const after = this.bridge.ConvGetConvList(this.hears("after"));
    same(after, expected.returnedAfter, "what the call after returns");
    this.#reachesTheLimitOfCalls(expected);
    this.standIn.Resume();
    await this.settles();
    if (misbehave !== undefined && this.call.from === "script") same(misbehaved, 1, "callbacks that misbehaved");
  }

  cameTo(expected: Story): void {
    same(this.log, expected.log, "what script heard, in order");
    same(this.told, expected.told, "what C# heard, in order");
    same(this.#deleted(), expected.deleted, "what the core deleted");
    same(this.bridge.counters, expected.counters, "the bridge's counters");
    const { malformed, callbackErrors } = expected.counters;
    // A bridge that C# shut down is told so, once.
    const closed = expected.closedBy === "C#" ? 1 : 0;
    same(this.#errors.length, malformed + callbackErrors + closed, "errors told");
    if (this.call.event === undefined)
      same(this.standIn.Calls(this.call.fn), expected.reaches, "calls of the core's function");
    else same(this.standIn.Callbacks(this.call.fn), expected.reaches, "events that the core has brought");
  }

  untold(): Untold {
    return JSON.parse(this.door.Untold());
  }

  /** After whatever has happened: the core does not answer, calls are given up at their deadline, and one beyond is refused. */
  async reachesTheLimitOfAbandonedCalls(): Promise<void> {
    const { abandonedCalls } = this.#limits;
    if (abandonedCalls === 0) return;
    const { sessionPending, underWay } = this.held();
    same(underWay, 0, "calls under way when all is over");
    const room = abandonedCalls - sessionPending;
    this.log.length = 0;
    this.standIn.Pause();
    for (let call = 0; call < room; call++) {
      same(
        this.bridge.ConvGetConvList(this.hears("given up")),
        TIMResult.TIM_SUCC,
        "within the limit of those given up",
      );
    }
    this.door.AdvanceClock(timeoutMs - 1);
    await this.frames();
    same(this.log, [], "heard before the deadline");
    this.door.AdvanceClock(1);
    await this.frames();
    same(
      this.log,
      Array.from({ length: room }, () => heard("given up", expired)),
      "heard of those given up",
    );
    same(this.held().sessionPending, abandonedCalls, "calls that the core may still answer");
    this.#isRefusedBeyond(TIMResult.BRIDGE_ERR_BUSY);
    this.standIn.Resume();
    await this.settles();
    same(this.held().sessionPending, sessionPending, "calls that it may still answer, when it has answered the others");
  }

  /** After whatever has happened: what is deleted does not come back by an Update alone. */
  async keepsTombstones(): Promise<void> {
    if (this.#limits.scriptCalls === 0) return;
    const { kTIMConvEvent_Add, kTIMConvEvent_Del, kTIMConvEvent_Update } = TIMConvEvent;
    const dropped = this.bridge.counters.updatesDropped;
    // It takes the slots, where an Uninit gave them back.
    this.bridge.ConvGetConvList(this.hears("listed"));
    await this.settles();
    this.log.length = 0;
    this.told.length = 0;
    for (const type of [kTIMConvEvent_Del, kTIMConvEvent_Update, kTIMConvEvent_Add, kTIMConvEvent_Update])
      this.standIn.FireConvEvent(type, '[{"conv_id":"ghost","conv_type":1}]');
    await this.settles();
    const lines = ["deleted ghost", "added ghost", "updated ghost"];
    same(this.log, lines, "what script heard of one that was deleted");
    same(this.told, lines, "what C# heard of it");
    same(this.bridge.counters.updatesDropped - dropped, 1, "updates dropped");
  }

  /** The drain budget was reached, and kept. */
  keptTheDrainBudget(): void {
    if (this.#limits.drainBytes > 1) return;
    same(this.#wire.mostFrames, 1, "frames of the fullest batch");
    same(this.#wire.keptBack > 0, true, "frames had to wait for another turn");
  }

  /** Lets go of the core and closes, on a bridge that works. */
  async ends({ closedBy }: Story): Promise<void> {
    if (closedBy === "C#") await this.#stage.betweenFrames("matrix-restart");
    if (closedBy !== "nobody") this.bridge = this.connects();
    const heard = this.log.length;
    same(this.bridge.Uninit(this.hears("uninit")), 0, "the return of Uninit at the end");
    await this.settles();
    same(this.log.slice(heard), ["uninit 0"], "heard at the end");
    same(this.bridge.pendingCalls, 0, "calls under way in script at the end");
    same(this.held(), idle, "held at the end, when Uninit has been answered");
    same(this.standIn.HeldCount(), 0, "callbacks held by the core at the end");
    same(this.standIn.LiveAllocations(), 0, "allocations of the core at the end");
    this.bridge.close();
    await this.frames();
    same(this.held(), { ...idle, wakes: 0 }, "held when closed");
    same(this.#stage.functionsHandedOver() - this.#delegatesBefore, this.#connections, "script functions handed over");
    await this.#slotsAreGivenBack();
  }

  /** However it ended, the next cell begins anew. */
  cleanUp(): void {
    this.standIn.Resume();
    this.standIn.ClearFaults();
    this.standIn.ReleaseHeld();
    this.standIn.WaitIdle();
    this.bridge.close();
    this.door.TakeEscaped();
    this.#stage.unhandledRejections();
  }

  nothingEscaped(): void {
    same(this.door.TakeEscaped(), "", "exceptions that escaped in C#");
    same(this.#stage.unhandledRejections(), [], "rejections in script that nobody handled");
  }

  async #slotsAreGivenBack(): Promise<void> {
    const slots = [fn.onConvEvent, fn.onKickedOffline, fn.onUserSigExpired, fn.onNetworkStatus];
    const delivered = (): number[] => slots.map((slot) => this.standIn.Callbacks(slot));
    const [before, heardBefore] = [delivered(), this.log.length];
    this.told.length = 0;
    this.standIn.FireConvEvent(1, '[{"conv_id":"dave","conv_type":1}]');
    this.standIn.KickOffline();
    this.standIn.ExpireUserSig();
    this.standIn.SetNetworkStatus(0);
    await this.settles();
    same(delivered(), before, "what the core delivers after the end, by slot");
    same([...this.log.slice(heardBefore), ...this.told], [], "heard after the end");
  }

  #reachesTheLimitOfRequests(): void {
    if (this.#limits.requests === 0) return;
    const asked = this.door.ConvDelete("dave", TIMConvType.kTIMConv_C2C, "beyond");
    same(asked, TIMResult.BRIDGE_ERR_BUSY, "what C# asks for beyond its limit");
  }

  /** Asks, while the core has answered nothing, until as many calls are under way as may be; and once more. */
  #reachesTheLimitOfCalls(expected: Story): void {
    const { pluginCalls, scriptCalls } = this.#limits;
    const limit = Math.max(pluginCalls, scriptCalls);
    if (limit === 0) return;
    const underWay = (): number => (pluginCalls > 0 ? this.held().underWay : this.bridge.pendingCalls);
    let more = 0;
    for (; expected.returnedAfter === TIMResult.TIM_SUCC && underWay() < limit && more < limit; more++) {
      same(this.bridge.ConvGetConvList(this.hears("more")), TIMResult.TIM_SUCC, "within the limit of calls under way");
    }
    expected.alsoAsked(more);
    const code = expected.returnedAfter || TIMResult.BRIDGE_ERR_BUSY;
    this.#isRefusedBeyond(code, expected.userIsChanging ? TIMResult.BRIDGE_ERR_USER_CHANGING : code);
    this.reachedTheLimitOfCalls = expected.returnedAfter === TIMResult.TIM_SUCC;
  }

  /** Each kind of call that script can make is refused, and nothing of it reaches the core. */
  #isRefusedBeyond(code: TIMResult, codeOfDeletions = code): void {
    const reached = this.standIn.Calls(fn.all);
    const beyond = this.hears("beyond");
    const asked: [TIMResult, () => TIMResult][] = [
      [codeOfDeletions, () => this.bridge.ConvDelete("dave", TIMConvType.kTIMConv_C2C, beyond)],
      [code, () => this.bridge.ConvGetConvList(beyond)],
    ];
    // On a core without batches one may wait in script, which the plugin's limit does not know of.
    if (this.#limits.scriptCalls > 0 || this.door.CoreHas("TIMConvDeleteConversationList"))
      asked.push([codeOfDeletions, () => this.bridge.ConvDeleteConversationList(["c2c_dave"], true, beyond)]);
    for (const [due, ask] of asked) {
      same(ask(), due, "what is asked for beyond the limit");
      same(this.#lastError(), `BRIDGE ${due} NOT_SENT`, "lastError beyond the limit");
    }
    same(this.standIn.Calls(fn.all), reached, "calls that reached the core");
  }

  #takeTold(): void {
    const text = this.#stage.game.TakeReceived();
    for (const line of text === "" ? [] : text.split("\n")) keepLine(this.told, toldLine(line));
  }

  #deleted(): string[] {
    const log = this.standIn.DeletedLog();
    return log === "" ? [] : log.split("\n").map((line) => line.split("\t").at(-1) as string);
  }

  #lastError(): string {
    const error = this.bridge.lastError;
    return error === undefined ? "none" : `${ErrorSource[error.source]} ${error.code} ${Outcome[error.outcome]}`;
  }
}

/** Plays a cell and throws what does not hold in it; whether it came to the limit of calls under way. */
export async function playCell(stage: Stage, fault: Fault, call: Call, limits: Limits): Promise<boolean> {
  const { standIn } = stage;
  const strikes = fault.spares(call) === "";
  const expected = strikes ? fault.story(call, limits) : ordinary(call);
  standIn.Reset();
  stage.matrixDoor.SetLimits(limits.pluginCalls, limits.abandonedCalls, limits.requests, limits.waitingEvents);
  await stage.betweenFrames("matrix-restart");
  const cell = new PlayedCell(stage, call, limits);
  try {
    await cell.reaches(call.state);
    const before = cell.untold();
    const switches = fault.switches?.(call) ?? [];
    for (const [which, argument, on = call.fn] of switches) {
      standIn.SetFault(which, on, argument);
      // The calls before and after are the same function's: the second of three is meant, which the core may answer first.
      const isAnsweredFirst = which !== is.beforeReturn && switches.some(([other]) => other === is.beforeReturn);
      if (call.kind === "list") standIn.PaceFault(which, on, isAnsweredFirst ? 1 : 2, 1);
    }
    const calledBack = standIn.Callbacks(call.fn);
    await cell.asks(fault, expected, strikes);
    if (strikes) await fault.afterwards?.(cell);
    for (const [which, , on = call.fn] of switches) {
      same(standIn.FaultFired(which, on), strikes ? 1 : 0, `how often fault ${which} fired`);
    }
    if (strikes)
      for (const [which, times, on = call.fn] of fault.effects?.(cell) ?? [])
        same(standIn.Effects(which, on), times, `what effect ${which} the core found`);
    if (!call.hasCallback) same(standIn.Callbacks(call.fn) - calledBack, 0, "callbacks of a call without any");
    same(cell.door.InsideDone(), true, "the callback in C# did what it was told to");
    cell.cameTo(expected);
    if (expected.closedBy !== "C#") same(difference(before, cell.untold()), expected.untold, "the plugin's counters");
    standIn.ClearFaults();
    if (expected.closedBy === "nobody") {
      await cell.reachesTheLimitOfAbandonedCalls();
      await cell.keepsTombstones();
    }
    cell.keptTheDrainBudget();
    await cell.ends(expected);
    cell.nothingEscaped();
    return cell.reachedTheLimitOfCalls;
  } finally {
    cell.cleanUp();
  }
}

function difference(before: Untold, after: Untold): Untold {
  const names = Object.keys(before) as (keyof Untold)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Untold;
}
