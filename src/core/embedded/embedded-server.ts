import type { ConvInfo, VendorMessage } from "../../conversation/conv-info.js";
import { kindOf } from "../../errors/kind-of.js";
import { TIMConvEvent, TIMConvType } from "../tim-types.js";
import { idOf, lastMessageOf, parseConvInfoList, type SentText, textMessage } from "./conv-info.js";
import { type ConversationId, readId, readPrefixed } from "./conversation-id.js";
import { ConversationStore, type StoredConversation } from "./conversation-store.js";
import { cloneJson, EmbeddedDataError, readBoolean, readObject } from "./data-error.js";
import { EmbeddedClient } from "./embedded-client.js";
import { EMBEDDED_STATE_VERSION, type EmbeddedState, friendshipKey, readState } from "./embedded-state.js";

/** How an EmbeddedServer behaves. */
export interface EmbeddedServerOptions {
  /** The console's "Sync Conversation Deletion Across Clients". Default false, as in the console. */
  readonly syncDeletionAcrossClients?: boolean;
  /** The time that messages are stamped with, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Whether there is anything of a conversation that a deletion of this kind could delete. */
function isDeletable(conversation: StoredConversation | undefined, clearMessage: boolean): boolean {
  return conversation !== undefined && (conversation.listed || (clearMessage && conversation.history.length > 0));
}

/**
 * The server side of EmbeddedCore: every user's conversations with their history, groups, friendships, and the clients
 * that users sign in on. There are no accounts: any userID is a user. Several EmbeddedCores on one server are several
 * clients, of one user or of many.
 *
 * Every method throws an EmbeddedDataError on an id that is none (empty, NUL inside, lone surrogate), and has then
 * changed nothing.
 */
export class EmbeddedServer {
  readonly #now: () => number;
  readonly #stores = new Map<string, ConversationStore>();
  readonly #friendships = new Map<string, readonly [string, string]>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #clients = new Map<string, EmbeddedClient>();
  #syncDeletionAcrossClients: boolean;
  #nextMessageSeq = 1;

  constructor(options: EmbeddedServerOptions = {}) {
    readObject(options, "options");
    this.#syncDeletionAcrossClients = readBoolean(
      options.syncDeletionAcrossClients ?? false,
      "options.syncDeletionAcrossClients",
    );
    this.#now = options.now ?? Date.now;
    if (typeof this.#now !== "function") {
      throw new EmbeddedDataError(
        "options.now",
        `is ${kindOf(this.#now)}; a function that gives milliseconds was expected`,
      );
    }
  }

  /**
   * A server as `toJSON` gave it, parsed or as JSON text. Its clients are as they were, signed-in ones included; an
   * EmbeddedCore takes one up by its `clientId`. Throws an EmbeddedDataError that names the path of what is wrong.
   */
  static fromJSON(state: unknown, options: Pick<EmbeddedServerOptions, "now"> = {}): EmbeddedServer {
    const read = readState(state);
    const server = new EmbeddedServer({ ...options, syncDeletionAcrossClients: read.syncDeletionAcrossClients });
    server.#nextMessageSeq = read.nextMessageSeq;
    for (const user of read.users) {
      const store = server.#storeOf(user.userId);
      for (const conversation of user.conversations) store.append(conversation);
    }
    for (const [a, b] of read.friendships) server.#friendships.set(friendshipKey(a, b), [a, b]);
    for (const group of read.groups) server.#groups.set(group.groupId, new Set(group.members));
    for (const client of read.clients) server.#addClient(client.clientId).restore(client);
    return server;
  }

