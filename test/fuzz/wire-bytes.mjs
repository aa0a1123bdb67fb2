// Reading and writing protobuf's wire format byte by byte, as its encoding page has it.

const longest = 10;

/**
 * A varint: where it ends, its value as a BigInt where it is too large for a number, whether it is longer than needed, and
 * whether its tenth byte holds more than the 64th bit. Undefined: it is cut off or longer than ten bytes.
 */
export function readVarint(bytes, start, end) {
  let low = 0;
  let value = 0;
  for (let i = 0; i < longest && start + i < end; i++) {
    const byte = bytes[start + i];
    const part = byte & 0x7f;
    if (i < 7) low += part * 2 ** (7 * i);
    if (byte < 0x80) {
      const after = start + i + 1;
      if (i < 7) value = low;
      else value = exact(bytes, start, after);
      return { value, end: after, padded: i > 0 && byte === 0, over64: i === 9 && byte > 1 };
    }
  }
  return undefined;
}

function exact(bytes, start, end) {
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 7n) | BigInt(bytes[i] & 0x7f);
  value = BigInt.asUintN(64, value);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Appends a varint, `padding` bytes longer than needed. */
export function writeVarint(out, value, padding = 0) {
  if (typeof value === "number" && value <= 0x7f && padding === 0) {
    out.push(value);
    return;
  }
  let rest = BigInt(value);
  do {
    const more = rest > 0x7fn || padding > 0;
    out.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  for (let left = padding; left > 0; left--) out.push(left > 1 ? 0x80 : 0);
}

export function writeAll(out, bytes) {
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i]);
}

/** Whether bytes are UTF-8, by the platform's own strict decoder. */
export function isUtf8(bytes) {
  return textOf(bytes) !== undefined;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes; undefined: they are none. */
export function textOf(bytes) {
  try {
    // protobufjs gives an empty array where there are none.
    return bytes.length === 0 ? "" : strict.decode(bytes);
  } catch {
    return undefined;
  }
}
