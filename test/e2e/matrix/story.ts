// What a cell is expected to come to, line by line, on both sides. Told in the order in which the core reports.
import { type BridgeCounters, TIMResult } from "tim-chatbridge";
import { type Call, type CoreState, everyone, type Report } from "./calls.js";
import { quoted, words } from "./lines.js";

/** How a call ends, as its caller hears it, and what its conversations' results say. */
export interface End {
  readonly code: number;
  /** Who says so, of an error. */
  readonly source?: "BRIDGE" | "SDK_RETURN" | "SDK_CALLBACK";
  readonly desc?: string;
  readonly outcome: string;
}

export const success: End = { code: 0, outcome: "DELETED" };
export const expired = ofBridge(TIMResult.BRIDGE_ERR_UNANSWERED, "UNKNOWN");
export const stale = ofBridge(TIMResult.BRIDGE_ERR_STALE_EPOCH, "UNKNOWN");
/** The core said success, and nothing that can be read about the conversations of a batch. */
export const unclear: End = { code: 0, outcome: `UNKNOWN(BRIDGE ${TIMResult.BRIDGE_ERR_INTERNAL})` };
export const unreadable = ofBridge(TIMResult.BRIDGE_ERR_BAD_FRAME, "UNKNOWN");

/** The core's function returned this. */
export function returned(code: number): End {
  return { code, source: "SDK_RETURN", outcome: `FAILED(SDK_RETURN ${code})` };
}

/** The core's callback said this. */
export function said(code: number, desc: string): End {
  return { code, source: "SDK_CALLBACK", desc, outcome: `FAILED(SDK_CALLBACK ${code})` };
}

/** It was not handed to the core. */
export function notSent(code: number): End {
  return ofBridge(code, "NOT_SENT");
}

function ofBridge(code: number, outcome: string): End {
  return { code, source: "BRIDGE", outcome: `${outcome}(BRIDGE ${code})` };
}

/** A callback's line, in script. */
export function heard(name: string, { code, source, desc = "" }: Omit<End, "outcome">): string {
  // The bridge's own words are there, whatever they are.
  return words(name, `${code}`, source ?? "", code < 0 ? "" : quoted(code, desc));
}

/** Characters of a core's words that C# is told. */
const toldToCSharp = 4000;

/** Counters of the plugin's that no caller is told of. */
export interface Untold {
  readonly duplicate: number;
  readonly despiteRefusal: number;
  readonly dropped: number;
  readonly listenersFailed: number;
  readonly unknownCompletions: number;
}

const notInitialised = said(6013, "not initialized");
const notSignedIn = said(6014, "not login");

/** How a call ends that the core would carry out if the user were signed in. */
export function endIn(state: CoreState): End {
  return state === "in" ? success : state === "out" ? notSignedIn : notInitialised;
}

/**
 * One cell's story. Beside the call stand two others, asked before it and after it, for the order: both ask for the
 * conversation list, which also shows what is left of it. What begins a login epoch ends the one before.
 */
export class Story {
  /** What the call returns. */
  returned = 0;
  /** Its callback has logged out. */
  logsOut = false;
  /** What the call after it returns: where that is refused, nothing is heard of it. */
  returnedAfter = 0;
  /** `lastError` after a call that script is refused. */
  refusal = "";
  readonly log: string[] = [];
  readonly told: string[] = [];
  /** How often the call's function is called, never again behind the caller's back; or the slot. */
  reaches: number;
  /** Who ended the bridge meanwhile. */
  closedBy: "nobody" | "script" | "C#" = "nobody";
  /** The core's own log of what it deleted. */
  readonly deleted: string[] = [];
  readonly counters: Record<keyof BridgeCounters, number> = {
    strayResults: 0,
    lateResults: 0,
    malformed: 0,
    eventsLost: 0,
    staleEvents: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  };
  readonly untold: { -readonly [Name in keyof Untold]: number } = {
    duplicate: 0,
    despiteRefusal: 0,
    dropped: 0,
    listenersFailed: 0,
    unknownCompletions: 0,
  };
  readonly call: Call;
  #state: CoreState;
  #carriedOut = false;
  #afterIsOver = false;

  constructor(call: Call) {
    this.call = call;
    this.#state = call.state;
    // The calls before and after are the same function's.
    this.reaches = call.kind === "list" ? 3 : 1;
  }

  /** Whether a session call is under way until the core is let answer, so that nothing is deleted. */
  get userIsChanging(): boolean {
    return this.returnedAfter === 0 && (this.logsOut || (this.call.kind === "session" && this.returned === 0));
  }

  /** The core carries the call out, whatever it then says. */
  carriedOut(): this {
    this.#carriedOut = true;
    this.#state = this.call.leadsTo;
    for (const name of this.call.deletes) this.deleted.push(name);
    return this;
  }

