// The script side under fire: mutated DrainBatch and ToScript frames into the production PuertsHost, Bridge and NativeCore.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../tools/lib/root.mjs";
import { Finding } from "./findings.mjs";
import { FuzzScriptPort } from "./fuzz-script-port.mjs";
import { goodGroupIds, goodIds } from "./hostile-values.mjs";
import { mutate } from "./mutations.mjs";
import { Random } from "./random.mjs";
import { explain, explainPlain, Mismatch, maxEpoch, readings, ScriptModel } from "./script-oracle.mjs";
import { goodAnswer, goodToScript } from "./to-script-frames.mjs";
import { read, write } from "./wire-schema.mjs";

/** Mutated frames to one bridge. A frame's number says which round it is in, so that the round can be played alone. */
const framesPerRound = 2000;
const mostFramesATurn = 8;
const mostCalls = 48;
const timeoutMs = 2000;
const kinds = [
  "call",
  "notice",
  "callback",
  "completed",
  "late",
  "deleted",
  "added",
  "updated",
  "reset",
  "sync",
  "session",
  "connection",
];
const heapSlack = 4 << 20;

/** Delivers `count` mutated frames, or replays the round of frame `only` up to it. Returns what was seen; throws a Finding. */
export async function fuzzScript({ seed, count, only, progress }) {
  const { connect } = await production();
  // Stacks of the many errors that script reports would take most of the time. A replay has them.
  if (only === undefined) Error.stackTraceLimit = 0;
  const seen = {
    frames: 0,
    mutated: 0,
    decoded: 0,
    batches: 0,
    mutatedBatches: 0,
    settled: 0,
    log: {},
    conditions: {},
    counters: {},
  };
  const firstRound = only === undefined ? 0 : Math.floor(only / framesPerRound);
  const end = only === undefined ? count : only + 1;
  let firstHeap;
  for (let round = firstRound; round * framesPerRound < end; round++) {
    progress(round * framesPerRound);
    await new Round(connect, seed, round, Math.min(end, (round + 1) * framesPerRound), only, seen).play();
    if (round === firstRound + 1) firstHeap = heap();
  }
  if (only === undefined) checkWhole(seen, firstHeap);
  return seen;
}

