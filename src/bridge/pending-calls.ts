import type { CoreResult } from "../core/core-sdk.js";

/** How a call ended. */
export type Settlement =
  /** The core answered. */
  | { readonly kind: "answered"; readonly result: CoreResult }
  /** The core answered what cannot be understood. */
  | { readonly kind: "malformed"; readonly problem: string }
  /** No answer before the deadline. */
  | { readonly kind: "expired" }
  /** Another login epoch began. */
  | { readonly kind: "session-changed" }
  /** The bridge was closed. */
  | { readonly kind: "closed" }
  /** A later bridge took over the plugin. */
  | { readonly kind: "replaced" }
  /** The core threw while it was being called: it may have begun. */
  | { readonly kind: "threw"; readonly error: unknown };

/** One call that has been handed to the core and not been answered. */
export interface PendingCall {
  readonly epoch: number;
  /** On the host's clock, in milliseconds. */
  readonly deadline: number;
  /** Whether another login epoch ends it. Init, Login, Logout and Uninit begin one and wait on; what asks as nobody waits on, too. */
  readonly endsWithEpoch: boolean;
  settle(settlement: Settlement): void;
  /** An answer came after the deadline, and, where another epoch ends it, in the same one. */
  late?(result: CoreResult): void;
}

const maxCallId = 0x7fff_ffff;

/**
 * The calls under way, by call id. Invariant 1: whoever takes an entry out settles it, and nobody else does. Entries
 * that expired, or were given up, are remembered, apart, until the core answers late, another epoch begins or newer ones push them out:
 * but for Login and its like, which change the user whenever they are carried out.
 */
export class PendingCalls {
  readonly #live = new Map<number, PendingCall>();
  readonly #expired = new Map<number, PendingCall>();
  readonly #limit: number;
  readonly #highestId: number;
  #lastId: number;
  /** No live call's deadline is before this: most turns need not look. */
  #nextDeadline = Number.POSITIVE_INFINITY;

  /** `firstId` and `highestId` are for tests: the counter takes days to go round. */
  constructor(limit: number, firstId = 1, highestId = maxCallId) {
    this.#limit = limit;
    this.#lastId = firstId - 1;
    this.#highestId = highestId;
  }

  get size(): number {
    return this.#live.size;
  }

  /** The earliest time at which a call may be overdue. */
  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  /** Registers a call and returns its id; undefined when as many as may be are under way. */
  add(call: PendingCall): number | undefined {
    if (this.#live.size >= this.#limit) return undefined;
    // Invariant 11: 31 bits, skipping 0 and what is live or may still be answered.
    let id = this.#lastId;
    do id = id >= this.#highestId ? 1 : id + 1;
    while (this.#live.has(id) || this.#expired.has(id));
    this.#lastId = id;
    this.#live.set(id, call);
    this.#nextDeadline = Math.min(this.#nextDeadline, call.deadline);
    return id;
  }

  /** Takes a call out. Undefined if somebody else has. */
  take(id: number): PendingCall | undefined {
    const call = this.#live.get(id);
    if (call !== undefined) this.#live.delete(id);
    if (this.#live.size === 0) this.#nextDeadline = Number.POSITIVE_INFINITY;
    return call;
  }

  /** Takes out an expired call that the core has answered after all. */
  takeExpired(id: number): PendingCall | undefined {
    const call = this.#expired.get(id);
    if (call !== undefined) this.#expired.delete(id);
    return call;
  }

  /** Whether it is Login or its like, under way or expired. */
  changesUser(id: number): boolean {
    const call = this.#live.get(id) ?? this.#expired.get(id);
    return call !== undefined && changesUser(call);
  }

  /** Takes out and settles a call that the core threw at: it may have begun all the same, and may still be answered. */
  giveUp(id: number, error: unknown): void {
    const call = this.take(id);
    if (call === undefined) return;
    this.#remember(id, call);
    call.settle({ kind: "threw", error });
  }

  /** Takes out and settles what is overdue, oldest first. */
  expire(now: number): void {
    if (now < this.#nextDeadline) return;
    const overdue = [...this.#live].filter(([, call]) => call.deadline <= now);
    this.#nextDeadline = Number.POSITIVE_INFINITY;
    for (const [id, call] of overdue) {
      if (this.#live.delete(id)) {
        this.#remember(id, call);
        call.settle({ kind: "expired" });
      }
    }
    for (const call of this.#live.values()) this.#nextDeadline = Math.min(this.#nextDeadline, call.deadline);
  }

  /** Takes out and settles what an earlier epoch asked for, oldest first. */
  endEpochsBefore(epoch: number): void {
    for (const [id, call] of this.#expired) if (call.endsWithEpoch) this.#expired.delete(id);
    this.#settleWhere((call) => call.endsWithEpoch && call.epoch < epoch, { kind: "session-changed" });
  }

  /** Takes out and settles everything, oldest first. */
  end(kind: "closed" | "replaced"): void {
    this.#expired.clear();
    this.#settleWhere(() => true, { kind });
  }

  #settleWhere(matches: (call: PendingCall) => boolean, settlement: Settlement): void {
    for (const [id, call] of [...this.#live]) {
      if (matches(call) && this.#live.delete(id)) call.settle(settlement);
    }
  }

  #remember(id: number, call: PendingCall): void {
    this.#expired.set(id, call);
    if (this.#expired.size <= this.#limit) return;
    for (const [oldest, each] of this.#expired) {
      if (changesUser(each)) continue;
      this.#expired.delete(oldest);
      return;
    }
  }
}

/** Of what no epoch ends, only these are listened for when they come late. */
function changesUser({ endsWithEpoch, late }: PendingCall): boolean {
  return !endsWithEpoch && late !== undefined;
}
