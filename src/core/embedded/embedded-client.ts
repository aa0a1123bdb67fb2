import type { ConvInfo, VendorMessage } from "../../conversation/conv-info.js";
import { TIMConvEvent } from "../tim-types.js";
import { type ConversationId, conversationKey, readId, readPrefixed } from "./conversation-id.js";
import { ConversationStore, type StoredConversation } from "./conversation-store.js";
import { cloneJson } from "./data-error.js";
import type { ClientState, LocalCopyState, MissedDeletion } from "./embedded-state.js";

/** Hears the conversation events of one client. Start and Finish carry no conversations. */
export type ClientListener = (event: TIMConvEvent, conversations: readonly ConvInfo[]) => void;

/** What a client needs of its server. */
export interface ClientHome {
  /** The user's conversations on the server. */
  storeOf(userId: string): ConversationStore;
}

interface LocalCopy {
  readonly conversations: ConversationStore;
  readonly missed: Map<string, MissedDeletion>;
}

/**
 * One client (device) on an EmbeddedServer: who is signed in on it, and its local copy of each such user's
 * conversations. A copy outlives signing out, as a device's database does.
 */
export class EmbeddedClient {
  /** The client's name on its server. */
  readonly clientId: string;
  readonly #home: ClientHome;
  readonly #copies = new Map<string, LocalCopy>();
  #initialised = false;
  #signedInAs: string | undefined;
  #session = 0;
  #listener: ClientListener | undefined;

  /** @internal Made by EmbeddedServer. */
  constructor(clientId: string, home: ClientHome) {
    this.clientId = clientId;
    this.#home = home;
  }

  /** Whether the client's core is initialised. */
  get initialised(): boolean {
    return this.#initialised;
  }

  /** The userID that is signed in; undefined: nobody. */
  get signedInAs(): string | undefined {
    return this.#signedInAs;
  }

  /** @internal Another number after each change of who is signed in. */
  get session(): number {
    return this.#session;
  }

  /** @internal Whether an EmbeddedCore holds this client. */
  get attached(): boolean {
    return this.#listener !== undefined;
  }

