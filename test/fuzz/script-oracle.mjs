// What script owes a batch from the plugin, by the comments of proto/chatbridge/v1 and shared/design.md, on what protobufjs
// reads in the same bytes. Where bytes can be read in two ways, dropping them is as good as reading them plainly.
import { isDeepStrictEqual } from "node:util";
import { C2C, GROUP, isId } from "./conversation-ids.mjs";
import { entryId, jsonArray, notedId } from "./conversation-keys.mjs";
import { textOf } from "./wire-bytes.mjs";
import { Irregular, inspect, plainly } from "./wire-inspector.mjs";
import { enumValues, has, read } from "./wire-schema.mjs";

const codes = Object.fromEntries(
  Object.entries(enumValues("SendResult")).map(([name, code]) => [name.replace("SEND_RESULT_", ""), -code]),
);
const paramError = -4;
const version = 1;
export const maxEpoch = 0x7fff_ffff;
const deleted = 1;
const event = { add: 0, del: 1, update: 2, start: 3, finish: 4 };
const lastStatus = 3;
/** The changes of session that the bridge's own calls do not make: kicked offline, UserSig expired, notified. */
const othersChanges = [5, 6, 7];
/** Events were lost, and the list could not be had: it is asked for again after so long, if the core's trouble can pass. */
const relistGapMs = 1000;
const relistAttempts = 5;
const mostIds = 100;

/** What a reader may drop, or read as protobufjs reads what it plainly means. */
const droppable = [
  Irregular.GROUP,
  Irregular.FIELD_ZERO,
  Irregular.TAG,
  Irregular.OVER_64,
  Irregular.WIDE,
  Irregular.TWICE,
  Irregular.ONEOF_TWICE,
];
const beyondSafe = "a 64-bit number is beyond 2^53";
const beyondEpochs = "a session event's epoch is beyond 31 bits, which no plugin comes to";

/** The script's state as far as it decides what becomes of a batch. */
export class ScriptModel {
  epoch = 0;
  /** The plugin's, as the batches said. */
  pluginEpoch = 0;
  clock = 0;
  open = true;
  limit = 0;
  timeoutMs = 0;
  /** By call id, oldest first: `kind`, `tag` (the script's callback), `requestId`, `ids`, `epoch`, `deadline`. */
  live = new Map();
  expired = new Map();
  /** Conversations that the core said are gone: an Update of one may be dropped. */
  buried = new Set();
  /** The list after lost events: undefined, "asked", or when it is asked for again. */
  relist;
  lostAgain = false;
  counters = {
    strayResults: 0,
    lateResults: 0,
    eventsLost: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  };
  /** Frames and batches that were dropped: malformed is counted for each, at least. */
  dropped = 0;

  copy() {
    const copy = Object.assign(new ScriptModel(), this);
    copy.live = new Map(this.live);
    copy.expired = new Map(this.expired);
    copy.buried = new Set(this.buried);
    copy.counters = { ...this.counters };
    return copy;
  }

  /** The same for states from which the same can follow. */
  get place() {
    const { live, expired, buried, epoch, pluginEpoch, clock, relist, lostAgain, counters, open } = this;
    return JSON.stringify([
      [...live].map(([id, { deadline }]) => [id, deadline]),
      [...expired.keys()],
      [...buried],
      epoch,
      pluginEpoch,
      clock,
      relist,
      lostAgain,
      counters,
      open,
    ]);
  }
}

/**
 * The ways in which these bytes may be taken: messages as protobufjs reads them, or `undefined` for dropping them. `ways`:
 * the named conditions for there being more than one.
 */
export function readings(name, bytes) {
  const { broken, irregular } = inspect(name, bytes);
  if (broken !== undefined) return { messages: [undefined], ways: [] };
  const message = read(name, irregular.size === 0 ? bytes : plainly(name, bytes));
  if (message === undefined) throw new Error(`the oracle calls a ${name} well-formed that protobufjs refuses`);
  const ways = droppable.filter((way) => irregular.has(way));
  if (Number(message.sequence ?? message.clockMs) > Number.MAX_SAFE_INTEGER) ways.push(beyondSafe);
  if (has(message, "event") && has(message.event, "session") && message.epoch > maxEpoch) ways.push(beyondEpochs);
  return { messages: ways.length > 0 ? [message, undefined] : [message], ways };
}

