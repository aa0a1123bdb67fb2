// The messages as the .proto files say, read by protobufjs: nothing of the generated code, in either language, is involved.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const folder = fileURLToPath(new URL("../../proto/", import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(folder, target);
root.loadSync("chatbridge/v1/envelope.proto");
root.resolveAll();

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const GROUP = 3;
export const GROUP_END = 4;
export const FIXED32 = 5;

const described = new Map();

/** A message's name, protobufjs type, and fields by number. */
export function message(name) {
  if (!described.has(name)) described.set(name, describe(root.lookupType(`chatbridge.v1.${name}`)));
  return described.get(name);
}

/** An enum's values by name. */
export function enumValues(name) {
  return root.lookupEnum(`chatbridge.v1.${name}`).values;
}

/** protobufjs's reading of a whole message; undefined: it refuses the bytes. */
export function read(name, bytes) {
  try {
    return message(name).type.decode(bytes);
  } catch {
    return undefined;
  }
}

export function write(name, fields) {
  const { type } = message(name);
  return Buffer.from(type.encode(type.fromObject(fields)).finish());
}

/** Whether a field is there, as far as proto3 can tell. */
export function has(decoded, field) {
  return Object.hasOwn(decoded, field) && decoded[field] !== null && decoded[field] !== undefined;
}

function describe(type) {
  const fields = new Map();
  for (const field of type.fieldsArray) {
    const kind =
      field.resolvedType instanceof protobuf.Type
        ? "message"
        : field.resolvedType instanceof protobuf.Enum
          ? "enum"
          : field.type;
    const own = field.options?.proto3_optional === true;
    fields.set(field.id, {
      name: field.name,
      number: field.id,
      kind,
      wire: kind === "message" || kind === "bytes" || kind === "string" ? LENGTH : VARINT,
      repeated: field.repeated,
      // `optional` makes a oneof of one, which is none.
      optional: own,
      oneof: own ? undefined : field.partOf?.name,
      message: kind === "message" ? field.resolvedType.name : undefined,
      values: kind === "enum" ? new Set(Object.values(field.resolvedType.values)) : undefined,
    });
  }
  return { name: type.name, type, fields };
}
