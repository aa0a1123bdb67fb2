/** Who is signed in when a session call has ended. "unknown": nobody can tell whether it is the same user. */
export type UserAfter = "the same" | "another" | "unknown" | "nobody";

/** What the gate needs of the Bridge. */
export interface EventGateContext {
  /** An event is kept back. */
  keptBack(): void;
  /** Events that the user of now should have heard were kept back: only the list can tell. */
  eventsLost(): void;
  /** The epoch is another, and the user is not. */
  userKept(): void;
  /** The user is another, or may be. */
  userChanged(): void;
}

/**
 * Invariant 3, for conversation events: what came for one user is not heard as another's. The epoch goes up when a session call is
 * handed to the core, and the user changes when the core has carried it out: what comes between is of neither for certain. It is
 * kept back, and where the user of now may miss it, the list is asked for.
 */
export class EventGate {
  readonly #context: EventGateContext;
  /** Session calls that the core has not answered. */
  #underWay = 0;
  #userAfter: UserAfter = "the same";
  #keptEarlier = false;
  #keptDoubtful = false;

  constructor(context: EventGateContext) {
    this.#context = context;
  }

  /** Whether an event of `epoch` is heard in the epoch `now`. One that names no conversation is nobody's. */
  admits(epoch: number, now: number, namesConversations: boolean): boolean {
    if (epoch >= now && (this.#underWay === 0 || !namesConversations)) return true;
    this.#context.keptBack();
    if (epoch < now) this.#keptEarlier = true;
    else this.#keptDoubtful = true;
    this.#listWhereMissed();
    return false;
  }

  /** The core has a session call. */
  began(): void {
    if (this.#underWay === 0) this.#userAfter = "the same";
    this.#underWay++;
  }

  /** It has ended, and left this user. */
  ended(userAfter: UserAfter): void {
    this.#underWay--;
    if (userAfter !== "the same") this.#userAfter = userAfter;
    if (this.#underWay > 0) return;
    if (this.#userAfter === "the same") this.#context.userKept();
    else this.#context.userChanged();
    this.#listWhereMissed();
  }

  /** The core refused a session call, and the user is who it was. */
  refused(): void {
    if (this.#underWay > 0) return;
    this.#userAfter = "the same";
    this.#context.userKept();
  }

  /** The user changed of the core's or the game's own accord. */
  changed(): void {
    this.#userAfter = "another";
    this.#keptEarlier = false;
    this.#keptDoubtful = false;
    this.#context.userChanged();
  }

  #listWhereMissed(): void {
    if (this.#underWay > 0) return;
    const missed = this.#mayBeTheSame ? this.#keptEarlier || this.#keptDoubtful : this.#keptDoubtful;
    this.#keptEarlier = false;
    this.#keptDoubtful = false;
    if (missed && this.#userAfter !== "nobody") this.#context.eventsLost();
  }

  get #mayBeTheSame(): boolean {
    return this.#userAfter === "the same" || this.#userAfter === "unknown";
  }
}
