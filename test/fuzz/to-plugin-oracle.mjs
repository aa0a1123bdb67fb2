// What the plugin owes a frame from script, by the comments of proto/chatbridge/v1 and the rules of ARCHITECTURE.md, on what
// protobufjs reads in the same bytes. Nothing here is taken from the C# side but its two limits.
import { C2C, GROUP, isId, isPrefixedId } from "./conversation-ids.mjs";
import { isUtf8, textOf } from "./wire-bytes.mjs";
import { Irregular, inspect, plainly } from "./wire-inspector.mjs";
import { enumValues, has, message, read } from "./wire-schema.mjs";

export const maxFrameBytes = 1 << 20;
export const maxPendingCalls = 16_384;
const maxNumber = 0x7fff_ffff;
const version = 1;
const mostIds = 100;

const refusals = Object.fromEntries(
  Object.entries(enumValues("SendResult")).map(([name, code]) => [name.replace("SEND_RESULT_", ""), -code]),
);

/** The stand-in's numbers of the vendor's functions (test/native/standin.h). */
export const functions = {
  init: 1,
  uninit: 2,
  login: 3,
  logout: 4,
  convDelete: 5,
  convDeleteList: 6,
  convGetConvList: 7,
  getLoginStatus: 8,
  getSdkVersion: 10,
};
/** The stand-in counts these calls, and does not log them. */
const unlogged = new Set(["getLoginStatus"]);
/** Asked in no user's name. */
const asksAsNobody = new Set(["getLoginStatus", "getSdkVersion"]);
const bodies = ["coreCall", "cancel", "publish", "claim", "epochRaised", "attach"];
const notices = [
  "deleteCompleted",
  "conversationsDeleted",
  "lateResult",
  "conversationsAdded",
  "conversationsUpdated",
  "conversationListSync",
  "conversationListReset",
  "sessionChanged",
  "connectionChanged",
];
const changesUser = new Set(["init", "uninit", "login", "logout"]);
const deletes = new Set(["convDelete", "convDeleteList"]);

/** What may be refused although protobufjs reads a good frame in it: other decoders read another, or none. */
const refusable = new Set([Irregular.TAG, Irregular.OVER_64, Irregular.WIDE, Irregular.ENUM, Irregular.TWICE]);
/** What must be refused: an unknown field or body at any depth; not exactly one of a oneof; text that is none. */
const forbidden = new Set([
  Irregular.UNKNOWN,
  Irregular.GROUP,
  Irregular.FIELD_ZERO,
  Irregular.ONEOF_TWICE,
  Irregular.TEXT,
]);
const unspecified = "an error's source or category is not specified";
const noStatus = "a connection's status is none of the vendor's";
const lastStatus = 3;
/** The changes of session that the bridge's own calls do not make: kicked offline, UserSig expired, notified. */
const othersChanges = [5, 6, 7];

/** The plugin's state as far as it decides what becomes of a frame. */
export class PluginModel {
  epoch = 1;
  allowed = true;
  /** The game's other code owns the session. */
  attached = false;
  /** The parts of a list that is not complete. */
  listParts = [];
  /** Calls that the core may still answer, by id. */
  pending = new Set();
  /** Those of them that script has given up, which do not count as under way. */
  abandoned = new Set();
  /** Those of them that may change who is signed in before script hears of it. */
  changing = new Set();
  /** C#'s requests: "queued" or "sent", with the epoch of their asking; gone when they have ended. */
  requests = new Map();

  asked(requestId) {
    this.requests.set(requestId, { state: "queued", epoch: this.epoch });
  }
}

/**
 * Reads a frame. `codes`: the refusals that its rules call for; empty: it is good. `mayRefuse`: the named conditions under
 * which a refusal, one of `refuseWith`, is allowed all the same. `decodes`: protobufjs takes the bytes.
 */
