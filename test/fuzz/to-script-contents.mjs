// What a request of C#'s and the core's JSON say, by the vendor's field names and the ids' rules.
import { C2C, GROUP, isId } from "./conversation-ids.mjs";
import { entryId, jsonArray, notedId, systemId } from "./conversation-keys.mjs";
import { textOf } from "./wire-bytes.mjs";
import { has } from "./wire-schema.mjs";

const mostIds = 100;

/** What a request asks the core for; undefined: nothing that is sound. */
export function readRequest(request) {
  if (has(request, "convDelete")) {
    const { convId, convType } = request.convDelete;
    if (!has(request.convDelete, "convId") || (convType !== C2C && convType !== GROUP) || !isId(convId, convType))
      return undefined;
    const text = textOf(convId);
    return {
      kind: "single",
      ids: [`${convType === C2C ? "c2c_" : "group_"}${text}`],
      sent: { convDelete: { convId: text, convType } },
    };
  }
  if (!has(request, "convDeleteList") || !has(request.convDeleteList, "clearMessage")) return undefined;
  const { convIds, clearMessage } = request.convDeleteList;
  const ids = convIds.map(textOf).map((text) => (text === undefined ? undefined : notedId(text)));
  const sound = ids.length >= 1 && ids.length <= mostIds && ids.every((id) => id !== undefined && id !== systemId);
  return sound
    ? { kind: "batch", ids, sent: { convDeleteList: { convIds: [...new Set(ids)], clearMessage } } }
    : undefined;
}

/**
 * The conversations of a list, which is of ConvInfo objects only. Undefined: there is none, which no text at all and entries of
 * which none can be read are too.
 */
export function listOf(json) {
  const entries = json === undefined || json === "" ? undefined : jsonArray(json);
  if (entries === undefined) return undefined;
  const ids = entries
    .filter((entry) => typeof entry === "object")
    .map(entryId)
    .filter((id) => id !== undefined);
  return ids.length === 0 && entries.length > 0 ? undefined : ids;
}

/** Whether the core's answer says of this conversation, without contradicting itself, that it is deleted. */
export function deletedIn({ kind }, code, json, id) {
  if (kind === "single") return code === 0;
  const said = (json === undefined ? [] : (jsonArray(json) ?? []))
    .filter((item) => item?.conversation_operation_result_conversation_id === id)
    .map((item) => item.conversation_operation_result_result_code)
    .filter((each) => each === (each | 0));
  return said.length > 0 && said.every((each) => each === 0);
}
