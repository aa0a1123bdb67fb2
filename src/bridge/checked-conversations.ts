import {
  type ConversationKey,
  ConversationKeyError,
  loggableMessageOf,
  parseConversation,
} from "../conversation/conversation-key.js";
import { maxBatch } from "../core/max-batch.js";
import { messageOf } from "../protocol/thrown.js";

/** Reads a list of any length. Throws an error that says which entry is wrong, and how. */
export function checkedList(conversations: unknown): readonly ConversationKey[] {
  if (!Array.isArray(conversations)) throw new Error("the conversations are not an array");
  if (conversations.length === 0) throw new Error("the list of conversations is empty");
  // Not `map`, which skips holes.
  return Array.from(conversations as readonly (string | ConversationKey)[], (entry, index) => {
    try {
      const key = parseConversation(entry);
      if ("systemId" in key) throw new Error(`${key.systemId} cannot be deleted in a batch on this core`);
      return key;
    } catch (error) {
      throw new ConversationKeyError(
        `conversation ${index}: ${messageOf(error)}`,
        `conversation ${index}: ${loggableMessageOf(error)}`,
      );
    }
  });
}

/** Reads a list that fits one call of the core. */
export function checkedBatch(conversations: unknown): readonly ConversationKey[] {
  if (Array.isArray(conversations) && conversations.length > maxBatch) {
    throw new Error(
      `${conversations.length} conversations are more than the ${maxBatch} of one call; use deleteConversationList for any number`,
    );
  }
  return checkedList(conversations);
}
