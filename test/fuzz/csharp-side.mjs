// The C# side under fire: mutated ToPlugin frames through the production ScriptPort, door and P/Invoke, to the stand-in.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "../e2e/host/node-host.mjs";
import { Finding } from "./findings.mjs";
import { goodIds } from "./hostile-values.mjs";
import { mutate, padTo } from "./mutations.mjs";
import { Random } from "./random.mjs";
import { goodToPlugin } from "./to-plugin-frames.mjs";
import { functions, judge, maxFrameBytes, maxPendingCalls, PluginModel, settle } from "./to-plugin-oracle.mjs";
import { enumValues, has, read, write } from "./wire-schema.mjs";

/** Mutated frames on one session. A frame's number says which round it is in, so that the round can be played alone. */
const framesPerRound = 4000;
/** A round of these is not drained until its end: it comes to the limit of calls under way. */
const roundsPerFlood = 4;
const framesPerOversize = 4000;
const heapSlack = 3 << 20;
/** What one SendResult or vendor function must at least come up in so many frames: otherwise it was not tried at all. */
const enoughForAll = 20_000;

const slotsTaken = "the bridge has taken the core's event slots in a session that it joined";
const slotsGivenBack = "the bridge has given the core's event slots back, empty";
/** The first refusal of each kind is logged. */
const refused = "what script sent was refused";
const closed = -enumValues("SendResult").SEND_RESULT_CLOSED;
/** Never Send's answer to a frame here: there is one session, one thread, and a library. */
const outOfReach = [
  "UNSPECIFIED",
  "REPLACED",
  "CLOSED",
  "LIBRARY_MISSING",
  "UNSUPPORTED",
  "WRONG_THREAD",
  "INTERNAL",
  "UNANSWERED",
];

/** Sends `count` mutated frames, or replays the round of frame `only` up to it. Returns what was seen; throws a Finding. */
export async function fuzzCsharp({ seed, count, only, progress }) {
  const host = loadNodeHost();
  const library = join(root, ".cache/native/libImSDK.so");
  if (!existsSync(library)) throw new Error(`${library} is missing`);
  host.GameLoop.UseLibrary(library);

  const seen = {
    frames: 0,
    mutated: 0,
    decoded: 0,
    good: 0,
    results: {},
    calls: {},
    conditions: {},
    answers: 0,
    notices: 0,
  };
  const firstRound = only === undefined ? 0 : Math.floor(only / framesPerRound);
  const end = only === undefined ? count : only + 1;
  let firstHeap;
  for (let round = firstRound; round * framesPerRound < end; round++) {
    progress(round * framesPerRound);
    await new Round(host, seed, round, Math.min(end, (round + 1) * framesPerRound), only, seen).play();
    // Tables keep the room that they once needed: measured from after the first flood.
    if (round === roundsPerFlood - 1) firstHeap = await heapOf(host);
  }
  if (only === undefined) checkWhole(seen, firstHeap, await heapOf(host));
  return seen;
}

/** Node.js holds on to what C# gave it until its own collection has run, and its finalizers after that. */
async function heapOf({ FuzzDoor }) {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await nextTurnOfNode();
  }
  return FuzzDoor.ManagedBytes();
}

const nextTurnOfNode = () => new Promise((resolve) => setImmediate(resolve));

function checkWhole(seen, firstHeap, lastHeap) {
  seen.heap = { first: firstHeap, last: lastHeap };
  if (firstHeap !== undefined && lastHeap > firstHeap + heapSlack) {
    throw new Finding(`the managed heap grew from ${firstHeap} to ${lastHeap} bytes`);
  }
  if (seen.mutated < enoughForAll) return;
  for (const [name, code] of Object.entries(enumValues("SendResult"))) {
    const short = name.replace("SEND_RESULT_", "");
    if (!outOfReach.includes(short) && !seen.results[-code])
      throw new Finding(`no frame was ever refused with ${short}`);
  }
  for (const [name, fn] of Object.entries(functions)) {
    // The stand-in logs no call of TIMGetLoginStatus.
    if (name !== "getLoginStatus" && !seen.calls[fn]) throw new Finding(`the core was never asked for ${name}`);
  }
}

class Round {
  #host;
  #random;
  #round;
  #index;
  #end;
  #only;
  #seen;
  #model = new PluginModel();
  #owed = [];
  /** C# requests by what their callback is given. */
  #askedAs = new Map();
  #session;
  #lastCallId = 0;
  #sequence = 0;

  constructor(host, seed, round, end, only, seen) {
    this.#host = host;
    this.#random = new Random(seed, round);
    this.#round = round;
    this.#index = round * framesPerRound;
    this.#end = end;
    this.#only = only;
    this.#seen = seen;
  }

