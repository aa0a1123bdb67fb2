// A recording for people: one line for each frame.

import { toConvID } from "../../src/conversation/conversation-key.js";
import { TIMConvEvent, TIMConvType, TIMNetworkStatus, TIMResult } from "../../src/core/tim-types.js";
import { ErrorCategory } from "../../src/errors/bridge-error.js";
import { meaningOf } from "../../src/errors/callback-codes.js";
import type { Plain } from "./read-recording.js";

const idsShown = 10;

/** The head line, and one line for each frame, oldest first. */
export function recordingLines({ frames, dropped = 0, ids }: Plain): string[] {
  const older = dropped === 0 ? "" : `, after ${dropped} that gave way to them`;
  const empty = frames.length === 0 ? ": nothing crossed between script and plugin" : "";
  const head = `# ${frames.length} frame${frames.length === 1 ? "" : "s"}${older}; ${ids === true ? "ids as they were" : "ids masked"}${empty}`;
  return [head, ...frames.map(frameLine)];
}

function frameLine(frame: Plain): string {
  const { direction, words } = frameWords(frame);
  const result = frame.sendResult === undefined ? "" : `  returned ${returnName(frame.sendResult)}`;
  const size = frame.size === undefined ? "" : `  (${frame.size} bytes)`;
  return `${String(frame.clockMs ?? 0).padStart(10)} ms  ${direction}  ${words}${result}${size}`;
}

function frameWords({ sent, received, drained, withheld }: Plain): { direction: string; words: string } {
  if (sent !== undefined) return { direction: "script -> plugin", words: sentWords(sent) };
  if (received !== undefined) return { direction: "script <- plugin", words: receivedWords(received) };
  if (drained !== undefined) {
    const { state, epoch = 0, frameCount = 0 } = drained;
    const words = `drained  epoch ${epoch}  ${enumName("SESSION_STATE_", state)}, ${frameCount} frames follow`;
    return { direction: "script <- plugin", words };
  }
  if (withheld !== undefined) {
    const direction = withheld.direction === "FRAME_DIRECTION_TO_PLUGIN" ? "script -> plugin" : "script <- plugin";
    return { direction, words: withheldWords(withheld.reason) };
  }
  return { direction: "script -- plugin", words: "of a kind that this inspector does not know" };
}

function withheldWords(reason: string): string {
  switch (reason) {
    case "WITHHELD_REASON_LOGIN":
      return "Login  (never recorded: it holds a UserSig)";
    case "WITHHELD_REASON_UNREADABLE":
      return "not recorded: it could not be read";
    case "WITHHELD_REASON_TOO_LARGE":
      return "not recorded: it is larger than the recording may be";
    default:
      return `not recorded: ${reason}`;
  }
}

function sentWords({ coreCall, cancel, publish, claim, epochRaised, attach }: Plain): string {
  if (coreCall !== undefined) {
    const { callId = 0, epoch = 0, originRequestId = 0 } = coreCall;
    const origin = originRequestId === 0 ? "" : `  for request ${originRequestId}`;
    return `CoreCall  call ${callId}  epoch ${epoch}${origin}  ${methodWords(coreCall)}`;
  }
  if (cancel !== undefined) return `Cancel  call ${cancel.callId ?? 0}`;
  if (attach !== undefined) return "Attach";
  if (claim !== undefined) return `Claim  request ${claim.requestId ?? 0}`;
  if (epochRaised !== undefined) return `EpochRaised  epoch ${epochRaised.epoch ?? 0}`;
  return publish === undefined ? "a body that this inspector does not know" : noticeWords(publish);
}

function methodWords(call: Plain): string {
  if (call.convDelete !== undefined) {
    const { convId, convType } = call.convDelete;
    return `ConvDelete ${convId === undefined ? "no id" : show(bytesText(convId))} ${TIMConvType[convType] ?? `type ${convType}`}`;
  }
  if (call.convDeleteList !== undefined) {
    const { convIds = [], clearMessage } = call.convDeleteList;
    const history = clearMessage === undefined ? "no clear_message" : `clear_message ${clearMessage}`;
    return `ConvDeleteConversationList ${idList(convIds.map(bytesText))} ${history}`;
  }
  if (call.init !== undefined) {
    return call.init.sdkAppId === undefined ? "Init" : `Init ${call.init.sdkAppId}`;
  }
  if (call.login !== undefined) return "Login";
  if (call.convGetConvList !== undefined) return "ConvGetConvList";
  if (call.uninit !== undefined) return "Uninit";
  if (call.getLoginStatus !== undefined) return "GetLoginStatus";
  if (call.getSdkVersion !== undefined) return "GetSDKVersion";
  return call.logout === undefined ? "a method that this inspector does not know" : "Logout";
}

function noticeWords(notice: Plain): string {
  const { deleteCompleted, conversationsDeleted, lateResult } = notice;
  if (deleteCompleted !== undefined) {
    const { requestId = 0, results = [], code = 0, desc = "" } = deleteCompleted;
    const said = desc === "" ? "" : ` ${show(desc)}`;
    return `DeleteCompleted  ${asker(requestId)}  ${results.map(resultWords).join(", ")}  code ${codeName(code)}${said}`;
  }
  if (conversationsDeleted !== undefined) {
    return `ConversationsDeleted  ${idList((conversationsDeleted.conversations ?? []).map(keyText))}`;
  }
  if (lateResult !== undefined) {
    return `LateResult  ${asker(lateResult.requestId ?? 0)}  ${(lateResult.results ?? []).map(resultWords).join(", ")}`;
  }
  return feedWords(notice);
}