/** What was seen of a turn is not what is owed. */
export class Mismatch extends Error {
  /** `explained`: how much of the log had been explained. */
  constructor(what, explained = 0) {
    super(what);
    this.explained = explained;
  }
}

/**
 * Explains a turn by the batch that was drained. `models`: the states in which script may be. `log`: what script sent, called
 * and emitted, in order; `bridge`: its counters, and how many calls it says are under way. Returns the states after it; throws an Error that says why there is no
 * explanation.
 */
export function explain(models, batchBytes, log, bridge) {
  const batches = readings("DrainBatch", batchBytes).messages;
  return explained(models, log, bridge, (seen) => batches.flatMap((batch, i) => turn(branch(seen, batches, i), batch)));
}

/** The same for what happens outside a batch: `events` is called with each possible state and the seen log. */
export function explainPlain(models, log, bridge, events) {
  return explained(models, log, bridge, (seen) => {
    events(seen);
    return [seen];
  });
}

/** What was seen is not what is owed: the reason is kept of the way that explained the most. */
let whyNot;

function explained(models, log, bridge, play) {
  whyNot = { explained: -1 };
  const ends = models
    .flatMap((model) => tried(() => play(new Seen(model.copy(), log))))
    .filter(
      (seen) =>
        tried(() => {
          seen.end(bridge);
          return [seen];
        }).length > 0,
    );
  if (ends.length === 0) throw new Error(`${whyNot.message}\nseen: ${show(log)}`);
  return distinct(ends).map(({ model }) => model);
}

function turn(first, batch) {
  const known = batch !== undefined && batch.state >= 1 && batch.state <= 3;
  const { model } = first;
  if (known) {
    model.clock = Math.max(model.clock, Number(batch.clockMs));
    model.pluginEpoch = Math.max(model.pluginEpoch, batch.epoch);
  } else model.dropped++;
  let seens = [first];
  for (const bytes of known ? batch.frames : []) {
    const takings = readings("ToScript", bytes).messages.flatMap(takingsOf);
    const ways = seens.flatMap((seen) =>
      takings.flatMap((taking, i) =>
        tried(() => {
          const here = branch(seen, takings, i);
          here.frame(taking.message, taking);
          return [here];
        }),
      ),
    );
    seens = distinct(ways);
  }
  return seens.flatMap((seen) => {
    const endings = seen.model.relist === undefined ? [true] : [true, false];
    return endings.flatMap((asksAgain, i) =>
      tried(() => {
        const here = branch(seen, endings, i);
        here.turnEnds(asksAgain);
        if (known && batch.state !== 1) here.close();
        return [here];
      }),
    );
  });
}

/**
 * What else may become of a frame: an Update may be one of ghosts only, which is not told; a list that was not had may be
 * asked for again or not, by a table of the vendor's codes that is not repeated here.
 */
function takingsOf(message) {
  const taking = { message, allGhosts: false, asksAgain: true };
  if (message === undefined) return [taking];
  if (has(message, "event") && message.event.conversation?.type === event.update)
    return [taking, { ...taking, allGhosts: true }];
  if (has(message, "result") || has(message, "lost")) return [taking, { ...taking, asksAgain: false }];
  return [taking];
}

/** The last of several ways may go on with the state itself. */
function branch(seen, ways, i) {
  return i === ways.length - 1 ? seen : seen.copy();
}

function tried(play) {
  try {
    return play();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    if (error.explained > whyNot.explained) whyNot = error;
    return [];
  }
}

/** Of several ways to the same state the one that owes the fewest drops. */
function distinct(seens) {
  if (seens.length === 1) return seens;
  const found = new Map();
  for (const seen of seens) {
    const { place } = seen;
    if (!(found.get(place)?.model.dropped <= seen.model.dropped)) found.set(place, seen);
  }
  return [...found.values()];
}

/** The log as it is explained, entry by entry. */
export class Seen {
  model;
  #log;
  #at;
  #asksAgain = true;

  constructor(model, log, at = 0) {
    this.model = model;
    this.#log = log;
    this.#at = at;
  }

  get place() {
    return `${this.#at} ${this.model.place}`;
  }