  async play() {
    const { FuzzDoor } = this.#host;
    const random = this.#random;
    this.#session = FuzzDoor.Begin();
    const flood = this.#isFlood;
    while (this.#index < this.#end) {
      this.#model.allowed = true;
      this.#host.TestGame.AllowDeletions(true);
      this.#ask(random.below(6));
      this.#turn();
      this.#model.allowed = flood || random.chance(0.9);
      this.#host.TestGame.AllowDeletions(this.#model.allowed);
      if (flood) this.#fill();
      const size = flood ? framesPerRound * 4 : random.between(1, 700);
      for (let i = 0; i < size && this.#index < this.#end; i++) this.#one();
      this.#turn();
      await nextTurnOfNode();
    }
    this.#theBridgeStillWorks();
    FuzzDoor.End();
    for (const [requestId] of this.#model.requests) {
      this.#owed.push(
        { name: "Callback", requestId, code: closed },
        { name: "DeleteCompleted", requestId, code: closed },
      );
    }
    this.#hear();
    this.#nothingLeft();
  }

  /** Almost as many calls as may be under way. */
  #fill() {
    const { epoch, pending } = this.#model;
    while (pending.size < maxPendingCalls - 200) {
      const coreCall = { callId: this.#state().freshCallId(), epoch, convGetConvList: {} };
      this.#send(write("ToPlugin", { version: 1, coreCall }), false);
    }
  }