/** What the core reported of its own accord, on its way to C#'s listeners. */
function feedWords(notice: Plain): string {
  const { conversationsAdded, conversationsUpdated, conversationListSync, conversationListReset } = notice;
  if (conversationsAdded !== undefined) return `ConversationsAdded  ${infoList(conversationsAdded)}`;
  if (conversationsUpdated !== undefined) return `ConversationsUpdated  ${infoList(conversationsUpdated)}`;
  if (conversationListReset !== undefined) {
    const more = conversationListReset.more === true ? " and more follows" : "";
    return `ConversationListReset  ${infoList(conversationListReset)}${more}`;
  }
  if (conversationListSync !== undefined) {
    return `ConversationListSync  ${enumName("LIST_SYNC_STATE_", conversationListSync.state)}`;
  }
  if (notice.sessionChanged !== undefined) {
    return `SessionChanged  ${enumName("SESSION_EVENT_KIND_", notice.sessionChanged.kind)}`;
  }
  if (notice.connectionChanged !== undefined) return `ConnectionChanged  ${connectionWords(notice.connectionChanged)}`;
  return "a notice that this inspector does not know";
}

function infoList({ conversations = [] }: Plain): string {
  return idList(conversations.map(({ conversation }: Plain) => keyText(conversation ?? {})));
}

function connectionWords({ status = 0, code = 0, desc = "" }: Plain): string {
  const text = typeof desc === "string" ? desc : bytesText(desc);
  return `${TIMNetworkStatus[status] ?? `status ${status}`} code ${code}${text === "" ? "" : ` ${show(text)}`}`;
}

function asker(requestId: number): string {
  return requestId === 0 ? "asked by script" : `request ${requestId}`;
}

function resultWords({ conversation, outcome, error }: Plain): string {
  const why = error === undefined ? "" : ` (${codeName(error.code ?? 0, error.source)})`;
  return `${show(keyText(conversation ?? {}))} ${enumName("OUTCOME_", outcome)}${why}`;
}

function receivedWords({ sequence = 0, epoch = 0, result, event, request, lost }: Plain): string {
  const head = (kind: string, id = ""): string => `${kind}${id}  epoch ${epoch}  frame ${sequence}`;
  if (result !== undefined) {
    const { callId = 0, source, code = 0, desc, json } = result;
    const words = [`${enumName("ERROR_SOURCE_", source)} ${codeName(code, source)}`];
    if (desc !== undefined && desc.length > 0) words.push(show(bytesText(desc)));
    if (json !== undefined && json.length > 0) words.push(listWords(json));
    return `${head("CoreResult", `  call ${callId}`)}  ${words.join(" ")}`;
  }
  if (event?.conversation !== undefined) {
    const { type = 0, json } = event.conversation;
    const list = json === undefined || json.length === 0 ? "" : ` ${listWords(json)}`;
    return `${head("CoreEvent")}  ${TIMConvEvent[type] ?? `type ${type}`}${list}`;
  }
  if (event?.session !== undefined)
    return `${head("CoreEvent")}  ${enumName("SESSION_EVENT_KIND_", event.session.kind)}`;
  if (event?.network !== undefined) return `${head("CoreEvent")}  ${connectionWords(event.network)}`;
  if (request !== undefined)
    return `${head("Request", `  request ${request.requestId ?? 0}`)}  ${methodWords(request)}`;
  if (lost !== undefined) return `${head("EventsLost")}  ${lost.count ?? 0} events`;
  return `${head("a body that this inspector does not know")}`;
}

/** The ids of a core's list, with the code of each where it has one. */
function listWords(json: Uint8Array): string {
  let entries: Plain;
  try {
    entries = JSON.parse(bytesText(json));
  } catch {
    entries = bytesText(json);
  }
  return Array.isArray(entries) ? idList(entries.map(entryText)) : show(String(entries));
}

function entryText(entry: Plain): string {
  if (typeof entry === "string") return entry;
  if (typeof entry?.conv_id === "string") {
    if (entry.conv_type === TIMConvType.kTIMConv_C2C) return `c2c_${entry.conv_id}`;
    return entry.conv_type === TIMConvType.kTIMConv_Group ? `group_${entry.conv_id}` : entry.conv_id;
  }
  const id = entry?.conversation_operation_result_conversation_id;
  const code = entry?.conversation_operation_result_result_code;
  return typeof id === "string"
    ? `${id}: ${typeof code === "number" ? codeName(code) : "no code"}`
    : "an entry without an id";
}

function idList(ids: readonly string[]): string {
  const more = ids.length > idsShown ? `, and ${ids.length - idsShown} more` : "";
  return `[${ids.slice(0, idsShown).map(show).join(", ")}${more}]`;
}

function keyText({ userId, groupId, systemId }: Plain): string {
  if (userId !== undefined) return toConvID({ userId });
  return groupId !== undefined ? toConvID({ groupId }) : (systemId ?? "no conversation");
}

/** What Send returned. */
function returnName(code: number): string {
  return `${TIMResult[code] ?? "an unknown value"} (${code})`;
}

/** A code by its name: a TIMResult's own, or the kind of trouble that a callback's code stands for. */
function codeName(code: number, source?: string): string {
  if (code === 0) return "0 (success)";
  if (source === "ERROR_SOURCE_SDK_CALLBACK" || code > 0) return `${code} (${ErrorCategory[meaningOf(code).category]})`;
  return TIMResult[code] === undefined ? String(code) : `${code} (${TIMResult[code]})`;
}

function enumName(prefix: string, value: string | number | undefined): string {
  return String(value ?? "unspecified").replace(prefix, "");
}

function bytesText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Ids and words can hold anything, a terminal's control sequences too: what is not plain is quoted. */
function show(text: string): string {
  if (/^[^\s"\p{C}]+( [^\s"\p{C}]+)*$/u.test(text)) return text;
  return JSON.stringify(text).replace(/[\p{C}\u2028\u2029]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}
