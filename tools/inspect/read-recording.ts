// Reads a recording with protobufjs, which shares nothing with the code that wrote it.
import schema from "chatbridge:schema";
import protobuf from "protobufjs/light.js";
import { recordingFormat, recordingVersion } from "../../src/recording/recorder.js";

const recordingType = protobuf.Root.fromJSON(schema).resolveAll().lookupType("chatbridge.v1.Recording");

/** The file is not what it should be. The text is for whoever gave it. */
export class RecordingError extends Error {}

/** A message as protobufjs has it: only what is present, enums by name where they have one, bytes as bytes. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is that of the .proto files, whatever was in the file.
export type Plain = any;

export interface ReadRecording {
  readonly type: protobuf.Type;
  readonly message: Plain;
}

/** Throws a RecordingError that says what is wrong with the bytes. */
export function readRecording(bytes: Uint8Array): ReadRecording {
  checkHead(bytes);
  const message = decoded(bytes);
  const { frames, count } = message;
  if (count === undefined) throw new RecordingError("it is cut short, before its first frame. Copy it again.");
  if (frames.length < count) {
    throw new RecordingError(`it is cut short: it has ${frames.length} of its ${count} frames. Copy it again.`);
  }
  if (frames.length > count) {
    throw new RecordingError(`it is damaged: it has ${frames.length} frames and should have ${count}.`);
  }
  return { type: recordingType, message };
}

/** proto3 JSON. */
export function protoJson({ type, message }: ReadRecording): unknown {
  return type.toObject(type.fromObject(message), { longs: String, enums: String, bytes: String });
}

/** Before anything else is decoded: a later version may have other fields. */
function checkHead(bytes: Uint8Array): void {
  const reader = protobuf.Reader.create(bytes);
  let version: number;
  try {
    if (reader.uint32() !== 0x0a || reader.string() !== recordingFormat) throw new Error("another first field");
  } catch {
    throw new RecordingError(
      bytes.length === 0
        ? "it is empty. Write what bridge.recording() returns into it, byte for byte."
        : "it is not a recording of tim-chatbridge. Write what bridge.recording() returns into it, byte for byte.",
    );
  }
  try {
    version = reader.uint32() === 0x10 ? reader.uint32() : 0;
  } catch {
    throw new RecordingError("it is cut short, in its first bytes. Copy it again.");
  }
  if (version > recordingVersion) {
    throw new RecordingError(
      `it is a recording of version ${version}, and this inspector reads version ${recordingVersion}. Use the inspector of the package that recorded it, or a later one.`,
    );
  }
  if (version < 1) throw new RecordingError("it is damaged: it says no version.");
}

function decoded(bytes: Uint8Array): Plain {
  try {
    const message = recordingType.decode(bytes);
    return { frames: [], ...recordingType.toObject(message, { longs: Number, enums: String }) };
  } catch (error) {
    if (error instanceof RangeError) throw new RecordingError("it is cut short. Copy it again.");
    throw new RecordingError(`it is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