export function judge(model, bytes) {
  const raw = read("ToPlugin", bytes);
  const refuseWith = new Set([refusals.BAD_FRAME]);
  const verdict = { decodes: raw !== undefined, codes: new Set(), mayRefuse: new Set(), refuseWith, frame: undefined };
  if (bytes.length === 0) verdict.codes.add(refusals.BAD_FRAME);
  if (bytes.length > maxFrameBytes) verdict.codes.add(refusals.TOO_LARGE);
  if (verdict.codes.size > 0) return verdict;

  const { broken, irregular, top } = inspect("ToPlugin", bytes);
  if (broken !== undefined) {
    verdict.codes.add(refusals.BAD_FRAME);
    if (top.get(15) !== version) verdict.codes.add(refusals.WRONG_VERSION);
    return verdict;
  }
  // Where the bytes are plain, protobufjs reads them as they are.
  verdict.frame = irregular.size === 0 ? raw : read("ToPlugin", plainly("ToPlugin", bytes));
  if (verdict.frame === undefined) throw new Error("the oracle calls a frame well-formed that protobufjs refuses");
  for (const way of irregular) {
    if (forbidden.has(way)) verdict.codes.add(refusals.BAD_FRAME);
    else if (refusable.has(way)) verdict.mayRefuse.add(way);
  }
  // A version that is 1 only when it is cut to its type.
  if (top.get(15) !== version) refuseWith.add(refusals.WRONG_VERSION);
  checkFrame(model, verdict);
  return verdict;
}

function checkFrame(model, verdict) {
  const { codes, frame } = verdict;
  if (frame.version !== version) codes.add(refusals.WRONG_VERSION);
  const body = only(frame, bodies);
  switch (body) {
    case "coreCall":
      checkCall(model, frame.coreCall, codes);
      break;
    case "cancel":
      if (!isNumber(frame.cancel.callId)) codes.add(refusals.BAD_CALL_ID);
      break;
    case "publish":
      checkNotice(frame.publish, verdict);
      break;
    case "claim":
      // 0 is script's own deletion.
      if (frame.claim.requestId !== 0) checkRequest(model, frame.claim.requestId, codes);
      if (!model.allowed) codes.add(refusals.VETOED);
      break;
    case "epochRaised":
      if (!isNumber(frame.epochRaised.epoch)) codes.add(refusals.BAD_FRAME);
      break;
    case "attach":
      break;
    default:
      codes.add(refusals.BAD_FRAME);
  }
}

function checkCall(model, call, codes) {
  const method = methodOf(call);
  if (!isNumber(call.callId) || model.pending.has(call.callId)) codes.add(refusals.BAD_CALL_ID);
  if (model.pending.size - model.abandoned.size >= maxPendingCalls) codes.add(refusals.BUSY);
  if (changesUser.has(method)) {
    if (call.epoch > maxNumber) codes.add(refusals.BAD_FRAME);
    if (model.attached) codes.add(refusals.NOT_OWNER);
  } else if (!asksAsNobody.has(method) && call.epoch !== model.epoch) codes.add(refusals.STALE_EPOCH);
  if (deletes.has(method) && model.changing.size > 0) codes.add(refusals.USER_CHANGING);
  if (deletes.has(method) && !model.allowed) codes.add(refusals.VETOED);
  if (call.originRequestId !== 0) {
    // C# asks for deletions only.
    if (deletes.has(method)) checkRequest(model, call.originRequestId, codes);
    else codes.add(refusals.BAD_FRAME);
  }
  checkMethod(method, call[method], codes);
}

function checkMethod(method, fields, codes) {
  switch (method) {
    case "convDelete":
      if (!has(fields, "convId") || !has(fields, "convType")) codes.add(refusals.BAD_FRAME);
      if (has(fields, "convType") && fields.convType !== C2C && fields.convType !== GROUP) codes.add(refusals.BAD_TYPE);
      if (has(fields, "convId") && !isId(fields.convId, fields.convType)) codes.add(refusals.BAD_ID);
      break;
    case "convDeleteList":
      if (!has(fields, "clearMessage")) codes.add(refusals.BAD_FRAME);
      if (fields.convIds.length < 1 || fields.convIds.length > mostIds) codes.add(refusals.BAD_COUNT);
      if (!fields.convIds.every(isPrefixedId)) codes.add(refusals.BAD_ID);
      break;
    case "init":
      if (!has(fields, "sdkAppId") || big(fields.sdkAppId) === 0n || !isText(fields.jsonSdkConfig)) {
        codes.add(refusals.BAD_FRAME);
      }
      break;
    case "login":
      if (!has(fields, "userId") || !has(fields, "userSig") || fields.userSig.length === 0 || !isText(fields.userSig)) {
        codes.add(refusals.BAD_FRAME);
      }
      if (has(fields, "userId") && !isId(fields.userId, C2C)) codes.add(refusals.BAD_ID);
      break;
    case undefined:
      codes.add(refusals.BAD_FRAME);
  }
}

