// Which ids may reach the core, by the vendor's limits (32, 48 and 96 bytes) and test/golden/id-vectors.json, on bytes.
import { isUtf8 } from "./wire-bytes.mjs";

export const C2C = 1;
export const GROUP = 2;

const longest = { user: 32, group: 48, topic: 96 };
const topicMark = Buffer.from("@TOPIC#_");
const prefixes = [
  [Buffer.from("c2c_"), C2C],
  [Buffer.from("group_"), GROUP],
];

/** Whether these bytes are an id of that type: not empty, no NUL, UTF-8, not too long. */
export function isId(bytes, type) {
  if (bytes.length === 0 || bytes.includes(0) || !isUtf8(bytes)) return false;
  if (type === C2C) return bytes.length <= longest.user;
  const groupLength = Buffer.from(bytes).indexOf(topicMark);
  return groupLength === -1
    ? bytes.length <= longest.group
    : groupLength <= longest.group && bytes.length <= longest.topic;
}

/** Whether these bytes are a prefixed id, as the batch call takes it. */
export function isPrefixedId(bytes) {
  const id = Buffer.from(bytes);
  return prefixes.some(
    ([prefix, type]) => id.subarray(0, prefix.length).equals(prefix) && isId(id.subarray(prefix.length), type),
  );
}