  copy() {
    return new Seen(this.model.copy(), this.#log, this.#at);
  }

  frame(message, { allGhosts, asksAgain }) {
    this.#asksAgain = asksAgain;
    if (message === undefined || message.version !== version) {
      this.model.dropped++;
      return;
    }
    if (has(message, "result")) this.#result(message.result);
    else if (has(message, "event")) this.#event(message, allGhosts);
    else if (has(message, "request")) this.#request(message);
    else if (has(message, "lost")) this.#lost(message.lost.count);
    else this.model.dropped++;
  }

  turnEnds(asksAgain) {
    const { model } = this;
    this.#asksAgain = asksAgain;
    if (typeof model.relist === "object" && model.clock >= model.relist.at) this.#askForList(model.relist.attempts);
    this.#expire();
  }

  #expire() {
    const { live, expired, clock, limit } = this.model;
    for (const [id, call] of [...live]) {
      if (call.deadline > clock) continue;
      live.delete(id);
      expired.set(id, call);
      if (expired.size > limit) expired.delete(expired.keys().next().value);
      this.#unanswered(call, codes.UNANSWERED);
    }
  }

  close() {
    const { live, expired } = this.model;
    this.model.open = false;
    this.#forgetFeed();
    expired.clear();
    for (const [id, call] of [...live]) {
      live.delete(id);
      this.#unanswered(call, codes.CLOSED);
    }
  }

  raiseEpoch(epoch) {
    const { model } = this;
    if (epoch <= model.epoch) return;
    model.epoch = epoch;
    this.#forgetFeed();
    model.expired.clear();
    for (const [id, call] of [...model.live]) {
      if (call.kind === "session" || call.kind === "asked" || call.epoch >= epoch) continue;
      model.live.delete(id);
      this.#unanswered(call, codes.STALE_EPOCH);
    }
  }

  end({ counters, pendingCalls }) {
    const extra = this.#log[this.#at];
    if (extra !== undefined) throw new Mismatch(`nobody is owed ${show(extra)}`, this.#at);
    const { model } = this;
    if (pendingCalls !== model.live.size) {
      throw new Mismatch(`${pendingCalls} calls are under way, and should be ${model.live.size}`, this.#at);
    }
    const { malformed, ...rest } = counters;
    if (!isDeepStrictEqual(rest, model.counters)) {
      throw new Mismatch(`the counters are ${show(rest)}, and should be ${show(model.counters)}`, this.#at);
    }
    if (malformed < model.dropped)
      throw new Mismatch(`${malformed} are counted as malformed of at least ${model.dropped}`, this.#at);
  }

  register(callId, call) {
    const { live, clock, timeoutMs } = this.model;
    if (live.has(callId) || callId < 1) throw new Mismatch(`the call id ${callId} is in use`, this.#at);
    live.set(callId, { ...call, deadline: clock + timeoutMs });
  }

  /** The next entry, which must be of that kind and agree with `fields`. */
  next(kind, fields) {
    const entry = this.#log[this.#at];
    const differing = Object.entries(fields).find(([name, value]) => !isDeepStrictEqual(entry?.[name], value));
    if (entry?.kind !== kind || differing !== undefined) {
      throw new Mismatch(`owed is ${kind} ${show(fields)}, and seen was ${show(entry)}`, this.#at);
    }
    this.#at++;
    return entry;
  }

  #result({ callId, code, desc, json }) {
    const { live, expired, counters } = this.model;
    const call = live.get(callId);
    if (call !== undefined) {
      live.delete(callId);
      this.#answered(call, code, textOf(Buffer.from(desc)), textOf(Buffer.from(json)));
      return;
    }
    const late = expired.get(callId);
    expired.delete(callId);
    if (late === undefined || late.ids === undefined) {
      counters.strayResults++;
      return;
    }
    counters.lateResults++;
    const { requestId, ids } = late;
    this.next("notice", { name: "lateResult", requestId, count: ids.length });
    this.next("late", { requestId, count: ids.length });
  }

  #answered(call, code, desc, json) {
    // Words that are not UTF-8 are shown in some way or other.
    const words = desc === undefined ? {} : { desc };
    if (call.kind === "session") this.#callback(call, { code, ...words });
    else if (call.kind === "list") this.#listed(call, code, words, json);
    else if (call.kind === "relist") this.#relisted(call, code, json);
    else if (call.kind !== "asked") this.#completed(call, code, words, (id) => deletedIn(call, code, json, id));
  }

  #listed(call, code, words, json) {
    const ids = listOf(json);
    if (code === 0 && ids === undefined) this.#callback(call, { code: codes.BAD_FRAME, count: 0 });
    else this.#callback(call, { code, ...words, count: (ids ?? []).length });
  }

  /** Script asks for the list by itself, once, however many events were lost. */
  #lost(count) {
    const { model } = this;
    model.counters.eventsLost += count;
    if (model.relist === undefined) this.#askForList(relistAttempts);
    else model.lostAgain = true;
  }

  #askForList(attempts) {
    const { model } = this;
    model.lostAgain = false;
    if (model.live.size >= model.limit) {
      this.#relistFailed(attempts);
      return;
    }
    const { callId, answer } = this.next("call", {
      epoch: model.epoch,
      originRequestId: 0,
      method: { convGetConvList: {} },
    });
    if (answer !== 0) {
      this.#relistFailed(attempts);
      return;
    }
    this.register(callId, { kind: "relist", attempts, epoch: model.epoch });
    model.relist = "asked";
  }

  #relistFailed(attempts) {
    const { model } = this;
    model.relist =
      this.#asksAgain && attempts > 1 ? { at: model.clock + relistGapMs, attempts: attempts - 1 } : undefined;
  }

