// A frame taken apart into fields that can be changed one by one, and put together again, right or wrong.
import { readVarint, writeAll, writeVarint } from "./wire-bytes.mjs";
import { FIXED32, FIXED64, GROUP, GROUP_END, LENGTH, message, VARINT } from "./wire-schema.mjs";

/**
 * The fields of a well-formed message. Each has `number`, `wire`, and one of `value` (a varint), `bytes`, or `fields`
 * (a message, whose name is `message`). `padding`, `tagPadding` and `lengthBy` spoil it when it is written.
 */
export function takeApart(name, bytes, start = 0, end = bytes.length) {
  const { fields: known } = message(name);
  const fields = [];
  for (let at = start; at < end; ) {
    const tag = readVarint(bytes, at, end);
    const field = { number: tag.value >>> 3, wire: tag.value & 7, kind: known.get(tag.value >>> 3)?.kind };
    const { value, end: after } = readVarint(bytes, tag.end, end);
    at = after;
    if (field.wire === VARINT) field.value = value;
    else {
      const inner = known.get(field.number)?.message;
      if (inner === undefined) field.bytes = bytes.subarray(at, at + value);
      else {
        field.message = inner;
        field.fields = takeApart(inner, bytes, at, at + value);
      }
      at += value;
    }
    fields.push(field);
  }
  return fields;
}

export function putTogether(fields) {
  const out = [];
  writeFields(out, fields);
  return Buffer.from(out);
}

/** A copy that can be changed without changing this one. */
export function copyOf(field) {
  return { ...field, ...(field.fields === undefined ? {} : { fields: field.fields.map(copyOf) }) };
}

/** Every list of fields in the tree, the outermost first. */
export function allLists(fields, lists = []) {
  lists.push(fields);
  for (const field of fields) if (field.fields !== undefined) allLists(field.fields, lists);
  return lists;
}

function writeFields(out, fields) {
  for (const field of fields) writeField(out, field);
}

function writeField(out, field) {
  if (field.raw !== undefined) {
    writeAll(out, field.raw);
    return;
  }
  writeVarint(out, BigInt(field.number) * 8n + BigInt(field.wire) + (field.tagPlus ?? 0n), field.tagPadding);
  switch (field.wire) {
    case VARINT:
      writeVarint(out, field.value ?? 1, field.padding);
      break;
    case FIXED64:
    case FIXED32:
      for (let i = 0; i < (field.wire === FIXED64 ? 8 : 4); i++) out.push(Number(BigInt(field.value ?? 0) % 251n));
      break;
    case LENGTH: {
      let content = field.bytes ?? [];
      if (field.fields !== undefined) {
        content = [];
        writeFields(content, field.fields);
      }
      writeVarint(out, Math.max(0, content.length + (field.lengthBy ?? 0)), field.padding);
      writeAll(out, content);
      break;
    }
    case GROUP:
      writeFields(out, field.fields ?? []);
      writeVarint(out, (field.endNumber ?? field.number) * 8 + GROUP_END);
      break;
  }
}
