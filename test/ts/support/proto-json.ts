import protobuf from "protobufjs";
import * as conversation from "../../../src/protocol/gen/chatbridge/v1/conversation.js";
import * as core from "../../../src/protocol/gen/chatbridge/v1/core.js";
import * as envelope from "../../../src/protocol/gen/chatbridge/v1/envelope.js";
import * as error from "../../../src/protocol/gen/chatbridge/v1/error.js";
import { messageType, type Plain } from "./protobufjs-root.js";

interface GeneratedMessage {
  encode(message: Plain): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Plain;
}

const generated: Record<string, unknown> = { ...conversation, ...core, ...envelope, ...error };

/** ts-proto's code for a message. */
export function generatedMessage(name: string): GeneratedMessage {
  return generated[name] as GeneratedMessage;
}

/** The oneof that a field stands in, other than the one of its own that `optional` makes. */
function unionOf(field: protobuf.Field): string | undefined {
  const optional = (field.options as Plain)?.proto3_optional === true;
  return field.partOf === null || optional ? undefined : field.partOf.name;
}

/** proto3 JSON to the object form of ts-proto (`oneof=unions-value`), by the schema that protobufjs read. */
export function toGenerated(name: string, json: Plain): Plain {
  const type = messageType(name);
  const message: Plain = {};
  for (const field of type.fieldsArray.map((each) => each.resolve())) {
    const given = json[field.name];
    const union = unionOf(field);
    if (union !== undefined) {
      message[union] ??= undefined;
      if (given !== undefined) message[union] = { $case: field.name, value: fromJson(field, given) };
    } else if (field.repeated) message[field.name] = (given ?? []).map((each: Plain) => fromJson(field, each));
    else if (given !== undefined) message[field.name] = fromJson(field, given);
    else message[field.name] = isOptional(field) ? undefined : zeroOf(field);
  }
  return message;
}

/** The object form of ts-proto to proto3 JSON: zeros are left out unless the field is optional. */
export function fromGenerated(name: string, message: Plain): Plain {
  const json: Plain = {};
  for (const field of messageType(name).fieldsArray.map((each) => each.resolve())) {
    const union = unionOf(field);
    if (union !== undefined) {
      if (message[union]?.$case === field.name) json[field.name] = toJson(field, message[union].value);
      continue;
    }
    const value = message[field.name];
    if (value === undefined) continue;
    if (field.repeated) {
      if (value.length > 0) json[field.name] = value.map((each: Plain) => toJson(field, each));
    } else if (isOptional(field) || !isZero(value)) json[field.name] = toJson(field, value);
  }
  return json;
}

function isOptional(field: protobuf.Field): boolean {
  return (field.options as Plain)?.proto3_optional === true || field.resolvedType instanceof protobuf.Type;
}

function zeroOf(field: protobuf.Field): unknown {
  if (field.type === "string") return "";
  if (field.type === "bytes") return new Uint8Array(0);
  return field.type === "bool" ? false : 0;
}

function isZero(value: unknown): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value;
}

function fromJson(field: protobuf.Field, json: Plain): unknown {
  if (field.resolvedType instanceof protobuf.Type) return toGenerated(field.resolvedType.name, json);
  if (field.resolvedType instanceof protobuf.Enum) return field.resolvedType.values[json];
  if (field.type === "bytes") return Uint8Array.from(Buffer.from(json, "base64"));
  return field.type === "uint64" ? Number(json) : json;
}

function toJson(field: protobuf.Field, value: Plain): unknown {
  if (field.resolvedType instanceof protobuf.Type) return fromGenerated(field.resolvedType.name, value);
  if (field.resolvedType instanceof protobuf.Enum) return field.resolvedType.valuesById[value];
  if (field.type === "bytes") return Buffer.from(value).toString("base64");
  return field.type === "uint64" ? String(value) : value;
}