  get #isFlood() {
    return this.#round % roundsPerFlood === roundsPerFlood - 1;
  }

  #one() {
    const random = this.#random;
    const state = this.#state();
    const good = goodToPlugin(random, state);
    const isOversize = this.#index % framesPerOversize === framesPerOversize - 1;
    const spoil = isOversize || random.chance(this.#isFlood ? 0.5 : 0.8);
    let bytes = good;
    // In turn just what may be, and a byte more: a short run has both, whatever its seed.
    if (isOversize) bytes = padTo(good, maxFrameBytes + (Math.floor(this.#index / framesPerOversize) % 2));
    else if (spoil) bytes = mutate(random, "ToPlugin", good, () => goodToPlugin(random, state));
    this.#send(bytes, spoil);
    if (spoil) this.#index++;
  }

  #send(bytes, mutated) {
    const seen = this.#seen;
    const verdict = judge(this.#model, bytes);
    const described = { index: this.#index, bytes };
    if (!mutated && (verdict.codes.size > 0 || verdict.mayRefuse.size > 0) && verdict.frame.version !== 1) {
      throw new Finding("the fuzz made a bad frame that should be good", described);
    }
    const observed = readReply(this.#host.FuzzDoor.Send(this.#session, bytes));
    const wrong = settle(this.#model, verdict, observed, this.#owed);
    if (this.#only === this.#index && mutated) this.#show(bytes, verdict, observed);
    if (wrong !== undefined) throw new Finding(wrong, described);
    seen.frames++;
    if (mutated) seen.mutated++;
    if (mutated && verdict.decodes) seen.decoded++;
    if (mutated && observed.result === 0) seen.good++;
    seen.results[observed.result] = (seen.results[observed.result] ?? 0) + 1;
    for (const { fn } of observed.calls) seen.calls[fn] = (seen.calls[fn] ?? 0) + 1;
    if (verdict.codes.size === 0) {
      for (const way of verdict.mayRefuse) {
        const name = `${way}: ${observed.result < 0 ? "refused" : "taken"}`;
        seen.conditions[name] = (seen.conditions[name] ?? 0) + 1;
      }
    }
  }

  #show(bytes, verdict, observed) {
    console.log(`frame ${this.#index} of round ${this.#round}: ${bytes.length} bytes`);
    console.log(bytes.toString("hex"));
    console.log("expected", { codes: [...verdict.codes], mayRefuse: [...verdict.mayRefuse], decodes: verdict.decodes });
    console.log("frame as read", JSON.stringify(verdict.frame));
    console.log("observed", observed);
  }

  #state() {
    const { epoch, pending, requests } = this.#model;
    return {
      epoch,
      attaches: this.#round % roundsPerFlood === 1,
      requests: [...requests.keys()],
      freshCallId: () => {
        if (pending.size > 0 && this.#random.chance(0.02)) return pending.values().next().value;
        do this.#lastCallId++;
        while (pending.has(this.#lastCallId));
        return this.#lastCallId;
      },
    };
  }

  /** C# asks for deletions, whose ids are learned when script is given them. */
  #ask(count) {
    for (let i = 0; i < count; i++) {
      const label = `asked ${this.#askedAs.size}`;
      const code = this.#host.TestGame.ConvDelete(`request_${i}`, 1, label);
      if (code !== 0) throw new Finding(`a deletion that C# asked for was refused: ${code}`, { index: this.#index });
      this.#askedAs.set(label, undefined);
    }
  }

  /** The core answers, script drains, C#'s listeners hear: each what is due, once. */
  #turn() {
    const { FuzzDoor } = this.#host;
    const drained = Buffer.from(FuzzDoor.Turn());
    const batch = read("DrainBatch", drained);
    this.#holds(batch !== undefined && batch.state === 1, "a batch that script was given cannot be read", drained);
    this.#holds(
      batch.epoch === this.#model.epoch,
      `the batch says epoch ${batch.epoch}, not ${this.#model.epoch}`,
      drained,
    );
    const answered = new Set();
    for (const bytes of batch.frames) this.#receive(bytes, answered);
    const unanswered = [...this.#model.pending].filter((id) => !answered.has(id));
    this.#holds(unanswered.length === 0, `calls ${unanswered.join(", ")} were not answered`);
    this.#seen.answers += answered.size;
    this.#model.pending.clear();
    this.#model.abandoned.clear();
    this.#model.changing.clear();
    this.#hear();
    this.#nothingLeft();
  }

  #receive(bytes, answered) {
    const frame = read("ToScript", bytes);
    this.#holds(frame !== undefined && frame.version === 1, "a frame that script was given cannot be read", bytes);
    this.#sequence++;
    this.#holds(
      Number(frame.sequence) === this.#sequence,
      `frame ${frame.sequence} came in place ${this.#sequence}`,
      bytes,
    );
    if (has(frame, "result")) {
      const { callId } = frame.result;
      this.#holds(this.#model.pending.has(callId), `call ${callId} was answered, which is not under way`, bytes);
      this.#holds(!answered.has(callId), `call ${callId} was answered twice`, bytes);
      answered.add(callId);
    } else if (has(frame, "request")) {
      const label = [...this.#askedAs].find(([, id]) => id === undefined)?.[0];
      this.#holds(label !== undefined, "script was given a request that C# did not make", bytes);
      this.#askedAs.set(label, frame.request.requestId);
      this.#model.asked(frame.request.requestId);
    } else this.#holds(has(frame, "event"), "script was given a frame that nobody is owed", bytes);
  }

  #hear() {
    const text = this.#host.MessageLog.TakeReceived();
    const heard = text === "" ? [] : text.split("\n").map(parseHeard);
    const owed = this.#owed;
    this.#owed = [];
    for (const [i, due] of owed.entries()) {
      const wrong = heard[i] === undefined ? "nothing" : this.#differs(heard[i], due);
      this.#holds(wrong === undefined, `C# should have heard ${JSON.stringify(due)}, and heard ${wrong}`);
    }
    this.#holds(heard.length === owed.length, `C# heard what nobody said: ${JSON.stringify(heard[owed.length])}`);
    this.#seen.notices += heard.length;
    const lines = this.#host.FuzzDoor.TakeLogged().split("\n");
    // Said, as it should be, of a session that was joined.
    const expected = (line) =>
      line.startsWith(refused) ||
      (this.#model.attached && (line.startsWith(slotsTaken) || line.startsWith(slotsGivenBack)));
    const logged = lines.filter((line) => !expected(line)).join("\n");
    this.#holds(logged === "", `the plugin logged: ${logged}`);
  }

  /** What was heard, as text, unless it is what was due. */
  #differs({ name, json }, due) {
    if (name !== due.name) return `${name} ${JSON.stringify(json)}`;
    if (due.json !== undefined) return isDeepStrictEqual(json, due.json) ? undefined : JSON.stringify(json);
    const requestId = name === "Callback" ? this.#askedAs.get(json.userData) : json.requestId;
    return requestId === due.requestId && json.code === due.code ? undefined : JSON.stringify(json);
  }

  #theBridgeStillWorks() {
    const callId = this.#state().freshCallId();
    const convDelete = { convId: goodIds[0], convType: 1 };
    this.#model.allowed = true;
    this.#host.TestGame.AllowDeletions(true);
    this.#send(write("ToPlugin", { version: 1, coreCall: { callId, epoch: this.#model.epoch, convDelete } }), false);
    this.#holds(this.#model.pending.has(callId), "a good frame afterwards is not taken");
    this.#turn();
  }

  #nothingLeft() {
    const residue = this.#host.FuzzDoor.Residue();
    this.#holds(residue === "0 0 0 0", `something is left (texts, tokens, calls, the stand-in's memory): ${residue}`);
  }

  #holds(claim, what, bytes) {
    if (!claim) throw new Finding(what, { index: this.#index, bytes });
  }
}

function parseHeard(line) {
  const space = line.indexOf(" ");
  return { name: line.slice(0, space), json: JSON.parse(line.slice(space + 1), (_key, value) => value ?? undefined) };
}

function readReply(reply) {
  const bytes = Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength);
  const observed = {
    result: bytes.readInt32LE(0),
    epoch: bytes.readUInt32LE(4),
    pending: bytes.readInt32LE(8),
    calls: [],
  };
  let at = 16;
  for (let left = bytes.readInt32LE(12); left > 0; left--) {
    const length = bytes.readInt32LE(at + 12);
    observed.calls.push({
      fn: bytes.readInt32LE(at),
      number: bytes.readBigInt64LE(at + 4),
      text: length === -1 ? undefined : Buffer.from(bytes.subarray(at + 16, at + 16 + length)),
    });
    at += 16 + Math.max(0, length);
  }
  return observed;
}