function checkRequest(model, requestId, codes) {
  const request = model.requests.get(requestId);
  if (request?.state !== "queued") codes.add(refusals.NOT_QUEUED);
  else if (request.epoch !== model.epoch) codes.add(refusals.STALE_EPOCH);
}

function checkNotice(notice, { codes, mayRefuse }) {
  const name = only(notice, notices);
  const body = notice[name];
  if (name === undefined || body.requestId > maxNumber) codes.add(refusals.BAD_FRAME);
  if (name === undefined) return;
  if (!keysOf(name, body).every(isKey)) codes.add(refusals.BAD_FRAME);
  for (const { outcome, error } of body.results ?? []) {
    if (outcome === 0) codes.add(refusals.BAD_FRAME);
    if (error && (error.source === 0 || error.category === 0)) mayRefuse.add(unspecified);
  }
  if (name === "conversationListSync" && body.state === 0) codes.add(refusals.BAD_FRAME);
  if (name === "sessionChanged" && !othersChanges.includes(body.kind)) codes.add(refusals.BAD_FRAME);
  if (name === "connectionChanged" && (body.status < 0 || body.status > lastStatus)) mayRefuse.add(noStatus);
}

function keysOf(name, body) {
  if (name === "conversationsDeleted") return body.conversations;
  return (body.conversations ?? body.results ?? []).map((entry) => entry.conversation);
}

/**
 * Holds what was observed of a frame against the verdict, and moves the model on. Returns what is wrong, or undefined; and
 * what C#'s listeners are now owed goes into `owed`.
 */
export function settle(model, verdict, observed, owed) {
  const { result, epoch, pending, calls } = observed;
  const { codes, mayRefuse, refuseWith, frame } = verdict;
  const threw = calls.find((call) => call.fn === -1);
  if (threw !== undefined) return `an exception crossed: ${threw.text}`;
  if (codes.size > 0 || (mayRefuse.size > 0 && refuseWith.has(result))) {
    return refused(model, verdict, observed);
  }
  const body = only(frame, bodies);
  if (body === "coreCall") return called(model, frame.coreCall, observed);
  if (result !== 0) return `it is good, and Send returned ${result}`;
  if (calls.length > 0) return `${body} reached the core: ${describeCalls(calls)}`;
  let due = model.epoch;
  if (body === "epochRaised") due = Math.max(model.epoch + 1, frame.epochRaised.epoch);
  if (body === "claim" && frame.claim.requestId !== 0) model.requests.get(frame.claim.requestId).state = "sent";
  if (body === "cancel" && model.pending.has(frame.cancel.callId)) {
    model.abandoned.add(frame.cancel.callId);
    model.changing.delete(frame.cancel.callId);
  }
  if (body === "attach") model.attached = true;
  if (body === "publish") published(model, frame.publish, owed);
  model.epoch = epoch;
  if (epoch !== due) return `the epoch is ${epoch} after it, and should be ${due}`;
  return pending === model.pending.size
    ? undefined
    : `${pending} calls are under way, and should be ${model.pending.size}`;
}

/** Nothing has changed: a request that was not given leave is still script's to complete. */
function refused(model, { codes, mayRefuse, refuseWith }, { result, epoch, pending, calls }) {
  const allowed = new Set(mayRefuse.size > 0 ? [...codes, ...refuseWith] : codes);
  if (calls.length > 0) return `it is refusable (${names(allowed)}) and reached the core: ${describeCalls(calls)}`;
  if (!allowed.has(result)) return `Send returned ${result}, and should have refused it: ${names(allowed)}`;
  if (epoch !== model.epoch) return `it was refused, and the epoch went from ${model.epoch} to ${epoch}`;
  if (pending !== model.pending.size)
    return `it was refused, and ${pending} calls are under way instead of ${model.pending.size}`;
  return undefined;
}