/** The script's own sources, bundled as they are shipped. */
async function production() {
  const folder = join(root, ".cache/fuzz");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, "tim-chatbridge.mjs");
  await build({
    entryPoints: [join(root, "src/index.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2020",
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile));
}

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function checkWhole(seen, firstHeap) {
  const last = heap();
  seen.heap = { first: firstHeap, last };
  if (firstHeap !== undefined && last > firstHeap + heapSlack)
    throw new Finding(`the heap grew from ${firstHeap} to ${last} bytes`);
  for (const kind of kinds) {
    if (seen.mutated >= 20_000 && !seen.log[kind]) throw new Finding(`there was never a ${kind}`);
  }
  for (const [name, count] of Object.entries(seen.counters)) {
    if (seen.mutated >= 20_000 && count === 0) throw new Finding(`the counter ${name} never moved`);
  }
}

class Round {
  #random;
  #round;
  #index;
  #end;
  #only;
  #seen;
  #connect;
  #bridge;
  #port;
  /** The states in which script may be, the likeliest first. */
  #models;
  #tags = 0;
  /** How often each accepted call was called back. */
  #heard = new Map();
  #promised = 0;
  #promisesSettled = 0;
  #sequence = 0;
  #errors = 0;

  constructor(connect, seed, round, end, only, seen) {
    this.#connect = connect;
    this.#random = new Random(seed, round);
    this.#round = round;
    this.#index = round * framesPerRound;
    this.#end = end;
    this.#only = only;
    this.#seen = seen;
  }

  get #model() {
    return this.#models[0];
  }

  async play() {
    this.#open();
    while (this.#index < this.#end) {
      // A batch that said so has ended the bridge.
      if (!this.#model.open) {
        await this.#allSettled();
        this.#open();
      }
      this.#callSome();
      this.#turn();
    }
    if (this.#model.open) {
      this.#stillWorks();
      this.#bridge.close();
      this.#plainly((events) => events.close());
    }
    await this.#allSettled();
  }

  #open() {
    this.#port = new FuzzScriptPort();
    this.#sequence = 0;
    this.#models = [
      Object.assign(new ScriptModel(), {
        epoch: this.#port.epoch,
        clock: this.#port.clock,
        limit: mostCalls,
        timeoutMs,
      }),
    ];
    const onError = () => {
      this.#errors++;
      if (this.#errors % 7 === 0) throw new Error("whoever hears of errors fails too");
    };
    this.#bridge = this.#connect({ timeoutMs, maxPendingCalls: mostCalls, onError });
    const { log } = this;
    this.#bridge.onConversationDeleted(({ conversations }) => log({ kind: "deleted", ids: conversations.map(idOf) }));
    const told = (kind) => (event) => log({ kind, ids: event.conversations.map(({ key }) => idOf(key)) });
    this.#bridge.onConversationAdded(told("added"));
    this.#bridge.onConversationUpdated(told("updated"));
    this.#bridge.onConversationListReset(told("reset"));
    this.#bridge.onConversationListSync(({ state }) => log({ kind: "sync", value: state }));
    this.#bridge.onSessionChanged(() => log({ kind: "session" }));
    this.#bridge.onConnectionChanged(({ status, code }) => log({ kind: "connection", value: status, code }));
    this.#bridge.onDeleteCompleted(({ requestId, code, results }) =>
      log({ kind: "completed", requestId, code, count: results.length }),
    );
    this.#bridge.onLateResult(({ requestId, results }) => log({ kind: "late", requestId, count: results.length }));
  }

  log = (entry) => this.#port.log.push(entry);

  /** Calls of the game, of every kind. Some the core refuses. */
  #callSome() {
    const random = this.#random;
    for (let i = random.below(5); i > 0; i--) random.weighted(this.#calls)();
    // Beyond that there is no next epoch that a frame can carry.
    if (random.chance(0.02) && this.#model.epoch < 2 * maxEpoch) this.#sessionCall();
  }

  #calls = [
    [6, () => this.#single()],
    [4, () => this.#batch()],
    [2, () => this.#list()],
    [1, () => this.#promise()],
    [1, () => this.#askTheCore()],
  ];

  #single() {
    const convType = this.#random.between(1, 2);
    const convId = this.#random.pick(convType === 1 ? goodIds : goodGroupIds).toString();
    const ids = [`${convType === 1 ? "c2c_" : "group_"}${convId}`];
    this.#call({ kind: "single", ids }, { convDelete: { convId, convType } }, (callback, tag) =>
      this.#bridge.ConvDelete(convId, convType, callback, tag),
    );
  }

  #batch() {
    const random = this.#random;
    const ids = Array.from({ length: random.between(1, 4) }, () => `c2c_${random.pick(goodIds)}`);
    const clearMessage = random.chance(0.5);
    this.#call(
      { kind: "batch", ids },
      { convDeleteList: { convIds: [...new Set(ids)], clearMessage } },
      (callback, tag) =>
        this.#bridge.ConvDeleteConversationList(
          ids,
          clearMessage,
          (code, desc, _results, data) => callback(code, desc, data),
          tag,
        ),
    );
  }

  #list() {
    this.#call({ kind: "list" }, { convGetConvList: {} }, (callback, tag) =>
      this.#bridge.ConvGetConvList((code, desc, list, data) => callback(code, desc, data, list.length), tag),
    );
  }

  #promise() {
    const id = `c2c_${this.#random.pick(goodIds)}`;
    this.#answerWith(0);
    this.#promised++;
    const settled = () => this.#promisesSettled++;
    this.#bridge.deleteConversation(id).then(settled, settled);
    this.#plainly((events) => {
      if (this.#isFull(events)) return;
      this.#register(
        events,
        { kind: "single", ids: [id], requestId: 0 },
        { convDelete: { convId: id.slice(4), convType: 1 } },
      );
    });
  }

  /** What is asked in no user's name. */
  #askTheCore() {
    this.#answerWith(0);
    this.#promised++;
    const settled = () => this.#promisesSettled++;
    const [method, asked] = this.#random.pick([
      [{ getLoginStatus: {} }, () => this.#bridge.getLoginStatus()],
      [{ getSdkVersion: {} }, () => this.#bridge.getSdkVersion()],
    ]);
    asked().then(settled, settled);
    this.#plainly((events) => {
      if (!this.#isFull(events)) this.#register(events, { kind: "asked" }, method);
    });
  }

  #sessionCall() {
    const random = this.#random;
    const [method, call] = random.pick([
      [{ logout: {} }, (callback) => this.#bridge.Logout(callback)],
      [{ login: { userId: "alice", userSig: "sig" } }, (callback) => this.#bridge.Login("alice", "sig", callback)],
    ]);
    // The new epoch ends the deletes before the call returns; the plugin's counts even where the call did not reach it.
    this.#call({ kind: "session" }, method, call, (events, refused) => {
      const { epoch, pluginEpoch } = events.model;
      events.raiseEpoch(Math.max(refused ? epoch : epoch + 1, pluginEpoch));
    });
  }

  #call(call, method, make, thereafter = () => {}) {
    const tag = ++this.#tags;
    const throws = this.#random.chance(0.05);
    const answer = this.#random.chance(0.1) ? -4 : 0;
    this.#answerWith(answer);
    const callback = (code, desc, data, count) => {
      this.#heard.set(tag, (this.#heard.get(tag) ?? 0) + 1);
      this.log({ kind: "callback", tag: data ?? tag, code, desc, ...(count === undefined ? {} : { count }) });
      if (throws) throw new Error("a callback that throws");
    };
    const result = make(callback, tag);
    if (result === 0) this.#heard.set(tag, this.#heard.get(tag) ?? 0);
    this.#plainly((events) => {
      const full = this.#isFull(events);
      const due = full ? -1011 : answer;
      if (result !== due) throw new Mismatch(`a call returned ${result}, and should have returned ${due}`);
      if (!full) this.#register(events, { ...call, tag, throws, requestId: 0 }, method);
      thereafter(events, full);
    });
  }

  #isFull({ model }) {
    return model.live.size >= mostCalls;
  }

  #register(events, call, method) {
    const { model } = events;
    const { callId, answer } = events.next("call", { epoch: model.epoch, originRequestId: 0, method });
    if (answer !== 0) return;
    events.register(callId, { ...call, epoch: model.epoch });
  }

  #answerWith(code) {
    this.#port.answer = () => code;
  }

  #turn() {
    const random = this.#random;
    const port = this.#port;
    const requestAnswer = random.weighted([
      [8, 0],
      [1, -4],
      [1, -1010],
      [1, -1009],
    ]);
    this.#answerWith(requestAnswer);
    port.clock += random.chance(0.02) ? timeoutMs : random.between(0, 60);
    const frames = [];
    for (let i = random.below(mostFramesATurn + 1); i > 0 && this.#index < this.#end; i--) frames.push(this.#frame());
    const dataFolder = Buffer.from(random.chance(0.2) ? "/data/user/0/会话" : "");
    const header = { clockMs: port.clock, state: 1, epoch: this.#model.epoch, dataFolder };
    const good = write("DrainBatch", { ...header, frames });
    const spoil = random.chance(0.08) && this.#index < this.#end;
    const another = () => write("DrainBatch", { ...header, frames: [this.#goodFrame()] });
    const batch = spoil ? mutate(random, "DrainBatch", good, another) : good;
    if (spoil) this.#countMutated("DrainBatch", batch);
    this.#seen.batches++;
    if (spoil) this.#seen.mutatedBatches++;
    this.#deliver(batch);
  }

  #deliver(batch) {
    const described = { index: this.#index, bytes: batch };
    const replayed = this.#only !== undefined && this.#index > this.#only;
    if (replayed) console.log(`batch with frame ${this.#only} of round ${this.#round}:\n${batch.toString("hex")}`);
    try {
      this.#port.turn(batch);
    } catch (error) {
      throw new Finding(`script threw out of its wake: ${error.stack}`, described);
    }
    const log = this.#port.takeLog();
    if (replayed) console.log("seen", log);
    try {
      this.#models = explain(this.#models, batch, log, this.#bridge);
    } catch (error) {
      throw new Finding(error.message, described);
    }
    this.#count(log);
  }

  #frame() {
    const random = this.#random;
    const good = this.#goodFrame();
    this.#seen.frames++;
    if (!random.chance(0.85)) return good;
    const bytes = mutate(random, "ToScript", good, () => this.#goodFrame());
    this.#countMutated("ToScript", bytes);
    return bytes;
  }

  #goodFrame() {
    this.#sequence++;
    const { live, expired, epoch } = this.#model;
    const raised = this.#random.chance(0.01) ? 1 : 0;
    return goodToScript(this.#random, { live, expired, epoch: epoch + raised, sequence: this.#sequence });
  }

  #countMutated(name, bytes) {
    const seen = this.#seen;
    this.#index++;
    seen.mutated++;
    if (read(name, bytes) !== undefined) seen.decoded++;
    for (const way of readings(name, bytes).ways) seen.conditions[way] = (seen.conditions[way] ?? 0) + 1;
  }

  /** What a call of the game's has brought about. */
  #plainly(events) {
    const log = this.#port.takeLog();
    try {
      this.#models = explainPlain(this.#models, log, this.#bridge, events);
    } catch (error) {
      throw new Finding(`in a call of the game's: ${error.message}`, { index: this.#index });
    }
    this.#count(log);
  }

  #stillWorks() {
    for (const callId of [...this.#model.live.keys()].slice(0, 2)) this.#answerCall(callId);
    this.#single();
    const last = [...this.#model.live.keys()].at(-1);
    if (last !== undefined) this.#answerCall(last);
  }

  #answerCall(callId) {
    const frame = goodAnswer({ epoch: this.#model.epoch, sequence: ++this.#sequence }, callId);
    this.#deliver(
      write("DrainBatch", { clockMs: this.#port.clock, state: 1, epoch: this.#model.epoch, frames: [frame] }),
    );
    if (this.#model.live.has(callId))
      throw new Finding("a good answer afterwards settles nothing", { index: this.#index });
  }

  /** Every accepted call has been called back exactly once; every promise has settled. */
  async #allSettled() {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const wrong = [...this.#heard].find(([, times]) => times !== 1);
    if (wrong !== undefined)
      throw new Finding(`call ${wrong[0]} was called back ${wrong[1]} times`, { index: this.#index });
    if (this.#promised !== this.#promisesSettled) {
      throw new Finding(`${this.#promised} promises, ${this.#promisesSettled} settled`, { index: this.#index });
    }
    this.#seen.settled += this.#heard.size + this.#promised;
    this.#heard.clear();
    this.#promised = 0;
    this.#promisesSettled = 0;
    for (const [name, value] of Object.entries(this.#bridge.counters)) {
      this.#seen.counters[name] = (this.#seen.counters[name] ?? 0) + value;
    }
  }

  #count(log) {
    for (const { kind } of log) this.#seen.log[kind] = (this.#seen.log[kind] ?? 0) + 1;
  }
}

function idOf(key) {
  if ("userId" in key) return `c2c_${key.userId}`;
  if ("groupId" in key) return `group_${key.groupId}`;
  return key.systemId === "@TIM#SYSTEM" ? key.systemId : `system:${key.systemId}`;
}
