import type { CoreResult } from "../core/core-sdk.js";
import { TIMConvType } from "../core/tim-types.js";
import { wellFormed } from "../protocol/text-codec.js";
import { type ConversationKey, keyOf, parseConversation } from "./conversation-key.js";

/**
 * One entry of the conversation list, with the vendor's field names as `TIMConvGetConvList` gives them. Only the id and
 * the type are certain; the others are as the core gave them.
 */
export interface ConvInfo {
  readonly conv_id: string;
  readonly conv_type: TIMConvType;
  readonly [field: string]: unknown;
}

/** One conversation of the list. */
export interface Conversation {
  /** Names it to every call of the bridge. */
  readonly key: ConversationKey;
  /** What the core says about it, in the vendor's own fields. */
  readonly info: ConvInfo;
}

/** A list as read from the core's JSON: what could be read, and what was wrong with the rest. */
export interface ReadList<T> {
  readonly items: readonly T[];
  /** One text for each entry that could not be read. */
  readonly problems: readonly string[];
  /** Why there is no list at all: it is no JSON array. */
  readonly unreadable?: string;
}

/** @internal What a core's answer holds, or why it cannot be read. */
export type JsonAnswer = Pick<CoreResult, "json" | "jsonProblem">;

/** @internal Reads the JSON of `TIMConvGetConvList` or of an Add or Update event. "" is an empty list. */
export function readConvInfos({ json, jsonProblem }: JsonAnswer): ReadList<Conversation> {
  if (jsonProblem !== undefined) return noList(jsonProblem);
  return readArray(json, (entry) => {
    const info = entry as ConvInfo;
    return { key: keyOfInfo(info), info };
  });
}

/** @internal Reads the JSON of a Del event: ConvInfo objects or id strings, since cores of one version differ. */
export function readDeletedKeys(json: string): ReadList<ConversationKey> {
  return readArray(json, (entry) =>
    typeof entry === "string" ? parseConversation(entry) : keyOfInfo(entry as ConvInfo),
  );
}

/** @internal One conversation's part of the batch call's answer. */
export interface ConversationOperationResult {
  readonly conversationID: string;
  readonly code: number;
  readonly info: string;
}

/** @internal Reads the JSON of `TIMConvDeleteConversationList`'s callback. "" is an empty list. */
export function readOperationResults({ json, jsonProblem }: JsonAnswer): ReadList<ConversationOperationResult> {
  if (jsonProblem !== undefined) return noList(jsonProblem);
  return readArray(json, (entry) => {
    const fields = entry as Record<string, unknown>;
    const conversationID = fields["conversation_operation_result_conversation_id"];
    const code = fields["conversation_operation_result_result_code"];
    const info = fields["conversation_operation_result_result_info"];
    if (typeof conversationID !== "string") throw new Error("conversation_operation_result_conversation_id is missing");
    if (typeof code !== "number" || code !== (code | 0)) {
      throw new Error("conversation_operation_result_result_code is missing, or no 32-bit number");
    }
    return { conversationID, code, info: typeof info === "string" ? info : "" };
  });
}

function readArray<T>(json: string, read: (entry: unknown) => T): ReadList<T> {
  if (json === "") return { items: [], problems: [] };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    return noList(`not JSON: ${message(error)}`);
  }
  if (!Array.isArray(parsed)) return noList("not a JSON array");
  const items: T[] = [];
  const problems: string[] = [];
  parsed.forEach((entry: unknown, index) => {
    try {
      if (entry === null || (typeof entry !== "object" && typeof entry !== "string")) throw new Error("no object");
      items.push(read(entry));
    } catch (error) {
      problems.push(`entry ${index}: ${message(error)}`);
    }
  });
  return { items, problems };
}

function noList(why: string): ReadList<never> {
  return { items: [], problems: [why], unreadable: why };
}

function keyOfInfo(info: ConvInfo): ConversationKey {
  if (typeof info.conv_id !== "string") throw new Error("conv_id is missing");
  if (typeof info.conv_type !== "number") throw new Error("conv_type is missing");
  if (info.conv_type === TIMConvType.kTIMConv_System) return { systemId: wellFormed(info.conv_id) };
  return keyOf(info.conv_id, info.conv_type);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