function called(model, call, { result, epoch, pending, calls }) {
  const method = methodOf(call);
  const logged = unlogged.has(method) ? 0 : 1;
  if (calls.length !== logged) return `${calls.length} calls reached the core, not ${logged}: ${describeCalls(calls)}`;
  const wrong = logged === 0 ? undefined : differs(calls[0], coreCall(method, call[method]));
  if (wrong !== undefined) return wrong;
  const due = method === "init" ? [0, -3] : [0];
  if (!due.includes(result)) return `the core was called, and Send returned ${result}`;
  if (call.originRequestId !== 0) model.requests.get(call.originRequestId).state = "sent";
  if (result === 0) {
    model.pending.add(call.callId);
    if (changesUser.has(method)) model.changing.add(call.callId);
  }
  const before = model.epoch;
  model.epoch = epoch;
  if (pending !== model.pending.size) return `${pending} calls are under way, and should be ${model.pending.size}`;
  if (changesUser.has(method)) {
    return epoch > before && epoch > call.epoch ? undefined : `${method} left the epoch at ${epoch}; it was ${before}`;
  }
  return epoch === before ? undefined : `${method} changed the epoch from ${before} to ${epoch}`;
}

/** What the core must be called with. */
function coreCall(method, fields) {
  const fn = functions[method];
  switch (method) {
    case "convDelete":
      return { fn, text: fields.convId, number: BigInt(fields.convType) };
    case "convDeleteList":
      return { fn, ids: fields.convIds.map(textOf), number: fields.clearMessage ? 1n : 0n };
    case "init":
      return { fn, text: Buffer.from(fields.jsonSdkConfig), number: BigInt.asIntN(64, big(fields.sdkAppId)) };
    case "login":
      return { fn, text: fields.userId, number: 0n };
    default:
      return { fn, text: undefined, number: 0n };
  }
}

function differs(actual, { fn, text, ids, number }) {
  const should = `function ${fn}, number ${number}, ${ids === undefined ? `text ${show(text)}` : JSON.stringify(ids)}`;
  const is = `function ${actual.fn}, number ${actual.number}, text ${show(actual.text)}`;
  const same =
    actual.fn === fn &&
    actual.number === number &&
    (ids === undefined ? sameBytes(actual.text, text) : sameList(actual.text, ids));
  return same ? undefined : `the core was called with ${is}; the frame says ${should}`;
}

function sameBytes(a, b) {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

function sameList(json, ids) {
  const text = json === undefined ? undefined : textOf(json);
  if (text === undefined) return false;
  const list = JSON.parse(text);
  return Array.isArray(list) && list.length === ids.length && list.every((id, i) => id === ids[i]);
}

/** What C#'s listeners hear of a message that was published. */
function published(model, notice, owed) {
  const name = only(notice, notices);
  const body = notice[name];
  const proto = `${name[0].toUpperCase()}${name.slice(1)}`;
  if (name === "deleteCompleted" && body.requestId !== 0) {
    // A request ends once; a completion of none is told to nobody.
    if (!model.requests.delete(body.requestId)) return;
    owed.push({ name: "Callback", requestId: body.requestId, code: body.code });
  }
  const json = message(proto).type.toObject(body, { enums: String, longs: String, arrays: true, defaults: true });
  const plain = JSON.parse(JSON.stringify(json), (_key, value) => value ?? undefined);
  if (name === "conversationListReset") {
    // Heard as one, however many parts it came in.
    model.listParts.push(...plain.conversations);
    if (plain.more) return;
    plain.conversations = model.listParts;
    model.listParts = [];
  }
  owed.push({ name: proto, json: plain });
}

function only(decoded, names) {
  return names.find((name) => has(decoded, name));
}

function methodOf(call) {
  return only(call, Object.keys(functions));
}

function isKey(key) {
  return key !== null && key !== undefined && only(key, ["userId", "groupId", "systemId"]) !== undefined;
}

function isNumber(number) {
  return number >= 1 && number <= maxNumber;
}

function isText(bytes) {
  return !bytes.includes(0) && isUtf8(Buffer.from(bytes));
}

function big(long) {
  return BigInt(long.toString());
}

function show(text) {
  return text === undefined
    ? "NULL"
    : `${JSON.stringify(Buffer.from(text).toString())} (${Buffer.from(text).toString("hex")})`;
}

function describeCalls(calls) {
  return calls.map(({ fn, number, text }) => `function ${fn}(${show(text)}, ${number})`).join("; ");
}

function names(codes) {
  return [...codes].map((code) => Object.entries(refusals).find(([, value]) => value === code)?.[0]).join(", ");
}
