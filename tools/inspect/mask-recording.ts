// What of a recording is shown. What text or bytes a field holds is shown only if this file names it: a file may say anything,
// and a UserSig, a configuration, names and messages are no part of a recording, whoever made it.
import protobuf from "protobufjs/light.js";
import { Pseudonyms } from "../../src/recording/pseudonyms.js";
import { idKindOf, recordableJson } from "../../src/recording/recordable-json.js";
import type { Plain, ReadRecording } from "./read-recording.js";

type Mask = (value: Plain, message: Plain) => Plain;

const asItIs: Mask = (value) => value;

/** A frame's size tells how long the ids in it are. Of one that was too large, to the KiB: how large a recording has to be. */
const withoutIds: Mask = (size, { withheld }) =>
  withheld?.reason === "WITHHELD_REASON_TOO_LARGE" ? Math.ceil(size / 1024) * 1024 : undefined;

const withIds: Record<string, Mask> = {
  "Recording.format": asItIs,
  "ConvDelete.convId": asItIs,
  "ConvDeleteList.convIds": asItIs,
  "Init.sdkAppId": asItIs,
  "CoreResult.desc": asItIs,
  "CoreResult.json": (json) => recordableJson(json, undefined),
  "ConversationEvent.json": (json) => recordableJson(json, undefined),
  "NetworkEvent.desc": asItIs,
  "Key.userId": asItIs,
  "Key.groupId": asItIs,
  "Key.systemId": asItIs,
  "BridgeError.message": asItIs,
  "DeleteCompleted.desc": asItIs,
  "ConnectionChanged.desc": asItIs,
};

/** The same recording with what a recording may hold, ids and the words in which one can stand included. */
export function showRecording({ type, message }: ReadRecording): ReadRecording {
  const masks = message.ids === true ? withIds : { ...withIds, "RecordedFrame.size": withoutIds };
  return { type, message: masked(type, message, masks) };
}

/** The same recording without ids, nor words in which one can stand. */
export function maskRecording({ type, message }: ReadRecording): ReadRecording {
  // A recording that was made without ids has pseudonyms already, and they stay what they were.
  const names = new Pseudonyms(message.ids !== true);
  const masks: Record<string, Mask> = {
    "Recording.format": asItIs,
    "RecordedFrame.size": withoutIds,
    "ConvDelete.convId": (id, { convType }) => names.ofBareBytes(idKindOf(convType), id),
    "ConvDeleteList.convIds": (id) => names.ofPrefixedBytes(id),
    "CoreResult.json": (json) => recordableJson(json, names),
    "ConversationEvent.json": (json) => recordableJson(json, names),
    "Key.userId": (id) => names.ofBare("user", id),
    "Key.groupId": (id) => names.ofBare("group", id),
    "Key.systemId": (id) => names.ofBare("id", id),
  };
  return { type, message: { ...masked(type, message, masks), ids: false } };
}

function masked(type: protobuf.Type, message: Plain, masks: Record<string, Mask>): Plain {
  const result: Plain = {};
  for (const [name, value] of Object.entries<Plain>(message)) {
    const field = type.fields[name]?.resolve();
    const one = field && maskOf(field, `${type.name}.${name}`, masks);
    if (one !== undefined)
      result[name] = Array.isArray(value) ? value.map((v) => one(v, message)) : one(value, message);
  }
  return result;
}

/** What is shown of a field; undefined: nothing. */
function maskOf(field: protobuf.Field, path: string, masks: Record<string, Mask>): Mask | undefined {
  const type = field.resolvedType;
  if (type instanceof protobuf.Type) return (value) => masked(type, value, masks);
  const holdsText = field.type === "string" || field.type === "bytes";
  if (holdsText || path === "Init.sdkAppId") return masks[path];
  return masks[path] ?? asItIs;
}