  #relisted({ attempts }, code, json) {
    const { model } = this;
    const ids = listOf(json);
    if (code !== 0 || ids === undefined) {
      this.#relistFailed(attempts);
      return;
    }
    model.relist = undefined;
    const { ids: there } = this.next("notice", { name: "conversationListReset" });
    this.#onlyGhostsDropped(ids, there);
    if (model.lostAgain) this.#askForList(relistAttempts);
    this.next("reset", { ids: there });
  }

  /** Another user's conversations are others. */
  #forgetFeed() {
    const { model } = this;
    model.relist = undefined;
    model.lostAgain = false;
    model.buried.clear();
  }

  #unanswered(call, code) {
    if (call.kind === "asked") return;
    if (call.kind === "relist") {
      if (this.model.relist === "asked") this.#relistFailed(call.attempts);
    } else if (call.kind === "session" || call.kind === "list") this.#callback(call, { code });
    else this.#completed(call, code, {}, () => false);
  }

  /** C# is told, then the callback, then script's listeners; deleted is only what the core said was. */
  #completed(call, code, words, isDeleted) {
    const { requestId, ids } = call;
    const { outcomes } = this.next("notice", { name: "deleteCompleted", requestId, code, count: ids.length });
    for (const [i, id] of ids.entries()) {
      if ((outcomes[i] === deleted) !== isDeleted(id))
        throw new Mismatch(`${id} has outcome ${outcomes[i]}, code ${code}`, this.#at);
    }
    if (call.tag !== undefined) this.#callback(call, { code, ...words });
    this.next("completed", { requestId, code, count: ids.length });
  }

  #callback({ tag, throws }, fields) {
    this.next("callback", { tag, ...fields });
    if (throws) this.model.counters.callbackErrors++;
  }

  #event(message, allGhosts) {
    const body = message.event;
    if (has(body, "session")) this.#sessionEvent(message.epoch, body.session.kind);
    else if (has(body, "conversation")) this.#conversationEvent(body.conversation, allGhosts);
    else if (has(body, "network")) this.#networkEvent(body.network);
    else this.model.dropped++;
  }

  #sessionEvent(epoch, kind) {
    this.raiseEpoch(epoch);
    if (!othersChanges.includes(kind)) return;
    this.next("notice", { name: "sessionChanged", value: kind });
    this.next("session", {});
  }

  #networkEvent({ status, code }) {
    if (status < 0 || status > lastStatus) {
      this.model.counters.unknownEvents++;
      return;
    }
    this.next("notice", { name: "connectionChanged", value: status, code });
    this.next("connection", { value: status, code });
  }

  #conversationEvent({ type, json }, allGhosts) {
    const text = textOf(Buffer.from(json));
    if (text === undefined) {
      this.model.dropped++;
      return;
    }
    const ids = (jsonArray(text) ?? []).map(entryId).filter((id) => id !== undefined);
    switch (type) {
      case event.add:
        for (const id of ids) this.model.buried.delete(id);
        this.#told("conversationsAdded", "added", ids);
        break;
      case event.del:
        for (const id of ids) this.model.buried.add(id);
        this.#told("conversationsDeleted", "deleted", ids);
        break;
      case event.update:
        this.#updated(ids, allGhosts);
        break;
      case event.start:
      case event.finish:
        this.next("notice", { name: "conversationListSync", value: type === event.start ? 1 : 2 });
        this.next("sync", { value: type === event.start ? "started" : "finished" });
        break;
      default:
        this.model.counters.unknownEvents++;
    }
  }

  #told(name, kind, ids) {
    if (ids.length === 0) return;
    this.next("notice", { name, ids });
    this.next(kind, { ids });
  }

  #updated(ids, allGhosts) {
    if (ids.length === 0) return;
    if (allGhosts) {
      this.#onlyGhostsDropped(ids, []);
      return;
    }
    const { ids: there } = this.next("notice", { name: "conversationsUpdated" });
    this.#onlyGhostsDropped(ids, there);
    this.next("updated", { ids: there });
  }

  /**
   * What is left out had been deleted; the rest is in its order, and is there again. Of one that is named several times the
   * first are left out: once it is there again, it is no ghost.
   */
  #onlyGhostsDropped(ids, there) {
    const { buried, counters } = this.model;
    const mismatch = () => new Mismatch(`the core told of ${show(ids)}, and script of ${show(there)}`, this.#at);
    const dropped = countsOf(ids);
    for (const id of there) dropped.set(id, (dropped.get(id) ?? 0) - 1);
    const rest = ids.filter((id) => {
      const left = dropped.get(id);
      if (left === 0) return true;
      if (!buried.has(id)) throw mismatch();
      counters.updatesDropped++;
      dropped.set(id, left - 1);
      return false;
    });
    if (!isDeepStrictEqual(rest, there)) throw mismatch();
    for (const id of there) buried.delete(id);
  }

  #request({ request, epoch }) {
    const { model } = this;
    const { requestId } = request;
    const method = readRequest(request);
    if (requestId === 0 || method === undefined) {
      model.dropped++;
      if (requestId !== 0) this.#completed({ requestId, ids: [] }, paramError, {}, () => false);
      return;
    }
    const call = { kind: "single", requestId, ids: method.ids, batch: method.sent.convDeleteList !== undefined, epoch };
    if (call.batch) call.kind = "batch";
    if (epoch !== model.epoch) this.#completed(call, codes.STALE_EPOCH, {}, () => false);
    else if (model.live.size >= model.limit) this.#completed(call, codes.BUSY, {}, () => false);
    else this.#sent(call, method.sent);
  }

  /** The core is asked for exactly what the frame says. */
  #sent(call, method) {
    const { model } = this;
    const { callId, answer } = this.next("call", { epoch: model.epoch, originRequestId: call.requestId, method });
    if (answer === 0) this.register(callId, call);
    else if (answer !== codes.NOT_QUEUED) this.#completed(call, answer, {}, () => false);
  }
}

