import type { CoreMethod } from "../core/core-sdk.js";
import { ErrorSource } from "../errors/bridge-error.js";
import type { Settlement } from "./pending-calls.js";

/** A call that may change who is signed in: Init, Uninit, Login or Logout. No UserSig is kept. */
export interface SessionCall {
  /** Goes up from call to call: the core carries them out in that order. */
  readonly number: number;
  readonly name: CoreMethod["name"];
  /** Whom it signs in; null: nobody. */
  readonly userId: string | null;
}

/**
 * Who is signed in, as far as script can tell: by the answers to its own session calls, and by what the core and the game say of
 * their own accord. While the core has a session call, nobody can tell: it changes the user when it carries the call out, and
 * script hears of that later.
 */
export class SignedInUser {
  /** null: nobody; undefined: not known. */
  #userId: string | null | undefined;
  /** Session calls that the core has not answered, in the order in which it got them. */
  readonly #underWay = new Set<SessionCall>();
  /** Which change came last, nobody knows: one call was answered before an earlier one, or another change came meanwhile. */
  #isUnclear = false;
  #changes = 0;
  #calls = 0;
  #callbacksDue = 0;

  /** Whether the core has no session call. */
  get isCertain(): boolean {
    return this.#underWay.size === 0;
  }

  /** Whether whoever asks to delete can know who is signed in. */
  get isKnownToAll(): boolean {
    return this.isCertain && this.#callbacksDue === 0;
  }

  /** Whether somebody is signed in, or may be. */
  get mayBeThere(): boolean {
    return this.#userId !== null;
  }

  /** Goes up each time that it is, or may be, another. */
  get changes(): number {
    return this.#changes;
  }

  /** The core gets a session call. */
  began(method: CoreMethod): SessionCall {
    const call = { number: ++this.#calls, name: method.name, userId: method.name === "Login" ? method.userId : null };
    this.#underWay.add(call);
    return call;
  }

  isUnderWay(call: SessionCall): boolean {
    return this.#underWay.has(call);
  }

  /** It did not get it after all, or refused it. */
  refused(call: SessionCall): void {
    this.#underWay.delete(call);
    if (this.isCertain) this.#isUnclear = false;
  }

  /** A call has ended, and until its callback has come only the bridge knows. */
  callbackIsDue(): void {
    this.#callbacksDue++;
  }

  callbackHasCome(): void {
    this.#callbacksDue--;
  }

  /** It has ended, one way or another. Returns whether it has, for certain, signed somebody in or out. */
  ended(call: SessionCall, settlement: Settlement): boolean {
    const hasSigned = succeeded(settlement) && call.name !== "Init";
    if (hasSigned) this.#carriedOut(call);
    else if (isUnknown(settlement) && this.#underWay.has(call)) this.#becomes(undefined);
    this.#underWay.delete(call);
    if (this.isCertain) this.#isUnclear = false;
    return hasSigned;
  }

  /** The user has changed without a call of this bridge's. Whom that leaves, only the next call's answer can tell. */
  changedByItself(): void {
    this.#isUnclear = !this.isCertain;
    this.#becomes(undefined);
  }

  #carriedOut(call: SessionCall): void {
    // A core that is let go of carries out nothing more.
    if (call.name === "Uninit" && this.#underWay.has(call)) this.#forgetThoseBefore(call);
    const [oldest] = this.#underWay;
    if (call !== oldest) this.#isUnclear = true;
    this.#becomes(this.#isUnclear ? undefined : call.userId);
  }

  #forgetThoseBefore(call: SessionCall): void {
    for (const each of this.#underWay) {
      if (each === call) return;
      this.#underWay.delete(each);
    }
  }

  #becomes(userId: string | null | undefined): void {
    if (userId === undefined || userId !== this.#userId) this.#changes++;
    this.#userId = userId;
  }
}

function succeeded(settlement: Settlement): boolean {
  return settlement.kind === "answered" && settlement.result.code === 0;
}

/** Also where the call broke off inside the core: the plugin says so, and nobody knows what came of it. */
function isUnknown(settlement: Settlement): boolean {
  return settlement.kind !== "answered" || (settlement.result.source === ErrorSource.BRIDGE && !succeeded(settlement));
}
