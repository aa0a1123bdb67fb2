// What a frame's bytes are, beyond what a decoder makes of them: protobufjs, like every decoder, drops what it does not know
// and bends what does not fit, so whether a frame is plain or can be read in two ways is found out here.
import { isUtf8, readVarint, writeAll, writeVarint } from "./wire-bytes.mjs";
import { FIXED32, FIXED64, GROUP, GROUP_END, LENGTH, message, VARINT } from "./wire-schema.mjs";

/** Ways in which bytes that a decoder takes can be read differently by another. */
export const Irregular = {
  PADDED: "a number is written longer than it needs",
  TAG: "a tag is wider than 32 bits",
  OVER_64: "a number is wider than 64 bits",
  WIDE: "a number is wider than its type",
  ENUM: "an enum has a value that the protocol does not name",
  TWICE: "a field that is not repeated stands twice",
  ONEOF_TWICE: "two of a oneof stand beside each other",
  UNKNOWN: "a field is unknown, or of another wire type than the protocol's",
  GROUP: "there is a group, which the protocol has none of",
  FIELD_ZERO: "a field has the number 0",
  TEXT: "a string is not UTF-8",
};

/**
 * Reads `bytes` as a message. `broken`: why they are no protobuf at all. `irregular`: in which of the ways above they can
 * be read differently. `top`: the last value of each of the outermost message's plain numbers.
 */
export function inspect(name, bytes) {
  const found = { irregular: new Set(), broken: undefined, top: new Map() };
  walk(message(name), bytes, 0, bytes.length, found, found.top);
  return found;
}

/**
 * The same message as the encoding page reads it, written plainly: unknown fields left out, numbers cut to their type and
 * written short, of a oneof the last only. Of bytes that are not broken.
 */
export function plainly(name, bytes) {
  const out = [];
  rewrite(message(name), bytes, 0, bytes.length, out);
  return Buffer.from(out);
}

function walk({ fields }, bytes, start, end, found, top) {
  const { irregular } = found;
  const seen = new Set();
  let at = start;
  const broken = (why) => {
    found.broken ??= `${why} at byte ${at}`;
    return false;
  };
  while (at < end) {
    const tag = readTag(bytes, at, end, irregular);
    if (tag === undefined) return broken("a tag is cut off or endless");
    const { number, wire } = tag;
    at = tag.end;
    const field = fields.get(number);
    if (number === 0) irregular.add(Irregular.FIELD_ZERO);
    if (field === undefined || field.wire !== wire) {
      irregular.add(Irregular.UNKNOWN);
      at = skip(bytes, at, end, wire, irregular);
      if (at === undefined) {
        at = tag.end;
        return broken(`field ${number} of wire type ${wire} cannot be passed over`);
      }
      continue;
    }
    if (!field.repeated) note(field, seen, irregular);
    const { value, end: after, ...odd } = readVarint(bytes, at, end) ?? {};
    if (after === undefined) return broken(`the number of field ${number} is cut off or endless`);
    noteOdd(odd, irregular);
    at = after;
    if (wire === VARINT) {
      noteWide(field, value, irregular);
      top?.set(number, value);
      continue;
    }
    const contentEnd = at + lengthOf(value, irregular);
    if (contentEnd > end) return broken(`field ${number} is cut off`);
    if (field.kind === "string" && !isUtf8(bytes.subarray(at, contentEnd))) irregular.add(Irregular.TEXT);
    if (field.kind === "message") {
      const whole = walk(message(field.message), bytes, at, contentEnd, found, undefined);
      // The outermost message's own numbers can be told even where something inside it is broken.
      if (!whole && top === undefined) return false;
    }
    at = contentEnd;
  }
  return true;
}

function note(field, seen, irregular) {
  if (seen.has(field.number)) irregular.add(Irregular.TWICE);
  seen.add(field.number);
  if (field.oneof === undefined) return;
  if (seen.has(field.oneof)) irregular.add(Irregular.ONEOF_TWICE);
  seen.add(field.oneof);
}

function noteOdd({ padded, over64 }, irregular) {
  if (padded) irregular.add(Irregular.PADDED);
  if (over64) irregular.add(Irregular.OVER_64);
}

function noteWide({ kind, values }, value, irregular) {
  if (kind === "enum") {
    if (!values.has(value)) irregular.add(Irregular.ENUM);
  } else if (kind === "bool" ? value > 1 : kind !== "uint64" && value > 0xffff_ffff) {
    irregular.add(Irregular.WIDE);
  }
}

