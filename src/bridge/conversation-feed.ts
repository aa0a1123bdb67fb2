import { type Conversation, readEventInfos } from "../conversation/conv-info.js";
import { TIMConvEvent } from "../core/tim-types.js";
import { answerError } from "../errors/answer-errors.js";
import { type BridgeError, ErrorCategory, ErrorSource } from "../errors/bridge-error.js";
import type {
  ConversationListReset,
  ConversationListSync,
  ConversationsAdded,
  ConversationsDeleted,
  ConversationsUpdated,
} from "./core-events.js";
import { Emitter } from "./emitter.js";
import { infoParts, noticeParts, type Publisher } from "./publisher.js";
import { Tombstones } from "./tombstones.js";

/** The list, or why there is none. */
export interface ListAnswer {
  readonly code: number;
  readonly desc: string;
  readonly conversations: readonly Conversation[];
  readonly error?: BridgeError;
}

/** What the feed needs of the Bridge. */
export interface FeedContext {
  readonly publisher: Publisher;
  deliver(delivery: () => void): void;
  malformed(what: string): void;
  report(error: unknown): void;
  listenerFailed(error: unknown): void;
  unknownEvent(): void;
  updateDropped(): void;
  /** An event, or a part of one, could not be read: counted as lost. */
  eventUnread(): void;
  /** Whether the list that the core would give now is certain to be that of whoever is signed in. */
  mayList(): boolean;
  /** Asks the core for the list. Returns why it was refused. */
  list(settled: (answer: ListAnswer) => void): BridgeError | undefined;
  now(): number;
  at(time: number, job: () => void): void;
}

/** A list that could not be had is asked for again after this long, so many times. Reading can be repeated; deleting never is. */
const relistGapMs = 1000;
const relistAttempts = 5;

/** Conversation events, from the core to the listeners of both languages. */
export class ConversationFeed {
  readonly deleted: Emitter<ConversationsDeleted>;
  readonly added: Emitter<ConversationsAdded>;
  readonly updated: Emitter<ConversationsUpdated>;
  readonly sync: Emitter<ConversationListSync>;
  readonly reset: Emitter<ConversationListReset>;
  readonly #context: FeedContext;
  #tombstones = new Tombstones();
  /** Counts the epochs: what was begun in an earlier one is not gone on with. */
  #generation = 0;
  /** Events were lost, and no list has been asked for since: what the listeners know is out of date. */
  #outOfDate = false;
  #relisting = false;

  constructor(context: FeedContext) {
    this.#context = context;
    const failed = (error: unknown): void => context.listenerFailed(error);
    this.deleted = new Emitter(failed);
    this.added = new Emitter(failed);
    this.updated = new Emitter(failed);
    this.sync = new Emitter(failed);
    this.reset = new Emitter(failed);
  }

  event(type: number, json: string): void {
    switch (type) {
      case TIMConvEvent.kTIMConvEvent_Add:
        this.#added(this.#read("Add", json));
        break;
      case TIMConvEvent.kTIMConvEvent_Del:
        this.#deleted(this.#read("Del", json));
        break;
      case TIMConvEvent.kTIMConvEvent_Update:
        this.#updated(this.#read("Update", json));
        break;
      case TIMConvEvent.kTIMConvEvent_Start:
        this.#sync("started");
        break;
      case TIMConvEvent.kTIMConvEvent_Finish:
        this.#sync("finished");
        this.listIfDue();
        break;
      default:
        this.#context.unknownEvent();
    }
  }

  /** Events were lost: only the list itself can tell what became of it. */
  eventsLost(): void {
    this.#outOfDate = true;
    this.listIfDue();
  }

  /** Asks for the list that is due after lost events, as soon as it may. */
  listIfDue(): void {
    if (this.#outOfDate && !this.#relisting && this.#context.mayList()) this.#relist(relistAttempts);
  }

  /** A list that somebody asked for: what is known of its conversations is remembered. */
  listed(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.#tombstones.see(conversation);
  }

  /** A list that was asked for in an earlier epoch does not come any more. */
  newEpoch(): void {
    this.#generation++;
    this.#outOfDate ||= this.#relisting;
    this.#relisting = false;
  }

  /** Another user's conversations are others. */
  userChanged(): void {
    this.#tombstones = new Tombstones();
  }

  #added(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.#tombstones.raise(conversation);
    for (const part of infoParts(conversations)) {
      this.#context.publisher.conversationsAdded(part);
      this.#context.deliver(() => this.added.emit({ conversations: part }));
    }
  }

  #deleted(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.#tombstones.bury(conversation);
    for (const part of noticeParts(conversations.map(({ key }) => key))) {
      this.#context.publisher.conversationsDeleted(part);
      this.#context.deliver(() => this.deleted.emit({ conversations: part }));
    }
  }

  #updated(conversations: readonly Conversation[]): void {
    const there = conversations.filter((conversation) => !this.#dropped(this.#tombstones.isGhost(conversation)));
    for (const part of infoParts(there)) {
      this.#context.publisher.conversationsUpdated(part);
      this.#context.deliver(() => this.updated.emit({ conversations: part }));
    }
  }

  #sync(state: ConversationListSync["state"]): void {
    this.#context.publisher.listSync(state);
    this.#context.deliver(() => this.sync.emit({ state }));
  }

  #relist(attempts: number): void {
    this.#relisting = true;
    this.#outOfDate = false;
    const generation = this.#generation;
    const settled = (answer: ListAnswer): void => {
      if (generation !== this.#generation) return;
      if (answer.error === undefined) this.#relisted(answer.conversations);
      else this.#relistFailed(answer.error, attempts - 1);
    };
    const refusal = this.#context.list(settled);
    if (refusal !== undefined) this.#relistFailed(refusal, attempts - 1);
  }

  #relisted(conversations: readonly Conversation[]): void {
    this.#relisting = false;
    const there = conversations.filter((conversation) => !this.#dropped(this.#tombstones.isGhostInList(conversation)));
    this.#context.publisher.listReset(there);
    this.#context.deliver(() => this.reset.emit({ conversations: there }));
    this.listIfDue();
  }

  #relistFailed(error: BridgeError, attempts: number): void {
    if (attempts > 0 && error.retryable && error.category !== ErrorCategory.SESSION_ENDED) {
      const generation = this.#generation;
      this.#context.at(this.#context.now() + relistGapMs, () => {
        if (generation === this.#generation) this.#relist(attempts);
      });
      return;
    }
    this.#relisting = false;
    this.#outOfDate = true;
    this.#context.report(withoutCoresWords(error));
  }

  #dropped(isGhost: boolean): boolean {
    if (isGhost) this.#context.updateDropped();
    return isGhost;
  }

  #read(event: string, json: string): readonly Conversation[] {
    const { items, problems } = readEventInfos(json);
    for (const problem of problems) this.#context.malformed(`the core's ${event} event: ${problem}`);
    if (problems.length > 0) {
      this.#context.eventUnread();
      this.eventsLost();
    }
    return items;
  }
}

/** For the log: what the core says about a failure may name who or what it is about. */
function withoutCoresWords(error: BridgeError): BridgeError {
  const { source, code } = error;
  return source === ErrorSource.BRIDGE ? error : answerError(source, code, "", "ConvGetConvList after lost events");
}
