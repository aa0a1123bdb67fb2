// The script side under fire: mutated batches and ToScript frames through the production PuertsHost, NativeCore and Bridge,
// with calls of the game's between them.
import { Finding } from "./findings.mjs";
import { goodGroupIds, goodIds } from "./hostile-values.mjs";
import { mutate } from "./mutations.mjs";
import { Random } from "./random.mjs";
import { maxEpoch, ScriptOracle } from "./script-oracle.mjs";
import { loadScript } from "./script-under-fuzz.mjs";
import { goodAnswer, goodToScript } from "./to-script-frames.mjs";
import { firstHearing, readBatch, readings } from "./to-script-reading.mjs";
import { read, write } from "./wire-schema.mjs";

/** Mutated frames in one round. A frame's number says which round it is in, so that the round can be played alone. */
const framesPerRound = 10_000;
const mostFramesATurn = 8;
const mostCalls = 48;
const timeoutMs = 2000;
/** Tables have the room that they need from here on in a round. */
const settledIn = 2000;
/** What one bridge may hold more at its round's end. */
const roundHeapSlack = 3 << 20;
const heapSlack = 4 << 20;
/** What each kind of entry and each counter must at least come up in so many frames: otherwise it was not tried at all. */
const enoughForAll = 20_000;
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
  "lost",
];

/** Delivers `count` mutated frames, or replays the round of frame `only` up to it. Returns what was seen; throws a Finding. */
export async function fuzzScript({ seed, count, only, progress }) {
  const open = await loadScript();
  // Stacks of the many errors that script reports would take most of the time. A replay has them.
  if (only === undefined) Error.stackTraceLimit = 0;
  const seen = {
    mutated: 0,
    decoded: 0,
    batches: 0,
    mutatedBatches: 0,
    settled: 0,
    mostGrown: 0,
    log: {},
    conditions: {},
    counters: {},
  };
  const firstRound = only === undefined ? 0 : Math.floor(only / framesPerRound);
  // Whole rounds, so that a frame is the same one in every run of its seed.
  const rounds = only === undefined ? Math.ceil(count / framesPerRound) : firstRound + 1;
  let firstHeap;
  for (let round = firstRound; round < rounds; round++) {
    progress(round * framesPerRound);
    await new Round(open, seed, round, only, seen).play();
    if (round === firstRound) firstHeap = heap();
  }
  if (only === undefined) checkWhole(seen, firstHeap);
  return seen;
}

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function checkWhole(seen, firstHeap) {
  const last = heap();
  seen.heap = { first: firstHeap, last };
  if (firstHeap !== undefined && last > firstHeap + heapSlack) {
    throw new Finding(`the heap grew from ${firstHeap} to ${last} bytes`);
  }
  if (seen.mutated < enoughForAll) return;
  for (const kind of kinds) if (!seen.log[kind]) throw new Finding(`there was never a ${kind}`);
  for (const [name, times] of Object.entries(seen.counters)) {
    if (times === 0) throw new Finding(`the counter ${name} never moved`);
  }
}

class Round {
  #random;
  #round;
  #index;
  #end;
  #only;
  #seen;
  #openScript;
  #script;
  #oracle;
  /** The host's state, as readBatch gives it. */
  #host;
  #sequence;
  #tags = 0;
  /** How often each accepted call was called back. */
  #heard = new Map();
  #promised = 0;
  #promisesSettled = 0;
  #errors = 0;

  constructor(openScript, seed, round, only, seen) {
    this.#openScript = openScript;
    this.#random = new Random(seed, round);
    this.#round = round;
    this.#index = round * framesPerRound;
    this.#end = (round + 1) * framesPerRound;
    this.#only = only;
    this.#seen = seen;
  }

