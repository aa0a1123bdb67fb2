import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import type { Plain } from "./protobufjs-root.js";

const protoFolder = fileURLToPath(new URL("../../../proto/", import.meta.url));

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => protoFolder + target;
root.loadSync("chatbridge/v1/recording.proto");
const type = root.lookupType("chatbridge.v1.Recording");

/** A recording as protobufjs reads it: only what is present, enums by name, bytes as text. */
export function readRecording(bytes: Uint8Array): Plain {
  const plain = type.toObject(type.decode(Buffer.from(bytes)), { longs: Number, enums: String });
  return JSON.parse(
    JSON.stringify({ frames: [], ...plain }, (_key, value) =>
      value?.type === "Buffer" ? Buffer.from(value.data).toString("utf8") : value,
    ),
  );
}

/** Writes a recording that no recorder of ours would write. */
export function writeRecording(recording: object): Uint8Array {
  return type.encode(type.fromObject(recording)).finish();
}

/** What protobufjs makes of proto3 JSON. */
export function recordingFromJson(json: object): Uint8Array {
  return writeRecording(json);
}

/** The kinds of what was recorded, in order: "sent coreCall", "received result", "drained", "withheld". */
export function kindsOf(recording: Plain): string[] {
  return recording.frames.map((frame: Plain) => {
    if (frame.sent !== undefined) return `sent ${bodyOf(frame.sent)}`;
    if (frame.received !== undefined) return `received ${bodyOf(frame.received)}`;
    return frame.drained === undefined ? `withheld ${frame.withheld.reason}` : "drained";
  });
}

function bodyOf(frame: Plain): string {
  return Object.keys(frame).find((name) => typeof frame[name] === "object") ?? "nothing";
}

export function holds(bytes: Uint8Array, text: string | Uint8Array): boolean {
  return Buffer.from(bytes).includes(typeof text === "string" ? Buffer.from(text, "utf8") : text);
}
