import type { ConvInfo, VendorMessage } from "../../conversation/conv-info.js";
import { idOf, newConvInfo, withMessage, withoutListState } from "./conv-info.js";
import { type ConversationId, conversationKey } from "./conversation-id.js";

/** One message in a history. */
export interface StoredMessage {
  /** Counts all messages of the server, so that copies of one message can be told from two messages. */
  readonly seq: number;
  /** The message, as the history's owner sees it. */
  readonly message: VendorMessage;
}

/** One conversation of one user, on the server or on one client. */
export interface StoredConversation {
  /** Its ConvInfo. */
  readonly info: ConvInfo;
  /** Whether it is in the list. One that is not was deleted with its history kept. */
  readonly listed: boolean;
  /** Oldest first. */
  readonly history: readonly StoredMessage[];
}

/** What `ConversationStore.merge` did. */
export type MergeResult = "added" | "updated" | "same";

/**
 * One user's conversations, in one place: on the server, or in one client's local copy. Holds the list's order: pinned
 * ones first, then what happened last; an imported list keeps the order it came in until something happens.
 */
export class ConversationStore {
  readonly #ordered: StoredConversation[] = [];
  readonly #byKey = new Map<string, StoredConversation>();

  /** The conversation, listed or not; undefined: nothing is held of it. */
  get(id: ConversationId): StoredConversation | undefined {
    return this.#byKey.get(conversationKey(id));
  }

  /** Every conversation, in order, those that are not listed included. */
  all(): readonly StoredConversation[] {
    return this.#ordered;
  }

  /** The conversations in the list, in order. */
  listed(): StoredConversation[] {
    return this.#ordered.filter((conversation) => conversation.listed);
  }

  /** Puts a conversation that is not here yet at the end. */
  append(conversation: StoredConversation): void {
    this.#byKey.set(conversationKey(idOf(conversation.info)), conversation);
    this.#ordered.push(conversation);
  }

  /** A new message: it puts the conversation into the list, or back into it, at the top. */
  receive(id: ConversationId, message: StoredMessage, unread: boolean): StoredConversation {
    const before = this.get(id);
    const after = {
      info: withMessage(before?.info ?? newConvInfo(id), message.message, unread),
      listed: true,
      history: [...(before?.history ?? []), message],
    };
    this.#putOnTop(after);
    return after;
  }

  /**
   * Brings in what the server has and this copy lacks. What this copy has and the server no longer has stays. `where`
   * says where in the list a conversation goes of which nothing is held here.
   */
  merge(server: StoredConversation, where: "top" | "end"): MergeResult {
    const mine = this.get(idOf(server.info));
    if (mine === undefined) {
      if (where === "end") this.append(server);
      else this.#putOnTop(server);
      return "added";
    }
    // A message reaches every copy in the order of its number, so what is lacking is newer than all that is here.
    const newest = mine.history[mine.history.length - 1]?.seq ?? 0;
    const lacking = server.history.filter((message) => message.seq > newest);
    if (mine.listed && lacking.length === 0) return "same";
    this.#putOnTop({
      info: { ...mine.info, ...server.info },
      listed: true,
      history: [...mine.history, ...lacking],
    });
    return mine.listed ? "updated" : "added";
  }

  /**
   * Takes a conversation out of the list; `clear` takes its history, and all else that is known of it, too. Returns its
   * ConvInfo if it was in the list.
   */
  delete(id: ConversationId, clear: boolean): ConvInfo | undefined {
    const conversation = this.get(id);
    if (conversation === undefined) return undefined;
    if (clear) {
      this.#byKey.delete(conversationKey(id));
      this.#ordered.splice(this.#ordered.indexOf(conversation), 1);
    } else if (conversation.listed) {
      const kept = { ...conversation, info: withoutListState(conversation.info), listed: false };
      this.#byKey.set(conversationKey(id), kept);
      this.#ordered[this.#ordered.indexOf(conversation)] = kept;
    }
    return conversation.listed ? conversation.info : undefined;
  }

  #putOnTop(conversation: StoredConversation): void {
    const key = conversationKey(idOf(conversation.info));
    const before = this.#byKey.get(key);
    if (before !== undefined) this.#ordered.splice(this.#ordered.indexOf(before), 1);
    const others = this.#ordered;
    const firstUnpinned = others.findIndex((other) => other.listed && other.info.conv_is_pinned !== true);
    const belowPinned = firstUnpinned === -1 ? others.length : firstUnpinned;
    others.splice(conversation.info.conv_is_pinned === true ? 0 : belowPinned, 0, conversation);
    this.#byKey.set(key, conversation);
  }
}