function readTag(bytes, at, end, irregular) {
  const tag = readVarint(bytes, at, end);
  if (tag === undefined) return undefined;
  noteOdd(tag, irregular);
  let { value } = tag;
  if (value > 0xffff_ffff) {
    irregular.add(Irregular.TAG);
    value = Number(BigInt.asUintN(32, BigInt(value)));
  }
  return { number: Math.floor(value / 8), wire: value & 7, end: tag.end };
}

/** Where the field ends; undefined: nowhere. */
function skip(bytes, at, end, wire, irregular) {
  switch (wire) {
    case VARINT: {
      const varint = readVarint(bytes, at, end);
      if (varint === undefined) return endOfEndless(bytes, at, end, irregular);
      noteOdd(varint, irregular);
      return varint.end;
    }
    case FIXED64:
      return at + 8 <= end ? at + 8 : undefined;
    case FIXED32:
      return at + 4 <= end ? at + 4 : undefined;
    case LENGTH: {
      const length = readVarint(bytes, at, end);
      if (length === undefined) return undefined;
      noteOdd(length, irregular);
      const after = length.end + lengthOf(length.value, irregular);
      return after <= end ? after : undefined;
    }
    case GROUP:
      irregular.add(Irregular.GROUP);
      return skipGroup(bytes, at, end, irregular);
    default:
      return undefined;
  }
}

/** A number of more than ten bytes, which decoders pass over all the same where they do not read it. */
function endOfEndless(bytes, start, end, irregular) {
  irregular.add(Irregular.OVER_64);
  for (let at = start; at < end; at++) if (bytes[at] < 0x80) return at + 1;
  return undefined;
}

/** A length cut to 32 bits, as decoders cut it. */
function lengthOf(value, irregular) {
  if (value <= 0xffff_ffff) return value;
  irregular.add(Irregular.WIDE);
  return Number(BigInt.asUintN(32, BigInt(value)));
}

/** Whether a group ends under its own number is left open: decoders differ, and protobufjs does not look. */
function skipGroup(bytes, start, end, irregular) {
  let open = 1;
  let at = start;
  while (at < end) {
    const tag = readTag(bytes, at, end, irregular);
    if (tag === undefined) return undefined;
    at = tag.end;
    if (tag.wire === GROUP) open++;
    else if (tag.wire === GROUP_END) {
      open--;
      if (open === 0) return at;
    } else {
      at = skip(bytes, at, end, tag.wire, irregular);
      if (at === undefined) return undefined;
    }
  }
  return undefined;
}

function rewrite({ fields }, bytes, start, end, out) {
  const ignored = new Set();
  const lastOf = lastOfOneofs(fields, bytes, start, end);
  for (let at = start; at < end; ) {
    const { number, wire, end: after } = readTag(bytes, at, end, ignored);
    at = after;
    const field = fields.get(number);
    const overruled = field?.oneof !== undefined && lastOf.get(field.oneof) !== at;
    if (field === undefined || field.wire !== wire || overruled) {
      at = skip(bytes, at, end, wire, ignored);
      continue;
    }
    const { value, end: valueEnd } = readVarint(bytes, at, end);
    writeVarint(out, number * 8 + wire);
    at = valueEnd;
    if (wire === VARINT) {
      writeVarint(out, cut(field.kind, value));
      continue;
    }
    const length = lengthOf(value, ignored);
    const contentEnd = at + length;
    if (field.kind === "message") {
      const content = [];
      rewrite(message(field.message), bytes, at, contentEnd, content);
      writeVarint(out, content.length);
      writeAll(out, content);
    } else {
      writeVarint(out, length);
      writeAll(out, bytes.subarray(at, contentEnd));
    }
    at = contentEnd;
  }
}

/** Where the value of each oneof's last member begins. */
function lastOfOneofs(fields, bytes, start, end) {
  const ignored = new Set();
  const lastOf = new Map();
  for (let at = start; at < end; ) {
    const { number, wire, end: after } = readTag(bytes, at, end, ignored);
    const field = fields.get(number);
    if (field?.oneof !== undefined && field.wire === wire) lastOf.set(field.oneof, after);
    at = skip(bytes, after, end, wire, ignored);
  }
  return lastOf;
}

function cut(kind, value) {
  if (kind === "bool") return value === 0 ? 0 : 1;
  return kind === "uint64" ? value : Number(BigInt.asUintN(32, BigInt(value)));
}