  /** The call before is answered; or the call itself began a login epoch, which ended it. */
  before(): this {
    if (this.call.kind !== "session") return this.#list("before", "in");
    this.beforeEnds(stale);
    // An uninit lets go of what was not answered; otherwise the answer comes to nobody.
    if (this.call.leadsTo === "none" && this.#carriedOut) this.untold.duplicate++;
    else this.counters.strayResults++;
    return this;
  }

  /** The call after is answered, if it has not ended with its epoch. */
  after(): this {
    if (this.#afterIsOver) return this;
    this.#afterIsOver = true;
    return this.#list("after", this.#state);
  }

  /** The call before ends with the session or the epoch. */
  beforeEnds(end: End): this {
    return this.script(heard("before", end));
  }

  /** The call after does. */
  afterEnds(end: End): this {
    if (this.#afterIsOver) return this;
    this.#afterIsOver = true;
    return this.script(heard("after", end));
  }

  /** The call after is refused. */
  afterIsRefused(code: TIMResult): this {
    this.#afterIsOver = true;
    this.returnedAfter = code;
    return this;
  }

  /** The user is signed out, and the call after has not been carried out. */
  signedOut(): this {
    this.#state = "out";
    return this;
  }

  /** The call ends; or what the core reports comes. */
  ends(end: End): this {
    const { kind, from, deletes, event } = this.call;
    if (event !== undefined) return this.#reported(end.desc);
    const desc = end.desc ?? (end.code === 0 ? this.call.answer : undefined);
    const head = heard("call", { ...end, ...(desc === undefined ? {} : { desc }) });
    const results = deletes.map((name) => `${name}:${end.outcome}`);
    const { code } = end;
    if (from === "C#") this.told.push(heard("call", { code, ...(desc === undefined ? {} : { desc }) }));
    else if (kind === "list" && code === 0) this.log.push(words(head, ...this.left()));
    else this.log.push(kind === "batch" ? words(head, ...[...results].sort()) : head);
    return this.completed(results);
  }

  /** The core's event for what the call deleted. */
  event(): this {
    return this.deletedEvent(...this.call.deletes);
  }

  deletedEvent(...names: string[]): this {
    return names.length === 0 ? this : this.both(words("deleted", ...names));
  }

  /** The core answers after all. */
  late(end: End): this {
    if (this.call.deletes.length === 0) {
      // Nobody is told: what is past its deadline and deletes nothing has no late word.
      this.counters.strayResults++;
      if (this.call.kind !== "session" || this.call.state === "none") return this;
      this.both("session notified");
      // What was heard meanwhile may have been of whoever was there before.
      return this.call.leadsTo === "in" ? this.both(words("reset", ...this.left())) : this;
    }
    this.counters.lateResults++;
    return this.both(words("late", ...this.call.deletes.map((name) => `${name}:${end.outcome}`)));
  }

  /** Both sides hear this. */
  both(line: string): this {
    this.log.push(line);
    this.told.push(line);
    return this;
  }

  completed(results: readonly string[]): this {
    return results.length === 0 ? this : this.both(words("completed", ...results));
  }

  script(line: string): this {
    this.log.push(line);
    return this;
  }

  csharp(line: string): this {
    this.told.push(line);
    return this;
  }

  #reported(desc: string | undefined): this {
    const { kind, event } = this.call as { readonly kind: string; readonly event: Report };
    if (kind === "sign-off" && !this.#afterIsOver) {
      // The core still answers it, as nobody's.
      this.afterEnds(stale);
      this.counters.strayResults++;
    }
    if (desc === undefined || event.says === undefined) return this.both(event.line);
    const clipped = desc.length > toldToCSharp ? `${desc.slice(0, toldToCSharp)}…` : desc;
    return this.script(event.says(desc)).csharp(event.says(clipped));
  }

  #list(name: string, state: CoreState): this {
    const end = state === "out" ? said(6014, "not init database") : endIn(state);
    return this.script(words(heard(name, end), ...(state === "in" ? this.left() : [])));
  }

  /** So many calls more were made right after the call after, and end as it does. */
  alsoAsked(more: number): void {
    const at = this.log.findIndex((line) => line.startsWith("after "));
    if (at < 0) return;
    const line = this.log[at] as string;
    const its = Array.from({ length: more }, () => line.replace("after", "more"));
    this.log.splice(at + 1, 0, ...its);
    if (line === heard("after", stale) && this.closedBy === "nobody") this.counters.strayResults += more;
    if (this.call.kind === "list") this.reaches += more;
  }

  /** What the user's list holds by now. */
  left(): string[] {
    return everyone.filter((name) => !this.deleted.includes(name));
  }
}

/** Nothing is amiss. */
export function ordinary(call: Call): Story {
  const story = new Story(call);
  if (call.kind === "session") return story.carriedOut().before().ends(success).after();
  // The function's return is its answer: it is heard before the core gets to anything.
  if (call.kind === "question") return story.ends(success).before().after();
  return story.before().carriedOut().ends(success).event().after();
}
