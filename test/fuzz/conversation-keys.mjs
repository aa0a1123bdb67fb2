// Which texts name a conversation that script may tell of or ask for: the notations of src/conversation and the ids' rules.
import { C2C, GROUP, isId } from "./conversation-ids.mjs";

export const systemId = "@TIM#SYSTEM";
const notations = [
  ["c2c_", C2C],
  ["group_", GROUP],
  ["C2C", C2C],
  ["GROUP", GROUP],
];

/** The native prefixed id of a conversation; undefined: it is none. */
export function prefixedId(id, type) {
  if (typeof id !== "string" || (type !== C2C && type !== GROUP) || !isText(id)) return undefined;
  return isId(Buffer.from(id), type) ? `${type === C2C ? "c2c_" : "group_"}${id}` : undefined;
}

/** The same for a text in any notation, or the system conversation's id. */
export function notedId(text) {
  if (text === systemId) return systemId;
  const [prefix, type] = notations.find(([start]) => text.startsWith(start)) ?? [];
  return prefix === undefined ? undefined : prefixedId(text.slice(prefix.length), type);
}

/** The same for an entry of the core's JSON: a ConvInfo object or an id string. */
export function entryId(entry) {
  if (typeof entry === "string") return notedId(entry);
  if (entry === null || typeof entry !== "object") return undefined;
  // A system conversation may be told of under whatever id it has.
  if (entry.conv_type === 3 && typeof entry.conv_id === "string") {
    return entry.conv_id === systemId ? systemId : `system:${entry.conv_id}`;
  }
  return prefixedId(entry.conv_id, entry.conv_type);
}

/** The entries of a JSON array; undefined: the text is none. No text at all is an empty one. */
export function jsonArray(text) {
  if (text === "") return [];
  try {
    const parsed = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isText(text) {
  return text.isWellFormed?.() ?? Buffer.from(text).toString() === text;
}
