// What a cell is expected to come to, line by line, on both sides. Told in the order in which the core reports.
import { type BridgeCounters, TIMResult } from "tim-chatbridge";
import { type Call, type CoreState, everyone } from "./calls.js";
import { words } from "./lines.js";

/** How a call ends, as its caller hears it, and what its conversations' results say. */
export interface End {
  readonly code: number;
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
  return { code, outcome: `FAILED(SDK_RETURN ${code})` };
}

/** The core's callback said this. */
export function said(code: number, desc: string): End {
  return { code, desc, outcome: `FAILED(SDK_CALLBACK ${code})` };
}

/** It was not handed to the core. */
export function notSent(code: number): End {
  return ofBridge(code, "NOT_SENT");
}

function ofBridge(code: number, outcome: string): End {
  return { code, outcome: `${outcome}(BRIDGE ${code})` };
}

/** Counters of the plugin's that no caller is told of. */
export interface Untold {
  readonly duplicate: number;
  readonly despiteRefusal: number;
  readonly dropped: number;
  readonly listenersFailed: number;
  readonly unknownCompletions: number;
}

const notInitialised = said(6013, "not initialized");
const notSignedIn = { code: 6014, desc: "not login", outcome: "FAILED(SDK_CALLBACK 6014)" };

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

  constructor(call: Call) {
    this.call = call;
    this.#state = call.state;
    // The calls before and after are the same function's.
    this.reaches = call.kind === "list" ? 3 : 1;
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
    this.log.push(words("before", `${TIMResult.BRIDGE_ERR_STALE_EPOCH}`));
    // An uninit lets go of what was not answered; otherwise the answer comes to nobody.
    if (this.call.leadsTo === "none" && this.#carriedOut) this.untold.duplicate++;
    else this.counters.strayResults++;
    return this;
  }

  /** The call after is answered. */
  after(): this {
    return this.#list("after", this.#state);
  }

  /** The call after ends with the session or the epoch. */
  afterEnds({ code }: End): this {
    this.log.push(words("after", `${code}`));
    return this;
  }

  /** The call ends; or the event comes. */
  ends(end: End, { code, desc }: { readonly code: number; readonly desc?: string } = end): this {
    const { kind, from, deletes, event } = this.call;
    if (event !== undefined) return this.both(event.line);
    const text = desc ?? (code === 0 ? this.call.answer : undefined);
    const head = words("call", `${code}`, text === undefined ? "" : `"${text}"`);
    const results = deletes.map((name) => `${name}:${end.outcome}`);
    if (from === "C#") this.told.push(head);
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
      return this;
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

  #list(name: string, state: CoreState): this {
    const { code, desc } = state === "out" ? said(6014, "not init database") : endIn(state);
    this.log.push(
      words(name, `${code}`, desc === undefined ? "" : `"${desc}"`, ...(state === "in" ? this.left() : [])),
    );
    return this;
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
  // A promise's continuation runs when the frame is over.
  if (call.kind === "question") return story.before().after().ends(success);
  return story.before().carriedOut().ends(success).event().after();
}