  async play() {
    this.#open();
    let early;
    while (this.#index < this.#end) {
      // A batch that said so has ended the bridge.
      if (!this.#oracle.open) {
        await this.#allSettled();
        this.#open();
      }
      this.#callSome();
      this.#turn();
      if (this.#index > this.#end - framesPerRound + settledIn) early ??= heap();
    }
    const grown = heap() - early;
    this.#seen.mostGrown = Math.max(this.#seen.mostGrown, grown);
    if (grown > roundHeapSlack) throw this.#found(`the heap grew by ${grown} bytes while one bridge was open`);
    if (this.#oracle.open) {
      this.#stillWorks();
      this.#script.bridge.close();
      this.#explain(() => this.#oracle.close());
    }
    await this.#allSettled();
  }

  #open() {
    const onError = () => {
      this.#errors++;
      if (this.#errors % 7 === 0) throw new Error("whoever hears of errors fails too");
    };
    this.#script = this.#openScript({ timeoutMs, maxPendingCalls: mostCalls, onError });
    const { clock, epoch } = this.#script;
    this.#host = { clock, epoch, sequences: [0], hearings: [firstHearing(clock)] };
    this.#sequence = 0;
    this.#oracle = new ScriptOracle({ epoch, clock, limit: mostCalls, timeoutMs });
  }

  /** Calls of the game, of every kind. Some the core refuses. */
  #callSome() {
    const random = this.#random;
    for (let i = random.below(5); i > 0; i--) random.weighted(this.#calls)();
    // Beyond that there is no next epoch that a frame can carry.
    if (random.chance(0.06) && Math.max(this.#oracle.epoch, this.#host.epoch) < 2 * maxEpoch) this.#sessionCall();
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
      this.#script.bridge.ConvDelete(convId, convType, callback, tag),
    );
  }

  #batch() {
    const random = this.#random;
    const ids = Array.from({ length: random.between(1, 4) }, () => `c2c_${random.pick(goodIds)}`);
    const clearMessage = random.chance(0.5);
    const method = { convDeleteList: { convIds: [...new Set(ids)], clearMessage } };
    this.#call({ kind: "batch", ids }, method, (callback, tag) =>
      this.#script.bridge.ConvDeleteConversationList(
        ids,
        clearMessage,
        (code, desc, _results, data) => callback(code, desc, data),
        tag,
      ),
    );
  }

  #list() {
    this.#call({ kind: "list" }, { convGetConvList: {} }, (callback, tag) =>
      this.#script.bridge.ConvGetConvList((code, desc, list, data) => callback(code, desc, data, list.length), tag),
    );
  }

  #sessionCall() {
    const { bridge } = this.#script;
    const signIn = (userId) => [
      { login: { userId, userSig: "sig" } },
      (callback) => bridge.Login(userId, "sig", callback),
      { signsIn: userId },
    ];
    const [method, call, outcome] = this.#random.pick([
      [{ logout: {} }, (callback) => bridge.Logout(callback), { signsIn: null }],
      [{ uninit: {} }, (callback) => bridge.Uninit(callback), { signsIn: null, letsGo: true }],
      signIn("alice"),
      signIn("alice"),
      signIn("bob"),
    ]);
    this.#call({ kind: "session", ...outcome }, method, call, (refusal, answer) =>
      this.#oracle.sessionCalled(refusal === undefined, answer === 0),
    );
  }

  #promise() {
    const id = `c2c_${this.#random.pick(goodIds)}`;
    const method = { convDelete: { convId: id.slice(4), convType: 1 } };
    this.#ask({ kind: "single", ids: [id] }, method, (bridge) => bridge.deleteConversation(id));
  }

  /** What is asked in no user's name. */
  #askTheCore() {
    const [method, ask] = this.#random.pick([
      [{ getLoginStatus: {} }, (bridge) => bridge.getLoginStatus()],
      [{ getSdkVersion: {} }, (bridge) => bridge.getSdkVersion()],
    ]);
    this.#ask({ kind: "asked" }, method, ask);
  }

  #ask(call, method, make) {
    this.#answerWith(0);
    this.#promised++;
    const settled = () => this.#promisesSettled++;
    make(this.#script.bridge).then(settled, settled);
    this.#explain(() => {
      if (this.#oracle.refusal(call.kind) === undefined) this.#oracle.call(call, method);
    });
  }

  #call(call, method, make, thereafter = () => {}) {
    const tag = ++this.#tags;
    const throws = this.#random.chance(0.05);
    this.#answerWith(this.#random.chance(0.1) ? -4 : 0);
    const callback = (code, desc, data, count) => {
      this.#heard.set(tag, (this.#heard.get(tag) ?? 0) + 1);
      this.#script.log({ kind: "callback", tag: data ?? tag, code, desc, ...(count === undefined ? {} : { count }) });
      if (throws) throw new Error("a callback that throws");
    };
    const result = make(callback, tag);
    if (result === 0) this.#heard.set(tag, this.#heard.get(tag) ?? 0);
    this.#explain(() => {
      const refusal = this.#oracle.refusal(call.kind);
      const due = refusal ?? this.#oracle.call({ ...call, tag, throws }, method);
      if (result !== due) throw new Finding(`a call returned ${result}, and should have returned ${due}`);
      thereafter(refusal, due);
    });
  }

  #answerWith(code) {
    this.#script.port.answer = () => code;
  }

  #turn() {
    const random = this.#random;
    const { port } = this.#script;
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
    const state = random.chance(0.003) ? random.between(2, 3) : 1;
    const stillWaiting = random.chance(0.1) ? random.between(1, 20) : 0;
    const header = { clockMs: port.clock, state, epoch: this.#oracle.epoch, dataFolder, stillWaiting };
    const good = write("DrainBatch", { ...header, frames });
    const spoil = random.chance(0.08) && this.#index < this.#end;
    const another = () => write("DrainBatch", { ...header, frames: [this.#goodFrame()] });
    const batch = spoil ? mutate(random, "DrainBatch", good, another) : good;
    if (spoil) this.#countMutated("DrainBatch", batch);
    this.#seen.batches++;
    if (spoil) this.#seen.mutatedBatches++;
    this.#deliver(batch);
  }

  #frame() {
    const good = this.#goodFrame();
    if (!this.#random.chance(0.85)) return good;
    const bytes = mutate(this.#random, "ToScript", good, () => this.#goodFrame());
    this.#countMutated("ToScript", bytes);
    return bytes;
  }

  #goodFrame() {
    this.#sequence++;
    const { live, expired, epoch } = this.#oracle;
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

  #deliver(batch) {
    const script = this.#script;
    const isOnly = this.#index > this.#only;
    if (isOnly) {
      console.log(`batch with frame ${this.#only} of round ${this.#round}:\n${batch.toString("hex")}`);
      this.#only = undefined;
    }
    try {
      script.port.turn(batch);
    } catch (error) {
      throw this.#found(`script threw out of its wake: ${error.stack}`, batch);
    }
    const told = script.port.log.filter(({ kind }) =>
      ["frame", "malformed", "framesLost", "turnEnded", "lost"].includes(kind),
    );
    const { clock, epoch } = script;
    if (isOnly) console.log("seen", script.port.log);
    this.#explain(() => {
      this.#host = readBatch(batch, this.#host, { told, clock, epoch });
      this.#oracle.turn(this.#host);
    }, batch);
  }

  /** Holds what has been logged against what `play` says. */
  #explain(play, bytes) {
    const { port, bridge } = this.#script;
    const log = port.takeLog();
    for (const { kind } of log) this.#seen.log[kind] = (this.#seen.log[kind] ?? 0) + 1;
    try {
      this.#oracle.explain(log, bridge, play);
    } catch (error) {
      throw error instanceof Finding ? this.#found(error.message, bytes) : error;
    }
  }

  #found(what, bytes) {
    // The last frame that was made is in the batch, or came before the call.
    const index = Math.max(this.#index - 1, this.#round * framesPerRound);
    return new Finding(what, { index, bytes });
  }

  #stillWorks() {
    for (const callId of [...this.#oracle.live.keys()].slice(0, 2)) this.#answerCall(callId);
    this.#single();
    const last = [...this.#oracle.live.keys()].at(-1);
    if (last !== undefined) this.#answerCall(last);
  }

  #answerCall(callId) {
    const { epoch, live } = this.#oracle;
    const frame = goodAnswer({ epoch, sequence: ++this.#sequence }, callId);
    this.#deliver(write("DrainBatch", { clockMs: this.#script.port.clock, state: 1, epoch, frames: [frame] }));
    if (live.has(callId)) throw this.#found("a good answer afterwards settles nothing");
  }

  /** Every accepted call has been called back exactly once; every promise has settled. */
  async #allSettled() {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const wrong = [...this.#heard].find(([, times]) => times !== 1);
    if (wrong !== undefined) throw this.#found(`call ${wrong[0]} was called back ${wrong[1]} times`);
    if (this.#promised !== this.#promisesSettled) {
      throw this.#found(`${this.#promised} promises, ${this.#promisesSettled} settled`);
    }
    this.#seen.settled += this.#heard.size + this.#promised;
    this.#heard.clear();
    this.#promised = 0;
    this.#promisesSettled = 0;
    for (const [name, value] of Object.entries(this.#script.bridge.counters)) {
      this.#seen.counters[name] = (this.#seen.counters[name] ?? 0) + value;
    }
  }
}
