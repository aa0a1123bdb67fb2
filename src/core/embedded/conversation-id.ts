import { kindOf } from "../../errors/kind-of.js";
import { loneSurrogate } from "../../protocol/lone-surrogate.js";
import { TIMConvType } from "../tim-types.js";
import { EmbeddedDataError } from "./data-error.js";

/** A conversation: the bare userID or groupID and its type. Within one user's conversations the pair is unique. */
export interface ConversationId {
  readonly convId: string;
  readonly convType: TIMConvType;
}

const C2C_PREFIX = "c2c_";
const GROUP_PREFIX = "group_";

/** What makes `id` unusable as an id, in words; undefined: nothing. No id on any server can hold these. */
export function idProblem(id: string): string | undefined {
  if (id === "") return "is empty";
  if (id.includes("\0")) return "holds a NUL character";
  if (loneSurrogate.test(id)) return "holds a lone surrogate, which is not text";
  return undefined;
}

/** Reads a userID, groupID or conv_id. */
export function readId(value: unknown, path: string): string {
  if (typeof value !== "string") throw new EmbeddedDataError(path, `is ${kindOf(value)}; a string was expected`);
  const problem = idProblem(value);
  if (problem !== undefined) throw new EmbeddedDataError(path, problem);
  return value;
}

/** One string for a conversation, for Maps. */
export function conversationKey(id: ConversationId): string {
  return `${id.convType}:${id.convId}`;
}

/** Reads the vendor's prefixed notation, `c2c_<userID>` or `group_<groupID>`; undefined: it is not that. */
export function parsePrefixed(text: string): ConversationId | undefined {
  const found = text.startsWith(C2C_PREFIX)
    ? { convId: text.slice(C2C_PREFIX.length), convType: TIMConvType.kTIMConv_C2C }
    : text.startsWith(GROUP_PREFIX)
      ? { convId: text.slice(GROUP_PREFIX.length), convType: TIMConvType.kTIMConv_Group }
      : undefined;
  return found !== undefined && idProblem(found.convId) === undefined ? found : undefined;
}

/** Writes the vendor's prefixed notation. A system conversation has none: its bare id. */
export function printPrefixed(id: ConversationId): string {
  if (id.convType === TIMConvType.kTIMConv_C2C) return C2C_PREFIX + id.convId;
  return id.convType === TIMConvType.kTIMConv_Group ? GROUP_PREFIX + id.convId : id.convId;
}

/** Reads a conversation named by a caller of EmbeddedServer or EmbeddedClient, in prefixed notation. */
export function readPrefixed(value: unknown, path: string): ConversationId {
  const found = typeof value === "string" ? parsePrefixed(value) : undefined;
  if (found === undefined) {
    const shown = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
    throw new EmbeddedDataError(path, `is ${shown}; "c2c_<userID>" or "group_<groupID>" was expected`);
  }
  return found;
}
