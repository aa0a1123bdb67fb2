import utf8 from "@protobufjs/utf8";
import { TIMConvType } from "../core/tim-types.js";
import { loneSurrogate } from "../protocol/lone-surrogate.js";
import { messageOf } from "../protocol/thrown.js";

/**
 * Names one conversation, whatever notation it came in. Plain data: compare with {@link sameConversation}, print with
 * {@link toConvID} and its siblings.
 */
export type ConversationKey =
  /** One-to-one with that userID. */
  | { readonly userId: string }
  /** A group's or a topic's, by groupID or topicID. */
  | { readonly groupId: string }
  /** System notifications; only the Web SDK can delete them. */
  | { readonly systemId: string };

/** Why a key or a notation was refused. The text says what was wrong and what to do. */
export class ConversationKeyError extends Error {
  override readonly name = "ConversationKeyError";
  /** @internal The same without the id, for logs. */
  readonly withoutId: string;

  constructor(message: string, withoutId = message) {
    super(message);
    this.withoutId = withoutId;
  }
}

/** @internal An error's message, for a log: invariant 12, no ids. */
export function loggableMessageOf(error: unknown): string {
  return error instanceof ConversationKeyError ? error.withoutId : messageOf(error);
}

/** The Web SDK's id of the system conversation. */
export const systemConversationID = "@TIM#SYSTEM";

const topicMark = "@TOPIC#_";
const userIdBytes = 32;
const groupIdBytes = 48;
const topicIdBytes = 96;

/** The key of a bare id and its type, as `TIMConvDelete` takes them. Throws a ConversationKeyError. */
export function keyOf(convId: string, convType: TIMConvType): ConversationKey {
  switch (convType) {
    case TIMConvType.kTIMConv_C2C:
      return checked({ userId: convId });
    case TIMConvType.kTIMConv_Group:
      return checked({ groupId: convId });
    case TIMConvType.kTIMConv_System:
      throw new ConversationKeyError(
        "conversation type 3 (kTIMConv_System) is not deletable on this core; use kTIMConv_C2C or kTIMConv_Group",
      );
    default:
      throw new ConversationKeyError(
        `unknown conversation type ${show(convType)}; use kTIMConv_C2C (1) or kTIMConv_Group (2)`,
      );
  }
}

/**
 * Reads any notation that names its kind: `c2c_<userID>` and `group_<groupID>` (native), `C2C<userID>`,
 * `GROUP<groupID>` and `@TIM#SYSTEM` (Web), or a key. The id is what follows the prefix, to the letter, so ids that
 * themselves contain `c2c_`, `GROUP` or `_` come through unchanged. A bare id is refused, because it does not say
 * whose it is. Throws a ConversationKeyError.
 */
export function parseConversation(notation: string | ConversationKey): ConversationKey {
  if (typeof notation !== "string") return checked(notation);
  if (notation === systemConversationID) return { systemId: notation };
  if (notation.startsWith("c2c_")) return checked({ userId: notation.slice(4) });
  if (notation.startsWith("group_")) return checked({ groupId: notation.slice(6) });
  if (notation.startsWith("C2C")) return checked({ userId: notation.slice(3) });
  if (notation.startsWith("GROUP")) return checked({ groupId: notation.slice(5) });
  if (notation === "") throw new ConversationKeyError("the conversation id is empty");
  const why = "does not say what it names; write c2c_<userID> or group_<groupID> (or C2C…, GROUP…, @TIM#SYSTEM)";
  throw new ConversationKeyError(`${show(notation)} ${why}`, `the conversation id ${why}`);
}

/** Prints the native notation, as `TIMConvDeleteConversationList` takes it: `c2c_<userID>`, `group_<groupID>`. */
export function toConvID(key: ConversationKey): string {
  if ("userId" in key) return `c2c_${key.userId}`;
  if ("groupId" in key) return `group_${key.groupId}`;
  return key.systemId;
}

