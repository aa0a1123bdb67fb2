import { problemOfResult } from "../core/core-result-check.js";
import type { CoreMethod, CoreResult, CoreSdk } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import { returnError } from "../errors/answer-errors.js";
import type { BridgeError } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";
import type { Host } from "../host/host.js";
import type { BridgeSettings } from "./bridge-options.js";
import type { ErrorReporter } from "./error-reporter.js";
import { PendingCalls, type Settlement } from "./pending-calls.js";
import type { SignedInUser } from "./signed-in-user.js";

/** How a call is made, where it is not for the user of now, with a whole deadline, and asked for by script. */
export interface CallOptions {
  /** The login epoch in which it was asked for. */
  readonly epoch?: number;
  /** On the host's clock, in milliseconds. */
  readonly deadline?: number;
  /** C#'s number for it; 0: script asked. */
  readonly requestId?: number;
  /** Hears of an answer that came after the deadline. */
  readonly late?: (result: CoreResult) => void;
}

/** The one way to the core: the calls under way, the login epoch they belong to, and whether there may be more. */
export class CoreCalls {
  readonly #core: CoreSdk;
  readonly #host: Host;
  readonly #timeoutMs: number;
  readonly #pending: PendingCalls;
  readonly #reporter: ErrorReporter;
  readonly #user: SignedInUser;
  readonly #whyNotDelete: () => TIMResult | undefined;
  #epoch = 0;
  /** What a call is refused with from now on; undefined: none is. */
  #endedAs: TIMResult | undefined;

  /** `whyNotDelete`: why the game's C# lets script delete nothing on a core in script. */
  constructor(
    core: CoreSdk,
    host: Host,
    settings: BridgeSettings,
    reporter: ErrorReporter,
    user: SignedInUser,
    whyNotDelete: () => TIMResult | undefined,
  ) {
    this.#core = core;
    this.#host = host;
    this.#timeoutMs = settings.timeoutMs;
    this.#pending = new PendingCalls(settings.maxPendingCalls);
    this.#reporter = reporter;
    this.#user = user;
    this.#whyNotDelete = whyNotDelete;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Calls that the core has not answered, and that still wait for it. */
  get underWay(): number {
    return this.#pending.size;
  }

  /** The earliest time at which a call may be overdue. */
  get nextDeadline(): number {
    return this.#pending.nextDeadline;
  }

  /** When a call that is made now is overdue. */
  newDeadline(): number {
    return this.#host.now() + this.#timeoutMs;
  }

  /** Why the core is not asked: the bridge is closed, or it was asked for in another user's name. */
  refusal(name: string, epoch = this.#epoch): BridgeError | undefined {
    if (this.#endedAs !== undefined) return returnError(this.#endedAs, name);
    if (epoch !== this.#epoch) return returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, name);
    return undefined;
  }

  /**
   * Why the core is not asked to delete: as {@link refusal}, or it may be changing the user. The epoch went up when it got that call,
   * and it may carry it out later, or not at all.
   */
  deletionRefusal(name: string, epoch = this.#epoch): BridgeError | undefined {
    const changing = this.#user.isKnownToAll ? undefined : returnError(TIMResult.BRIDGE_ERR_USER_CHANGING, name);
    return this.refusal(name, epoch) ?? changing;
  }

  /**
   * Invariant 1: register first, then send; whoever takes the entry out settles. Returns why it was refused; otherwise
   * `settle` is called once, later.
   */
  start(
    name: string,
    method: CoreMethod,
    endsWithEpoch: boolean,
    settle: (settlement: Settlement) => void,
    { epoch = this.#epoch, deadline = this.newDeadline(), requestId = 0, late }: CallOptions = {},
  ): BridgeError | undefined {
    const deletes = deletions.has(method.name);
    const refusal = deletes ? this.deletionRefusal(name, epoch) : this.refusal(name, epoch);
    if (refusal !== undefined) return refusal;
    // Behind the plugin its door asks, and for a request of C#'s the ledger was asked.
    const asks = !this.#core.behindPlugin && requestId === 0 && deletes;
    const forbidden = asks ? this.#whyNotDelete() : undefined;
    if (forbidden !== undefined) return returnError(forbidden, name);
    const callId = this.#pending.add({
      epoch,
      deadline,
      endsWithEpoch,
      settle: (settlement) => {
        // First: a callback that calls again must find room.
        if (settlement.kind !== "answered" && settlement.kind !== "malformed") this.#abandon(callId as number);
        this.#reporter.guard(() => settle(settlement));
      },
      ...(late === undefined ? {} : { late }),
    });
    if (callId === undefined) return returnError(TIMResult.BRIDGE_ERR_BUSY, name);
    let result: number;
    try {
      result = returnValue(this.#core.send({ callId, epoch, originRequestId: requestId, method }));
    } catch (error) {
      // It may have reached the core before it threw: that is no refusal.
      this.#host.later(() => this.#pending.giveUp(callId, error));
      return undefined;
    }
    if (result !== 0) {
      this.#pending.take(callId);
      return returnError(result, name);
    }
    this.#host.turnAt(this.#pending.nextDeadline);
    return undefined;
  }

  /** Whether it is Login or its like, and the core has not answered it as far as script has heard. */
  changesUser(callId: number): boolean {
    return this.#pending.changesUser(callId);
  }

  /** The core's answer. */
  answered(result: CoreResult): void {
    const problem = problemOfResult(result);
    if (problem !== undefined) this.#reporter.malformed(`the core's answer to a call cannot be understood: ${problem}`);
    const call = this.#pending.take(result.callId);
    if (call !== undefined) {
      call.settle(problem === undefined ? { kind: "answered", result } : { kind: "malformed", problem });
      return;
    }
    // Nothing that could be told of a late one either.
    if (problem !== undefined) return;
    const expired = this.#pending.takeExpired(result.callId);
    if (expired?.late === undefined) this.#reporter.counters.strayResults++;
    else expired.late(result);
  }

  /** Settles what is overdue. */
  expire(now: number): void {
    this.#pending.expire(now);
  }

  /** From here on calls are made in this epoch; those of earlier ones still wait for {@link endEarlierEpochs}. */
  enterEpoch(epoch: number): void {
    this.#epoch = epoch;
  }

  /** Settles what was asked for in another user's name. */
  endEarlierEpochs(): void {
    this.#pending.endEpochsBefore(this.#epoch);
  }

  /** From here on every call is refused; those under way still wait for {@link endAll}. False: it was closed before. */
  close(endedAs: TIMResult): boolean {
    const wasOpen = this.#endedAs === undefined;
    this.#endedAs ??= endedAs;
    return wasOpen;
  }

  /** Settles everything. */
  endAll(): void {
    this.#pending.end(this.#endedAs === TIMResult.BRIDGE_ERR_REPLACED ? "replaced" : "closed");
  }

  #abandon(callId: number): void {
    if (this.#endedAs === undefined) this.#reporter.attempt(() => this.#core.abandon?.(callId));
  }
}

const deletions: ReadonlySet<CoreMethod["name"]> = new Set(["ConvDelete", "ConvDeleteConversationList"]);

/** Throws where a core in script returned no TIMResult, a promise for instance: whether it was refused, nobody knows. */
function returnValue(result: unknown): number {
  if (typeof result === "number" && result === (result | 0)) return result;
  throw new Error(`send() returned ${typeof result === "number" ? result : kindOf(result)}, no TIMResult`);
}
