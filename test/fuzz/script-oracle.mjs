// What script owes to the messages that the host handed it (to-script-reading.mjs) and to the game's calls, by the comments of
// proto/chatbridge/v1 and the rules of ARCHITECTURE.md: what it sends, calls and emits, in order, and nothing else.
import { isDeepStrictEqual } from "node:util";
import { entryId, jsonArray } from "./conversation-keys.mjs";
import { Finding } from "./findings.mjs";
import { deletedIn, listOf, readRequest } from "./to-script-contents.mjs";
import { textOf } from "./wire-bytes.mjs";
import { enumValues, has } from "./wire-schema.mjs";

const codes = Object.fromEntries(
  Object.entries(enumValues("SendResult")).map(([name, code]) => [name.replace("SEND_RESULT_", ""), -code]),
);
const paramError = -4;
export const maxEpoch = 0x7fff_ffff;
const deleted = 1;
const event = { add: 0, del: 1, update: 2, start: 3, finish: 4 };
const lastStatus = 3;
const notified = 7;
/** ERROR_SOURCE_BRIDGE */
const bridgeSource = 1;
/** TIMLoginStatus of a user who is signed in. */
const signedIn = "1";
/** The changes of session that the bridge's own calls do not make: kicked offline, UserSig expired, notified. */
/** A session call that nobody waits for. */
const carriedOut = 8;
const othersChanges = [5, 6, notified];