/** Prints the Web SDK's notation: `C2C<userID>`, `GROUP<groupID>`, `@TIM#SYSTEM`. */
export function toWebConversationID(key: ConversationKey): string {
  if ("userId" in key) return `C2C${key.userId}`;
  if ("groupId" in key) return `GROUP${key.groupId}`;
  return key.systemId;
}

/** The bare id and type, as `TIMConvDelete` takes them. */
export function toBareId(key: ConversationKey): { readonly convId: string; readonly convType: TIMConvType } {
  if ("userId" in key) return { convId: key.userId, convType: TIMConvType.kTIMConv_C2C };
  if ("groupId" in key) return { convId: key.groupId, convType: TIMConvType.kTIMConv_Group };
  return { convId: key.systemId, convType: TIMConvType.kTIMConv_System };
}

/** Whether two keys name the same conversation. Ids are compared exactly. */
export function sameConversation(a: ConversationKey, b: ConversationKey): boolean {
  return keyKind(a) === keyKind(b) && toConvID(a) === toConvID(b);
}

/** Whether the key names a community's topic. */
export function isTopic(key: ConversationKey): boolean {
  return "groupId" in key && key.groupId.includes(topicMark);
}

/** @internal A string that is the same for the same conversation, and different for different ones. */
export function keyString(key: ConversationKey): string {
  return "systemId" in key ? `system_${key.systemId}` : toConvID(key);
}

function keyKind(key: ConversationKey): string {
  if ("userId" in key) return "user";
  return "groupId" in key ? "group" : "system";
}

function checked(key: ConversationKey): ConversationKey {
  if (key === null || typeof key !== "object") {
    throw new ConversationKeyError(`a conversation is a string or a key, not ${show(key)}`);
  }
  const kinds = (["userId", "groupId", "systemId"] as const).filter((kind) => kind in key);
  if (kinds.length !== 1) {
    throw new ConversationKeyError(
      `a conversation key has exactly one of userId, groupId and systemId; this one has ${kinds.length === 0 ? "none" : kinds.join(" and ")}`,
    );
  }
  if ("systemId" in key) {
    const systemId: unknown = key.systemId;
    if (systemId !== systemConversationID) {
      const why = `is no system conversation; the only one is ${systemConversationID}`;
      throw new ConversationKeyError(`${show(systemId)} ${why}`, `the systemId ${why}`);
    }
    return { systemId: systemConversationID };
  }
  // Read once and copied, so that what was checked is what is sent.
  if ("userId" in key) return { userId: checkedId(key.userId, "userID", userIdBytes) };
  const given: unknown = key.groupId;
  const ofTopic = typeof given === "string" && given.includes(topicMark);
  const groupId = checkedId(given, "groupID", ofTopic ? topicIdBytes : groupIdBytes);
  const topicAt = groupId.indexOf(topicMark);
  if (topicAt !== -1) checkedId(groupId.slice(0, topicAt) || "@", "groupID of the topic", groupIdBytes);
  return { groupId };
}

/** Invariant 8: the core would cut an id at a NUL and delete another conversation, so nothing unsound reaches it. */
function checkedId(id: unknown, what: string, maxBytes: number): string {
  if (typeof id !== "string") {
    throw new ConversationKeyError(`the ${what} is ${show(id)}, not a string`, `the ${what} is no string`);
  }
  if (id === "") throw new ConversationKeyError(`the ${what} is empty`);
  const nul = id.indexOf("\0");
  if (nul !== -1) throw new ConversationKeyError(`the ${what} has a NUL character at index ${nul}`);
  const surrogate = id.search(loneSurrogate);
  if (surrogate !== -1) {
    throw new ConversationKeyError(`the ${what} has half a character (a lone surrogate) at index ${surrogate}`);
  }
  const bytes = utf8.length(id);
  if (bytes > maxBytes) {
    throw new ConversationKeyError(`the ${what} is ${bytes} bytes long in UTF-8; at most ${maxBytes} are allowed`);
  }
  return id;
}

/** Ids can be long and can hold anything: shown cut and quoted. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return "a function";
  return value === null || typeof value !== "object" ? String(value) : "an object";
}