  /** Everything there is on the server and on its clients. The result is the caller's own. */
  toJSON(): EmbeddedState {
    const state: EmbeddedState = {
      version: EMBEDDED_STATE_VERSION,
      syncDeletionAcrossClients: this.#syncDeletionAcrossClients,
      nextMessageSeq: this.#nextMessageSeq,
      users: [...this.#stores].map(([userId, store]) => ({ userId, conversations: store.all() })),
      friendships: [...this.#friendships.values()],
      groups: [...this.#groups].map(([groupId, members]) => ({ groupId, members: [...members] })),
      clients: [...this.#clients.values()].map((client) => client.toState()),
    };
    return cloneJson(state, "state");
  }

  /** The console's "Sync Conversation Deletion Across Clients", as it stands for the deletions to come. */
  get syncDeletionAcrossClients(): boolean {
    return this.#syncDeletionAcrossClients;
  }

  set syncDeletionAcrossClients(on: boolean) {
    this.#syncDeletionAcrossClients = readBoolean(on, "syncDeletionAcrossClients");
  }

  /** Sends a text from one user to another. Friendship is not asked for, as by the vendor's default. */
  sendC2C(from: string, to: string, text: string): void {
    readId(from, "from");
    readId(to, "to");
    readText(text);
    const message = this.#newMessage(from, text);
    const c2c = (convId: string) => ({ convId, convType: TIMConvType.kTIMConv_C2C });
    this.#deliver(from, c2c(to), message);
    if (to !== from) this.#deliver(to, c2c(from), message);
  }

  /** Sends a text to all members of a group. Throws where `from` is not one of them. */
  sendGroup(from: string, groupId: string, text: string): void {
    readId(from, "from");
    readId(groupId, "groupId");
    readText(text);
    const members = this.#groups.get(groupId);
    if (members?.has(from) !== true) {
      const who = JSON.stringify(from);
      throw new Error(`${who} is not in group ${JSON.stringify(groupId)}: call joinGroup(${who}, ...) first`);
    }
    const message = this.#newMessage(from, text);
    for (const member of members) {
      this.#deliver(member, { convId: groupId, convType: TIMConvType.kTIMConv_Group }, message);
    }
  }

  /** Makes two users friends. */
  addFriend(userId: string, friendId: string): void {
    readId(userId, "userId");
    readId(friendId, "friendId");
    if (userId === friendId) throw new EmbeddedDataError("friendId", "is the user's own id");
    const key = friendshipKey(userId, friendId);
    if (!this.#friendships.has(key)) this.#friendships.set(key, [userId, friendId]);
  }

  /** Ends a friendship. The conversation stays, on both sides, until someone deletes it. */
  unfriend(userId: string, friendId: string): void {
    this.#friendships.delete(friendshipKey(readId(userId, "userId"), readId(friendId, "friendId")));
  }

  /** The user's friends. */
  friends(userId: string): string[] {
    const pairs = [...this.#friendships.values()].filter((pair) => pair.includes(userId));
    return pairs.map(([a, b]) => (a === userId ? b : a));
  }

  /** Puts a user into a group, which comes into being with its first member. */
  joinGroup(userId: string, groupId: string): void {
    readId(userId, "userId");
    readId(groupId, "groupId");
    const members = this.#groups.get(groupId) ?? new Set<string>();
    this.#groups.set(groupId, members.add(userId));
  }

  /** Takes a user out of a group. The user's conversation stays until the user deletes it. */
  leaveGroup(userId: string, groupId: string): void {
    readId(userId, "userId");
    this.#groups.get(readId(groupId, "groupId"))?.delete(userId);
  }

  /** A group's members, in the order in which they joined. */
  members(groupId: string): string[] {
    return [...(this.#groups.get(groupId) ?? [])];
  }

  /**
   * Puts the vendor's conversation list (what `TIMConvGetConvList` gives; parsed, or as JSON text) at the end of a
   * user's. The last message of each is its history. Throws an EmbeddedDataError that names the index and field of what
   * is wrong, or of what the user has already.
   */
  importConversations(userId: string, list: readonly ConvInfo[] | string): void {
    readId(userId, "userId");
    const infos = parseConvInfoList(list);
    const store = this.#stores.get(userId);
    infos.forEach((info, index) => {
      if (store?.get(idOf(info)) !== undefined) {
        throw new EmbeddedDataError(
          `conversations[${index}].conv_id`,
          `is a conversation that ${JSON.stringify(userId)} has already`,
        );
      }
    });
    const imported = infos.map((info): StoredConversation => {
      const last = lastMessageOf(info);
      return {
        info,
        listed: true,
        history: last === undefined ? [] : [{ seq: this.#nextMessageSeq++, message: last }],
      };
    });
    for (const conversation of imported) this.#storeOf(userId).append(conversation);
    for (const client of this.#clientsOf(userId)) client.receive(imported, "end");
  }

  /** A user's conversation list on the server: what a client sees that signs in for the first time. */
  conversations(userId: string): ConvInfo[] {
    return (this.#stores.get(userId)?.listed() ?? []).map(({ info }) => cloneJson(info, "info"));
  }

  /**
   * The history of one of a user's conversations on the server, oldest first; empty where there is none. It may outlive
   * the list's entry: a deletion that keeps the history leaves it here.
   * @param conversation `c2c_<userID>` or `group_<groupID>`
   */
  history(userId: string, conversation: string): VendorMessage[] {
    const id = readPrefixed(conversation, "conversation");
    const stored = this.#stores.get(userId)?.get(id);
    return (stored?.history ?? []).map(({ message }) => cloneJson(message, "message"));
  }

  /** The clients on this server. */
  get clients(): EmbeddedClient[] {
    return [...this.#clients.values()];
  }

  /** The client of this id; without an id, or where there is none of it: a new one. */
  client(clientId?: string): EmbeddedClient {
    if (clientId !== undefined) {
      return this.#clients.get(readId(clientId, "clientId")) ?? this.#addClient(clientId);
    }
    let number = 1;
    while (this.#clients.has(`client-${number}`)) number++;
    return this.#addClient(`client-${number}`);
  }

  /**
   * @internal The signed-in user of `client` deletes conversations there and on the server, and on the user's other
   * clients if the switch says so. One answer for each: false where there is nothing to delete.
   */
  deleteOn(client: EmbeddedClient, ids: readonly ConversationId[], clearMessage: boolean): boolean[] {
    const userId = client.signedInAs;
    if (userId === undefined) return ids.map(() => false);
    const store = this.#storeOf(userId);
    const others = this.#syncDeletionAcrossClients ? this.clients.filter((other) => other !== client) : [];
    const affected = [client, ...others].map((one) => ({ one, gone: [] as ConvInfo[] }));
    const answers = ids.map((id) => {
      if (!isDeletable(client.local(id), clearMessage) && !isDeletable(store.get(id), clearMessage)) return false;
      store.delete(id, clearMessage);
      for (const { one, gone } of affected) {
        const info = one.deleteLocally(userId, id, clearMessage);
        if (info !== undefined) gone.push(info);
      }
      return true;
    });
    for (const { one, gone } of affected) one.emit(TIMConvEvent.kTIMConvEvent_Del, gone);
    return answers;
  }

  #storeOf(userId: string): ConversationStore {
    let store = this.#stores.get(userId);
    if (store === undefined) {
      store = new ConversationStore();
      this.#stores.set(userId, store);
    }
    return store;
  }

  #addClient(clientId: string): EmbeddedClient {
    const client = new EmbeddedClient(clientId, { storeOf: (userId) => this.#storeOf(userId) });
    this.#clients.set(clientId, client);
    return client;
  }

  #clientsOf(userId: string): EmbeddedClient[] {
    return this.clients.filter((client) => client.signedInAs === userId);
  }

  #newMessage(sender: string, text: string): SentText {
    return { sender, text, timeMs: this.#now(), seq: this.#nextMessageSeq++ };
  }

  #deliver(userId: string, id: ConversationId, message: SentText): void {
    const fromSelf = message.sender === userId;
    const store = this.#storeOf(userId);
    const delivered = store.receive(id, { seq: message.seq, message: textMessage(id, message, fromSelf) }, !fromSelf);
    for (const client of this.#clientsOf(userId)) client.receive([delivered], "top");
  }
}

function readText(text: unknown): void {
  if (typeof text !== "string") throw new EmbeddedDataError("text", `is ${kindOf(text)}; a string was expected`);
}
