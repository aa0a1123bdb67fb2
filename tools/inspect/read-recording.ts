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
  checkFrames(bytes, checkHead(bytes));
  return { type: recordingType, message: decoded(bytes) };
}

/** proto3 JSON. */
export function protoJson({ type, message }: ReadRecording): unknown {
  return type.toObject(type.fromObject(message), { longs: String, enums: String, bytes: String });
}

const writeIt = "Write what bridge.recording() returns into a file of its own, byte for byte.";
const copyIt = "Copy it again, whole.";

/** Before anything else is decoded: a later version may have other fields. Returns where the next field begins. */
function checkHead(bytes: Uint8Array): number {
  const length = bytes.length;
  if (length === 0) throw new RecordingError(`it is empty. ${writeIt}`);
  const name = protobuf.Writer.create().uint32(0x0a).string(recordingFormat).finish();
  if (name.some((byte, at) => at < length && bytes[at] !== byte))
    throw new RecordingError(`it is not a recording of tim-chatbridge. ${writeIt}`);
  const reader = protobuf.Reader.create(bytes);
  let version: number;
  try {
    reader.uint32();
    reader.string();
    version = reader.uint32() === 0x10 ? reader.uint32() : 0;
  } catch {
    throw new RecordingError(`it is cut short: it ends at byte ${length}, before it says its version. ${copyIt}`);
  }
  if (version > recordingVersion) {
    throw new RecordingError(
      `it is a recording of version ${version}, and this inspector reads version ${recordingVersion}. Use the inspector of the package that recorded it, or a later one.`,
    );
  }
  if (version < 1) throw new RecordingError(`it is damaged: at byte ${name.length} it says no version. ${copyIt}`);
  return reader.pos;
}

const countTag = 0x28;
const framesTag = 0x32;

/** Whether it has the frames that it says it has, each whole, and nothing behind them. */
function checkFrames(bytes: Uint8Array, start: number): void {
  const reader = protobuf.Reader.create(bytes);
  reader.pos = start;
  let count: number | undefined;
  let frames = 0;
  while (reader.pos < bytes.length) {
    const at = reader.pos;
    if (frames === count && bytes[at] !== framesTag) {
      throw new RecordingError(
        `it is too long: its last frame ends at byte ${at}, and ${bytes.length - at} bytes follow that are none of it. ${writeIt}`,
      );
    }
    try {
      const tag = reader.uint32();
      if (tag === countTag) count = reader.uint32();
      else reader.skipType(tag & 7);
      if (tag === framesTag) frames++;
    } catch (error) {
      const where = count === undefined ? "before its first frame" : `in frame ${frames + 1} of ${count}`;
      throw new RecordingError(
        error instanceof RangeError
          ? `it is cut short: it ends at byte ${bytes.length}, ${where}. ${copyIt}`
          : `it is damaged: what begins at byte ${at}, ${where}, cannot be read. ${copyIt}`,
      );
    }
  }
  const end = `it ends at byte ${bytes.length}`;
  if (count === undefined) throw new RecordingError(`it is cut short: ${end}, before its first frame. ${copyIt}`);
  if (frames < count)
    throw new RecordingError(`it is cut short: ${end}, after ${frames} of its ${count} frames. ${copyIt}`);
  if (frames > count)
    throw new RecordingError(`it is damaged: it has ${frames} frames and should have ${count}. ${writeIt}`);
}

function decoded(bytes: Uint8Array): Plain {
  try {
    const message = recordingType.decode(bytes);
    return { frames: [], ...recordingType.toObject(message, { longs: Number, enums: String }) };
  } catch (error) {
    throw new RecordingError(`it is damaged: ${error instanceof Error ? error.message : String(error)}. ${copyIt}`);
  }
}