/** The script's state as far as it decides what it owes, and the log as it is explained, entry by entry. */
export class ScriptOracle {
  epoch;
  open = true;
  #endedAs;
  /** Calls under way by id, oldest first: `kind`, `tag` (the script's callback), `requestId`, `ids`, `epoch`, `deadline`. */
  live = new Map();
  expired = new Map();
  #pluginEpoch;
  #clock;
  #limit;
  #timeoutMs;
  /** Conversations that the core said are gone: an Update of one may be dropped. */
  #buried = new Set();
  /** Script knows that events were lost, and has not asked for the list since. */
  #outOfDate = false;
  /**
   * The list that script asks for by itself after lost events. "maybe": it was not had, and is asked for again if the core's
   * trouble can pass and it was not asked too often, which is not judged here.
   */
  #relist = "none";
  /** Whom script has signed in; null: nobody is; undefined: not known. */
  #user;
  #userMayBeAnother = false;
  /** Session calls that the core has not carried out, as far as script knows, in the order in which it got them. */
  #changesUnderWay = [];
  #isUnclear = false;
  /** Changes that the core or the game reported meanwhile. */
  #heldChanges = [];
  #signOffsBefore = [];
  /** Of the session calls that were under way together, the last that has signed somebody in or out. */
  #lastSigned;
  #sessionCalls = 0;
  #unheard;
  #isTurning = false;
  /** Became certain in this turn: C#'s requests that come in it may have been asked for while the user was changing. */
  #wasInDoubt = false;
  #counters = {
    strayResults: 0,
    lateResults: 0,
    eventsLost: 0,
    staleEvents: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  };
  /** What was refused: malformed is counted for each, at least. */
  #refused = 0;
  #log = [];
  #at = 0;

  constructor({ epoch, clock, limit, timeoutMs }) {
    this.epoch = epoch;
    this.#pluginEpoch = epoch;
    this.#clock = clock;
    this.#limit = limit;
    this.#timeoutMs = timeoutMs;
  }

  /** Explains a log by what `play` says has happened, and holds the bridge's own numbers against it. Throws a Finding. */
  explain(log, { counters, pendingCalls }, play) {
    this.#log = log;
    this.#at = 0;
    play();
    const extra = log[this.#at];
    if (extra !== undefined) this.#wrong(`nobody is owed ${show(extra)}`);
    if (pendingCalls !== this.live.size) {
      this.#wrong(`${pendingCalls} calls are under way, and should be ${this.live.size}`);
    }
    const { malformed, ...rest } = counters;
    if (!isDeepStrictEqual(rest, this.#counters)) {
      this.#wrong(`the counters are ${show(rest)}, and should be ${show(this.#counters)}`);
    }
    if (malformed < this.#refused) this.#wrong(`${malformed} are counted as malformed of at least ${this.#refused}`);
  }

  /** A turn, in which the host read this. */
  turn({ messages, missing, endedAs, clock, epoch, heardUntil }) {
    this.#clock = clock;
    this.#pluginEpoch = epoch;
    this.#isTurning = true;
    for (const message of messages) {
      this.#hostTold("frame");
      if (this.#unheard?.isHeardWithTheTurn === false) this.#release();
      this.#frame(message);
    }
    if (missing) {
      this.#hostTold("framesLost");
      // How many events they were nobody knows.
      this.#eventsLost(0);
    }
    this.#hostTold("turnEnded");
    this.#allHeard();
    if (this.#relist === "maybe" && this.#nextIsList) this.#askForList();
    this.#expire(heardUntil);
    if (endedAs === undefined) return;
    this.#hostTold("lost");
    this.close(endedAs);
  }

  close(endedAs = codes.CLOSED) {
    this.open = false;
    this.#endedAs = endedAs;
    this.#newEpoch();
    this.expired.clear();
    this.#settleAll(() => true, endedAs);
  }

  /** Why the bridge hands no call of that kind to the core. */
  refusal(kind) {
    if (!this.open) return this.#endedAs;
    const deletes = kind === "single" || kind === "batch";
    if (deletes && this.#changesUnderWay.length > 0) return codes.USER_CHANGING;
    return this.live.size >= this.#limit ? codes.BUSY : undefined;
  }

  /** A call of the game's that the bridge does not refuse. Returns the core's answer. */
  call(call, method) {
    return this.#sent({ requestId: 0, ...call, epoch: this.epoch }, method);
  }

  /** A session call begins another epoch, and the plugin's counts even where the call did not reach it. */
  sessionCalled(reachedTheCore, isUnderWay) {
    const counted = reachedTheCore ? this.epoch + 1 : this.epoch;
    if (isUnderWay) this.#began([...this.live.values()].at(-1));
    if (this.#pluginEpoch > counted) this.#awaitUnheard();
    this.#raiseEpoch(Math.max(counted, this.#pluginEpoch));
    this.#whereUserIsCertain();
  }

  /** The plugin has counted a change that script has not heard of. */
  #awaitUnheard() {
    this.#changesUnderWay = this.#changesUnderWay.filter((each) => each !== this.#unheard);
    // What waits then has been heard at the turn's end, or when the next turn's first frame comes.
    this.#unheard = { isHeardWithTheTurn: this.#isTurning };
    this.#began(this.#unheard);
  }

  #began(change) {
    change.number = ++this.#sessionCalls;
    this.#changesUnderWay.push(change);
  }

  #allHeard() {
    this.#isTurning = false;
    this.#wasInDoubt = false;
    this.#release();
  }

  #release() {
    if (this.#unheard === undefined) return;
    this.#changesUnderWay = this.#changesUnderWay.filter((each) => each !== this.#unheard);
    this.#unheard = undefined;
    this.#whereUserIsCertain();
  }

  /** Whose a list would be is certain, and there is somebody to list for. */
  get #mayList() {
    return this.open && this.#changesUnderWay.length === 0 && this.#user !== null;
  }

  /** The core has answered a session call; no code: it has not, and will not be waited for. */
  #sessionEnded(call, code, isLate = false, source = undefined) {
    const isUnknown = code === undefined || (code !== 0 && source === bridgeSource);
    if (!isLate && this.#changesUnderWay.includes(call)) this.#wasInDoubt = this.#isTurning;
    if (code === 0) {
      this.#carriedOut(call);
      // What was heard since its deadline may be of either user.
      if (!isLate) this.#hasSigned(call);
    } else if (isUnknown && this.#changesUnderWay.includes(call)) this.#userIsNow(undefined);
    this.#changesUnderWay = this.#changesUnderWay.filter((each) => each !== call);
    if (this.#changesUnderWay.length === 0) this.#isUnclear = false;
    if (isLate && code === 0) this.#carriedOutLate();
    this.#whereUserIsCertain();
  }

  /** The user has changed behind everybody's back: as the game's own word, told to the plugin, and the list is asked for. */
  #carriedOutLate() {
    if (this.#pluginEpoch > this.epoch) this.#awaitUnheard();
    const epoch = Math.min(this.epoch + 1, maxEpoch);
    this.#next("epochRaised", { epoch });
    this.#sessionEvent(Math.max(this.#pluginEpoch, epoch), carriedOut);
    this.#eventsLost(0);
  }

  #carriedOut(call) {
    const at = this.#changesUnderWay.indexOf(call);
    if (call.letsGo && at > 0) this.#changesUnderWay.splice(0, at);
    if (this.#changesUnderWay[0] !== call) this.#isUnclear = true;
    this.#userIsNow(this.#isUnclear ? undefined : call.signsIn);
  }

  #userIsNow(user) {
    if (user === undefined || user !== this.#user) this.#userMayBeAnother = true;
    this.#user = user;
  }

  #whereUserIsCertain() {
    if (this.#changesUnderWay.length > 0) return;
    if (this.#userMayBeAnother) this.#buried = new Set();
    this.#userMayBeAnother = false;
    this.#judgeSignOffs();
    for (const kind of this.#heldChanges.splice(0)) {
      if (!othersChanges.includes(kind)) continue;
      if (kind === notified) this.#wasInDoubt = this.#isTurning;
      this.#next("notice", { name: "sessionChanged", value: kind });
      this.#next("session", {});
    }
    this.#listIfDue();
  }

  /** Sign-offs that came before a call's answer may have been of whoever was there before. */
  #hasSigned(call) {
    this.#lastSigned = this.#lastSigned?.number > call.number ? this.#lastSigned : call;
    this.#signOffsBefore.push(...this.#heldChanges.filter((kind) => kind !== notified));
    this.#heldChanges = this.#heldChanges.filter((kind) => kind === notified);
  }

  /** Where somebody is signed in, the core is asked whether they still are. */
  #judgeSignOffs() {
    const [signed, signOffs] = [this.#lastSigned, this.#signOffsBefore];
    this.#lastSigned = undefined;
    this.#signOffsBefore = [];
    if (signed === undefined || signOffs.length === 0) return;
    if (signed.signsIn === null) {
      this.#counters.staleEvents += signOffs.length;
      return;
    }
    const call = { kind: "status", requestId: 0, epoch: this.epoch, signOffs };
    const answer = this.refusal("status") ?? this.#sent(call, { getLoginStatus: {} });
    if (answer !== 0) this.#heldChanges.push(...signOffs);
  }

  #statusHeard({ signOffs }, isSignedIn) {
    if (isSignedIn) this.#counters.staleEvents += signOffs.length;
    else this.#heldChanges.push(...signOffs);
    this.#whereUserIsCertain();
  }

  #raiseEpoch(epoch) {
    if (epoch <= this.epoch) return;
    this.epoch = epoch;
    this.#newEpoch();
    const endsWithEpoch = ({ kind }) => kind !== "session" && kind !== "asked" && kind !== "status";
    for (const [id, call] of this.expired) if (endsWithEpoch(call)) this.expired.delete(id);
    const ends = (call) => endsWithEpoch(call) && call.epoch < epoch;
    this.#settleAll(ends, codes.STALE_EPOCH);
  }

  #expire(heardUntil) {
    for (const [id, call] of this.#settleAll(({ deadline }) => deadline <= heardUntil, codes.UNANSWERED)) {
      this.expired.set(id, call);
      const isForgettable = ([, { kind }]) => kind !== "session";
      if (this.expired.size > this.#limit) this.expired.delete([...this.expired].find(isForgettable)?.[0]);
    }
  }

  #settleAll(ends, code) {
    const ended = [...this.live].filter(([, call]) => ends(call));
    for (const [id, call] of ended) {
      this.live.delete(id);
      // Whoever counts the calls under way counts it no longer.
      if (this.open) this.#next("cancel", { callId: id });
      this.#unanswered(call, code);
    }
    return ended;
  }

  #frame(message) {
    if (has(message, "result")) this.#result(message.result);
    else if (has(message, "event")) this.#event(message);
    else if (has(message, "request")) this.#request(message);
    else this.#eventsLost(message.lost.count);
  }

  #result({ callId, source, code, desc, json }) {
    const call = this.live.get(callId);
    if (call !== undefined) {
      this.live.delete(callId);
      this.#answered(call, code, textOf(desc), textOf(json), source);
      return;
    }
    const late = this.expired.get(callId);
    this.expired.delete(callId);
    if (late?.ids === undefined) {
      this.#counters.strayResults++;
      if (late?.kind === "session") this.#sessionEnded(late, code, true);
      return;
    }
    this.#counters.lateResults++;
    const fields = { requestId: late.requestId, count: late.ids.length };
    this.#next("notice", { name: "lateResult", ...fields });
    this.#next("late", fields);
  }

  #answered(call, code, desc, json, source) {
    // Words that are not UTF-8 are shown in some way or other.
    const words = desc === undefined ? {} : { desc };
    switch (call.kind) {
      case "session":
        this.#sessionEnded(call, code, false, source);
        this.#callback(call, { code, ...words });
        break;
      case "list": {
        const list = listOf(json);
        if (code === 0 && list === undefined) this.#callback(call, { code: codes.BAD_FRAME, count: 0 });
        else this.#callback(call, { code, ...words, count: (list ?? []).length });
        break;
      }
      case "relist":
        this.#relisted(code, listOf(json));
        break;
      case "asked":
        break;
      case "status":
        this.#statusHeard(call, code === 0 && json?.trim() === signedIn);
        break;
      default:
        this.#completed(call, code, words, (id) => deletedIn(call, code, json, id));
    }
  }

  #unanswered(call, code) {
    if (call.kind === "relist") {
      if (this.#relist === "asked") this.#relist = "maybe";
    } else if (call.kind === "session" || call.kind === "list") {
      if (call.kind === "session") this.#sessionEnded(call, undefined);
      this.#callback(call, { code });
    } else if (call.kind === "status") this.#statusHeard(call, false);
    else if (call.kind !== "asked") this.#completed(call, code, {}, () => false);
  }

  /** C# is told, then the callback, then script's listeners; deleted is only what the core said was. */
  #completed(call, code, words, isDeleted) {
    const { requestId, ids } = call;
    const { outcomes } = this.#next("notice", { name: "deleteCompleted", requestId, code, count: ids.length });
    for (const [i, id] of ids.entries()) {
      if ((outcomes[i] === deleted) !== isDeleted(id)) this.#wrong(`${id} has outcome ${outcomes[i]}, code ${code}`);
    }
    if (call.tag !== undefined) this.#callback(call, { code, ...words });
    this.#next("completed", { requestId, code, count: ids.length });
  }

  #callback({ tag, throws }, fields) {
    this.#next("callback", { tag, ...fields });
    if (throws) this.#counters.callbackErrors++;
  }

  #request({ request, epoch }) {
    const { requestId } = request;
    const method = requestId === 0 ? undefined : readRequest(request);
    if (method === undefined) {
      this.#refused++;
      if (requestId !== 0) this.#completed({ requestId, ids: [] }, paramError, {}, () => false);
      return;
    }
    const call = { kind: method.kind, requestId, ids: method.ids, epoch };
    const doubt = this.#wasInDoubt ? codes.USER_CHANGING : undefined;
    const refusal = epoch === this.epoch ? (doubt ?? this.refusal(method.kind)) : codes.STALE_EPOCH;
    const answer = refusal ?? this.#sent(call, method.sent);
    // Not queued: C# has settled it.
    if (answer !== 0 && answer !== codes.NOT_QUEUED) this.#completed(call, answer, {}, () => false);
  }

  /** The core is asked for exactly this. Returns its answer. */
  #sent(call, method) {
    const due = { epoch: this.epoch, originRequestId: call.requestId, method };
    const { callId, answer } = this.#next("call", due);
    if (answer !== 0) return answer;
    if (this.live.has(callId) || callId < 1) this.#wrong(`the call id ${callId} is in use`);
    this.live.set(callId, { ...call, deadline: this.#clock + this.#timeoutMs });
    return answer;
  }

  #event({ event: body, epoch }) {
    if (has(body, "session")) this.#sessionEvent(epoch, body.session.kind);
    else if (has(body, "conversation")) this.#conversationEvent(body.conversation, epoch);
    else if (has(body, "network")) this.#networkEvent(body.network);
    else this.#refused++;
  }

  #sessionEvent(epoch, kind) {
    this.#raiseEpoch(epoch);
    this.#isUnclear = this.#changesUnderWay.length > 0;
    this.#userIsNow(undefined);
    this.#heldChanges.push(kind === carriedOut ? notified : kind);
    this.#whereUserIsCertain();
  }

  #networkEvent({ status, code }) {
    if (status < 0 || status > lastStatus) {
      this.#counters.unknownEvents++;
      return;
    }
    this.#next("notice", { name: "connectionChanged", value: status, code });
    this.#next("connection", { value: status, code });
    if (status === 0) this.#listIfDue();
  }

  #conversationEvent({ type, json }, epoch) {
    const text = textOf(json);
    if (text === undefined) {
      this.#refused++;
      this.#eventsLost(1);
      return;
    }
    const namesNobody = type === event.start || type === event.finish;
    if (epoch < this.epoch || (this.#changesUnderWay.length > 0 && !namesNobody)) {
      // Whose it is, is not certain.
      this.#counters.staleEvents++;
      this.#eventsLost(0);
      return;
    }
    // An event without any text names nobody, and says so of no list.
    const all = text === "" ? undefined : jsonArray(text)?.map(entryId);
    const ids = all?.filter((id) => id !== undefined) ?? [];
    // What cannot be read may have said anything.
    const names = type === event.add || type === event.del || type === event.update;
    if (names && ids.length !== all?.length) this.#eventsLost(1);
    switch (type) {
      case event.add:
        for (const id of ids) this.#buried.delete(id);
        this.#told("conversationsAdded", "added", ids);
        break;
      case event.del:
        for (const id of ids) this.#buried.add(id);
        this.#told("conversationsDeleted", "deleted", ids);
        break;
      case event.update:
        this.#updated(ids);
        break;
      case event.start:
      case event.finish:
        this.#next("notice", { name: "conversationListSync", value: type === event.start ? 1 : 2 });
        this.#next("sync", { value: type === event.start ? "started" : "finished" });
        if (type === event.finish) this.#listIfDue();
        break;
      default:
        this.#counters.unknownEvents++;
    }
  }

  #told(name, kind, ids) {
    if (ids.length === 0) return;
    this.#next("notice", { name, ids });
    this.#next(kind, { ids });
  }

  #updated(ids) {
    const there = this.#isNext("notice", { name: "conversationsUpdated" }) ? this.#log[this.#at].ids : [];
    this.#onlyGhostsDropped(ids, there);
    this.#told("conversationsUpdated", "updated", there);
  }

  /**
   * What is left out had been deleted; the rest is in its order, and is there again. Of one that is named several times the
   * first are left out: once it is there again, it is no ghost.
   */
  #onlyGhostsDropped(ids, there) {
    const left = countsOf(ids);
    for (const id of there) left.set(id, (left.get(id) ?? 0) - 1);
    const rest = ids.filter((id) => {
      if (left.get(id) === 0) return true;
      if (!this.#buried.has(id)) this.#wrong(`${id} was told by the core and left out: ${show(there)} of ${show(ids)}`);
      this.#counters.updatesDropped++;
      left.set(id, left.get(id) - 1);
      return false;
    });
    if (!isDeepStrictEqual(rest, there)) this.#wrong(`the core told of ${show(ids)}, and script of ${show(there)}`);
    for (const id of there) this.#buried.delete(id);
  }

  /** Script asks for the list by itself, once, however many events were lost. */
  #eventsLost(count) {
    this.#counters.eventsLost += count;
    this.#outOfDate = true;
    this.#listIfDue();
  }

  #listIfDue() {
    if (!this.#mayList) return;
    const isDue = this.#relist === "none" && this.#outOfDate;
    if (isDue || (this.#relist === "maybe" && this.#nextIsList)) this.#askForList();
  }

  #askForList() {
    this.#outOfDate = false;
    const call = { kind: "relist", requestId: 0, epoch: this.epoch };
    const answer = this.refusal("relist") ?? this.#sent(call, { convGetConvList: {} });
    this.#relist = answer === 0 ? "asked" : "maybe";
  }

  #relisted(code, list) {
    if (code !== 0 || list === undefined) {
      this.#relist = "maybe";
      return;
    }
    this.#relist = "none";
    const { ids } = this.#next("notice", { name: "conversationListReset" });
    this.#onlyGhostsDropped(list, ids);
    this.#listIfDue();
    this.#next("reset", { ids });
  }

  /** A list that was asked for in an earlier epoch does not come any more. */
  #newEpoch() {
    this.#outOfDate ||= this.#relist !== "none";
    this.#relist = "none";
  }

  get #nextIsList() {
    return this.#isNext("call", { originRequestId: 0, name: "convGetConvList" });
  }

  /** What the host told the bridge, which is known already to be right. */
  #hostTold(kind) {
    for (; this.#isNext("malformed", {}); this.#at++) this.#refused++;
    this.#next(kind, {});
  }

  #isNext(kind, fields) {
    const entry = this.#log[this.#at];
    return (
      entry?.kind === kind && Object.entries(fields).every(([name, value]) => isDeepStrictEqual(entry[name], value))
    );
  }

  /** The next entry, which must be of that kind and agree with `fields`. */
  #next(kind, fields) {
    if (!this.#isNext(kind, fields))
      this.#wrong(`owed is ${kind} ${show(fields)}, and seen was ${show(this.#log[this.#at])}`);
    return this.#log[this.#at++];
  }

  #wrong(what) {
    throw new Finding(`${what}\nseen: ${show(this.#log)}`);
  }
}

function countsOf(ids) {
  const counts = new Map();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function show(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
