import { TIMConvType } from "../core/tim-types.js";
import { decodeUtf8, encodeUtf8 } from "../protocol/text-codec.js";
import type { IdKind, Pseudonyms } from "./pseudonyms.js";

/** What a list's entry may keep beside its id, if it is a number or a boolean: nothing that a person wrote. */
const plainFields = [
  "conv_type",
  "conv_active_time",
  "conv_is_has_lastmsg",
  "conv_is_pinned",
  "conv_recv_opt",
  "conv_unread_num",
  "conversation_operation_result_result_code",
] as const;

const bareIdField = "conv_id";
const prefixedIdField = "conversation_operation_result_conversation_id";

const placeholder = /^"\d+ bytes that are no JSON array"$/;

/**
 * What may be recorded of a core's JSON: of a list its ids, or pseudonyms of them, and known numbers; of anything else how
 * long it was. What stands in no list of ours (names, messages, fields that a later core adds) is never kept.
 */
export function recordableJson(json: Uint8Array, pseudonyms: Pseudonyms | undefined): Uint8Array {
  if (json.length === 0) return json;
  return encodeUtf8(recordableText(json, pseudonyms));
}

function recordableText(json: Uint8Array, pseudonyms: Pseudonyms | undefined): string {
  let entries: unknown;
  try {
    const text = decodeUtf8(json);
    if (placeholder.test(text)) return text;
    entries = JSON.parse(text);
  } catch {
    entries = undefined;
  }
  if (!Array.isArray(entries)) return `"${json.length} bytes that are no JSON array"`;
  return JSON.stringify(entries.map((entry) => recordableEntry(entry, pseudonyms)));
}

function recordableEntry(entry: unknown, pseudonyms: Pseudonyms | undefined): unknown {
  if (typeof entry === "string") return pseudonyms?.ofPrefixed(entry) ?? entry;
  if (entry === null || typeof entry !== "object") return null;
  const fields = entry as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  const bare = fields[bareIdField];
  if (typeof bare === "string") kept[bareIdField] = pseudonyms?.ofBare(idKindOf(fields["conv_type"]), bare) ?? bare;
  const prefixed = fields[prefixedIdField];
  if (typeof prefixed === "string") kept[prefixedIdField] = pseudonyms?.ofPrefixed(prefixed) ?? prefixed;
  for (const name of plainFields) {
    const value = fields[name];
    if (typeof value === "number" || typeof value === "boolean") kept[name] = value;
  }
  return kept;
}

/** What a bare id names, by its TIMConvType. */
export function idKindOf(convType: unknown): IdKind {
  if (convType === TIMConvType.kTIMConv_C2C) return "user";
  return convType === TIMConvType.kTIMConv_Group ? "group" : "id";
}