  /** Users who have signed in on this client, in that order. */
  get users(): string[] {
    return [...this.#copies.keys()];
  }

  /** Initialises. Does nothing where that is done already. */
  init(): void {
    this.#initialised = true;
  }

  /** Signs out and lets go. Local copies stay. */
  uninit(): void {
    this.signOut();
    this.#initialised = false;
  }

  /**
   * Signs a user in, and whoever was signed in out. Deletions and messages that were missed arrive now. Throws where the
   * client is not initialised or the id is none.
   */
  signIn(userId: string): void {
    readId(userId, "userId");
    if (!this.#initialised) throw new Error(`client ${this.clientId} is not initialised: call init() before signIn()`);
    if (this.#signedInAs === userId) return;
    this.signOut();
    this.#signedInAs = userId;
    this.#session++;
    this.#catchUp(this.#copyOf(userId), this.#home.storeOf(userId));
  }

  /** Signs out. Does nothing where nobody is signed in. */
  signOut(): void {
    if (this.#signedInAs === undefined) return;
    this.#signedInAs = undefined;
    this.#session++;
  }

  /** This client's list of the signed-in user's conversations, or of `userId`'s as of when they were last signed in. */
  conversations(userId: string | undefined = this.#signedInAs): ConvInfo[] {
    const listed = this.#existingCopy(userId)?.conversations.listed() ?? [];
    return listed.map(({ info }) => cloneJson(info, "info"));
  }

  /**
   * This client's copy of a conversation's history, oldest first; empty where there is none.
   * @param conversation `c2c_<userID>` or `group_<groupID>`
   */
  history(conversation: string, userId: string | undefined = this.#signedInAs): VendorMessage[] {
    const id = readPrefixed(conversation, "conversation");
    const stored = this.#existingCopy(userId)?.conversations.get(id);
    return (stored?.history ?? []).map(({ message }) => cloneJson(message, "message"));
  }

  /** @internal Gives the client to one EmbeddedCore. */
  attach(listener: ClientListener): void {
    this.#listener = listener;
  }

  /** @internal */
  detach(): void {
    this.#listener = undefined;
  }

  /** @internal The signed-in user's local copy of one conversation. */
  local(id: ConversationId): StoredConversation | undefined {
    return this.#existingCopy(this.#signedInAs)?.conversations.get(id);
  }

  /** @internal Deletes from `userId`'s copy, now or when that user next signs in. Returns what left the list now. */
  deleteLocally(userId: string, id: ConversationId, clearMessage: boolean): ConvInfo | undefined {
    const copy = this.#existingCopy(userId);
    if (copy === undefined) return undefined;
    if (this.#signedInAs === userId) return copy.conversations.delete(id, clearMessage);
    if (copy.conversations.get(id) === undefined) return undefined;
    const key = conversationKey(id);
    const cleared = clearMessage || copy.missed.get(key)?.clearMessage === true;
    copy.missed.set(key, { convId: id.convId, convType: id.convType, clearMessage: cleared });
    return undefined;
  }

  /** @internal Takes over what the server now has of these conversations, which are the signed-in user's. */
  receive(changed: readonly StoredConversation[], where: "top" | "end"): void {
    if (this.#signedInAs === undefined) return;
    this.#mergeAndTell(this.#copyOf(this.#signedInAs).conversations, changed, where);
  }

  /** @internal Tells the core, if there is one, and if there is anything to tell. */
  emit(event: TIMConvEvent, conversations: readonly ConvInfo[]): void {
    const bare = event === TIMConvEvent.kTIMConvEvent_Start || event === TIMConvEvent.kTIMConvEvent_Finish;
    if (bare || conversations.length > 0) this.#listener?.(event, conversations);
  }

  /** @internal */
  toState(): ClientState {
    return {
      clientId: this.clientId,
      initialised: this.#initialised,
      signedInAs: this.#signedInAs ?? null,
      copies: [...this.#copies].map(
        ([userId, copy]): LocalCopyState => ({
          userId,
          conversations: copy.conversations.all(),
          missedDeletions: [...copy.missed.values()],
        }),
      ),
    };
  }

  /** @internal */
  restore(state: ClientState): void {
    for (const saved of state.copies) {
      const copy = this.#copyOf(saved.userId);
      for (const conversation of saved.conversations) copy.conversations.append(conversation);
      for (const missed of saved.missedDeletions) copy.missed.set(conversationKey(missed), missed);
    }
    this.#initialised = state.initialised;
    this.#signedInAs = state.signedInAs ?? undefined;
    this.#session++;
  }

  #existingCopy(userId: string | undefined): LocalCopy | undefined {
    return userId === undefined ? undefined : this.#copies.get(userId);
  }

  #copyOf(userId: string): LocalCopy {
    let copy = this.#copies.get(userId);
    if (copy === undefined) {
      copy = { conversations: new ConversationStore(), missed: new Map() };
      this.#copies.set(userId, copy);
    }
    return copy;
  }

  #catchUp(copy: LocalCopy, server: ConversationStore): void {
    this.emit(TIMConvEvent.kTIMConvEvent_Start, []);
    // Deletions first: a conversation that has come back since is deleted before it is added.
    const deleted: ConvInfo[] = [];
    for (const missed of copy.missed.values()) {
      const info = copy.conversations.delete(missed, missed.clearMessage);
      if (info !== undefined) deleted.push(info);
    }
    copy.missed.clear();
    this.emit(TIMConvEvent.kTIMConvEvent_Del, deleted);
    // An empty copy takes the list's order as it is; one that is not takes in what is new at the top.
    const first = copy.conversations.all().length === 0;
    this.#mergeAndTell(copy.conversations, server.listed(), first ? "end" : "top");
    this.emit(TIMConvEvent.kTIMConvEvent_Finish, []);
  }

  #mergeAndTell(mine: ConversationStore, changed: readonly StoredConversation[], where: "top" | "end"): void {
    const results = new Map<StoredConversation, string>();
    // To the top goes the last one first, so that the first one ends above it.
    for (const conversation of where === "top" ? [...changed].reverse() : changed) {
      results.set(conversation, mine.merge(conversation, where));
    }
    const told = (result: string) => changed.filter((one) => results.get(one) === result).map((one) => one.info);
    this.emit(TIMConvEvent.kTIMConvEvent_Add, told("added"));
    this.emit(TIMConvEvent.kTIMConvEvent_Update, told("updated"));
  }
}