/** What a request asks the core for; undefined: nothing that is sound. */
function readRequest(request) {
  if (has(request, "convDelete")) {
    const { convId, convType } = request.convDelete;
    if (!has(request.convDelete, "convId") || (convType !== C2C && convType !== GROUP) || !isId(convId, convType))
      return undefined;
    const text = textOf(convId);
    return {
      ids: [`${convType === C2C ? "c2c_" : "group_"}${text}`],
      sent: { convDelete: { convId: text, convType } },
    };
  }
  if (!has(request, "convDeleteList") || !has(request.convDeleteList, "clearMessage")) return undefined;
  const { convIds, clearMessage } = request.convDeleteList;
  const ids = convIds
    .map((bytes) => textOf(Buffer.from(bytes)))
    .map((text) => (text === undefined ? undefined : notedId(text)));
  const sound = ids.length >= 1 && ids.length <= mostIds && ids.every((id) => id?.includes("_"));
  return sound ? { ids, sent: { convDeleteList: { convIds: [...new Set(ids)], clearMessage } } } : undefined;
}

function countsOf(ids) {
  const counts = new Map();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** The conversations of a list, which is of ConvInfo objects only; undefined: there is none. */
function listOf(json) {
  const entries = json === undefined ? undefined : jsonArray(json);
  return entries
    ?.filter((entry) => typeof entry === "object")
    .map(entryId)
    .filter((id) => id !== undefined);
}

/** Whether the core's answer says of this conversation, without contradicting itself, that it is deleted. */
function deletedIn({ kind }, code, json, id) {
  if (kind === "single") return code === 0;
  const said = (json === undefined ? [] : (jsonArray(json) ?? []))
    .filter((item) => item?.conversation_operation_result_conversation_id === id)
    .map((item) => item.conversation_operation_result_result_code)
    .filter((each) => each === (each | 0));
  return said.length > 0 && said.every((each) => each === 0);
}

function show(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
