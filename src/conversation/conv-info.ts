import type { CoreResult } from "../core/core-sdk.js";
import { TIMConvType } from "../core/tim-types.js";
import { wellFormed } from "../protocol/text-codec.js";
import { type ConversationKey, keyOf, loggableMessageOf, parseConversation, toBareId } from "./conversation-key.js";

/** The vendor's Message object, as far as this package reads or writes it. Other fields are kept as they came. */
export interface VendorMessage {
  /** The other side's userID, or the groupID. */
  readonly message_conv_id?: string;
  /** A TIMConvType. */
  readonly message_conv_type?: number;
  /** Its id, where the core gives one. */
  readonly message_msg_id?: string;
  /** userID of who sent it. */
  readonly message_sender?: string;
  /** When it was sent, in seconds since 1970. */
  readonly message_server_time?: number;
  /** Text has `elem_type` 0 and `text_elem_content`. */
  readonly message_elem_array?: readonly { readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/**
 * The vendor's ConvInfo object: one entry of the conversation list, with the field names of `TIMConvGetConvList`. Only the
 * id and the type are certain; the others are as the core gave them.
 */
export interface ConvInfo {
  /** Bare userID or groupID. */
  readonly conv_id: string;
  /** 1 C2C, 2 group, 3 system. */
  readonly conv_type: TIMConvType;
  /** The name to show. */
  readonly conv_show_name?: string;
  /** Unread messages. */
  readonly conv_unread_num?: number;
  /** Whether it is pinned to the top of the list. */
  readonly conv_is_pinned?: boolean;
  /** When something last happened in it, in seconds since 1970. */
  readonly conv_active_time?: number;
  /** Whether it has a last message. */
  readonly conv_is_has_lastmsg?: boolean;
  /** Its last message. */
  readonly conv_last_msg?: VendorMessage | null;
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
  /** One text for each entry that could not be read. No id is in it: it goes to logs. */
  readonly problems: readonly string[];
  /** Why there is no list at all: it is no JSON array. */
  readonly unreadable?: string;
}

/** @internal What a core's answer holds, or why it cannot be read. */
export type JsonAnswer = Pick<CoreResult, "json" | "jsonProblem">;

/** @internal Reads the JSON of `TIMConvGetConvList`. Success without any is no empty list: for that the core says "[]". */
export function readConvInfos({
  code,
  json,
  jsonProblem,
}: JsonAnswer & Pick<CoreResult, "code">): ReadList<Conversation> {
  if (jsonProblem !== undefined) return noList(jsonProblem);
  if (json === "" && code === 0) return noList("the core gave none, and [] would be an empty one");
  const list = readArray(json, (entry) => {
    const info = entry as ConvInfo;
    return { key: keyOfInfo(info), info };
  });
  const [problem] = list.problems;
  // Nor is one of which nothing could be read.
  return problem === undefined || list.items.length > 0 ? list : { ...list, unreadable: problem };
}

/** @internal Reads the JSON of an Add, Update or Del event: ConvInfo objects or id strings, since cores differ. */
export function readEventInfos(json: string): ReadList<Conversation> {
  if (json === "") return noList("it names no conversation");
  return readArray(json, (entry) => {
    if (typeof entry !== "string") return { key: keyOfInfo(entry as ConvInfo), info: entry as ConvInfo };
    const key = parseConversation(entry);
    const { convId, convType } = toBareId(key);
    return { key, info: { conv_id: convId, conv_type: convType } };
  });
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
  } catch {
    // The engine's own words quote the text, which names conversations.
    return noList("not JSON");
  }
  if (!Array.isArray(parsed)) return noList("not a JSON array");
  const items: T[] = [];
  const problems: string[] = [];
  parsed.forEach((entry: unknown, index) => {
    try {
      if (entry === null || (typeof entry !== "object" && typeof entry !== "string")) throw new Error("no object");
      items.push(read(entry));
    } catch (error) {
      problems.push(`entry ${index}: ${loggableMessageOf(error)}`);
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
