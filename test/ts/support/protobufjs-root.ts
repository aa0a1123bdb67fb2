import { join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const protoFolder = fileURLToPath(new URL("../../../proto/", import.meta.url));

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(protoFolder, target);
// Reads the .proto files themselves: nothing of the generated code is involved.
root.loadSync("chatbridge/v1/envelope.proto");

export function messageType(name: string): protobuf.Type {
  return root.lookupType(`chatbridge.v1.${name}`);
}

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever the frame holds.
export type Plain = any;

/** Writes with protobufjs: bytes are Uint8Array, enums numbers or names, 64-bit numbers plain. */
export function writeMessage(name: string, message: object): Uint8Array {
  const type = messageType(name);
  const wrong = type.verify(message);
  if (wrong !== null && !/enum value|integer\|Long/.test(wrong)) throw new Error(`${name}: ${wrong}`);
  return Uint8Array.from(type.encode(type.fromObject(message)).finish());
}

/** Reads with protobufjs: only what is present, enums as numbers, bytes as Buffer. */
export function readMessage(name: string, bytes: Uint8Array): Plain {
  const type = messageType(name);
  return type.toObject(type.decode(bytes), { longs: Number });
}

/** Every message of the wire, by its name. */
export function allMessageNames(): string[] {
  const namespace = root.lookup("chatbridge.v1") as protobuf.Namespace;
  return namespace.nestedArray.filter((nested) => nested instanceof protobuf.Type).map((type) => type.name);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
