import { type Conversation, readEventInfos } from "../conversation/conv-info.js";
import { TIMConvEvent } from "../core/tim-types.js";
import { answerError } from "../errors/answer-errors.js";
import { type BridgeError, ErrorSource } from "../errors/bridge-error.js";
import type { BridgeContext } from "./bridge-context.js";
import type {
  ConversationListReset,
  ConversationListSync,
  ConversationsAdded,
  ConversationsDeleted,
  ConversationsUpdated,
} from "./core-events.js";
import { infoParts, noticeParts } from "./publisher.js";
import { Tombstones } from "./tombstones.js";

/** The list, or why there is none. */
export interface ListAnswer {
  readonly code: number;
  readonly desc: string;
  readonly conversations: readonly Conversation[];
  readonly error?: BridgeError;
}

/** The list, as the feed asks for it. */
export interface ListSource {
  /** Whether the list that the core would give now is certain to be that of whoever is signed in. */
  mayList(): boolean;
  /** Asks the core. Returns why it was refused. */
  list(settled: (answer: ListAnswer) => void): BridgeError | undefined;
}

/** A list that could not be had is asked for again after this long, so many times. Reading can be repeated; deleting never is. */
const relistGapMs = 1000;
const relistAttempts = 5;

/** Conversation events, from the core to the listeners of both languages. */
export class ConversationFeed {
  readonly deleted;
  readonly added;
  readonly updated;
  readonly sync;
  readonly reset;
  readonly #context: BridgeContext;
  readonly #source: ListSource;
  #tombstones = new Tombstones();
  /** Counts the epochs: what was begun in an earlier one is not gone on with. */
  #generation = 0;
  /** Events were lost, and no list has been asked for since: what the listeners know is out of date. */
  #outOfDate = false;
  #relisting = false;

  constructor(context: BridgeContext, source: ListSource) {
    this.#context = context;
    this.#source = source;
    this.deleted = context.newEmitter<ConversationsDeleted>();
    this.added = context.newEmitter<ConversationsAdded>();
    this.updated = context.newEmitter<ConversationsUpdated>();
    this.sync = context.newEmitter<ConversationListSync>();
    this.reset = context.newEmitter<ConversationListReset>();
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
        this.#context.reporter.counters.unknownEvents++;
    }
  }

  /** Events were lost: only the list itself can tell what became of it. */
  eventsLost(): void {
    this.#outOfDate = true;
    this.listIfDue();
  }

  /** Asks for the list that is due after lost events, as soon as it may. */
  listIfDue(): void {
    if (this.#outOfDate && !this.#relisting && this.#source.mayList()) this.#relist(relistAttempts);
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
      this.#context.deliveries.deliver(() => this.added.emit({ conversations: part }));
    }
  }

  #deleted(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.#tombstones.bury(conversation);
    for (const part of noticeParts(conversations.map(({ key }) => key))) {
      this.#context.publisher.conversationsDeleted(part);
      this.#context.deliveries.deliver(() => this.deleted.emit({ conversations: part }));
    }
  }

  #updated(conversations: readonly Conversation[]): void {
    const there = conversations.filter((conversation) => !this.#dropped(this.#tombstones.isGhost(conversation)));
    for (const part of infoParts(there)) {
      this.#context.publisher.conversationsUpdated(part);
      this.#context.deliveries.deliver(() => this.updated.emit({ conversations: part }));
    }
  }

  #sync(state: ConversationListSync["state"]): void {
    this.#context.publisher.listSync(state);
    this.#context.deliveries.deliver(() => this.sync.emit({ state }));
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
    const refusal = this.#source.list(settled);
    if (refusal !== undefined) this.#relistFailed(refusal, attempts - 1);
  }

  #relisted(conversations: readonly Conversation[]): void {
    this.#relisting = false;
    const there = conversations.filter((conversation) => !this.#dropped(this.#tombstones.isGhostInList(conversation)));
    this.#context.publisher.listReset(there);
    this.#context.deliveries.deliver(() => this.reset.emit({ conversations: there }));
    this.listIfDue();
  }

  #relistFailed(error: BridgeError, attempts: number): void {
    if (attempts > 0 && error.retryable) {
      const generation = this.#generation;
      const { host, jobs } = this.#context;
      jobs.at(host.now() + relistGapMs, () => {
        if (generation === this.#generation) this.#relist(attempts);
      });
      return;
    }
    this.#relisting = false;
    this.#outOfDate = true;
    this.#context.reporter.report(withoutCoresWords(error));
  }

  #dropped(isGhost: boolean): boolean {
    if (isGhost) this.#context.reporter.counters.updatesDropped++;
    return isGhost;
  }

  #read(event: string, json: string): readonly Conversation[] {
    const { reporter } = this.#context;
    const { items, problems } = readEventInfos(json);
    for (const problem of problems) reporter.malformed(`the core's ${event} event: ${problem}`);
    if (problems.length > 0) {
      reporter.counters.eventsLost++;
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
