// What the host must hand to the bridge of a drained batch: what protobufjs reads in the same bytes. Where bytes can be read
// in two ways, refusing them is as good as reading them plainly, and what was seen says which it was.
import { Finding } from "./findings.mjs";
import { Irregular, inspect, plainly } from "./wire-inspector.mjs";
import { has, message, read } from "./wire-schema.mjs";

const version = 1;
const open = 1;
const lastState = 3;
/** The code that calls under way end with, by the session's state. */
const endings = new Map([
  [2, -1001],
  [3, -1002],
]);
const bodies = ["result", "event", "request", "lost"];

/** What a reader may refuse, or read as protobufjs reads what it plainly means. */
const refusable = [
  Irregular.GROUP,
  Irregular.FIELD_ZERO,
  Irregular.TAG,
  Irregular.OVER_64,
  Irregular.WIDE,
  Irregular.TWICE,
  Irregular.ONEOF_TWICE,
];
const beyondSafe = "a 64-bit number is beyond 2^53";

/**
 * The ways in which these bytes may be read: messages as protobufjs reads them, or `undefined` for refusing them. `ways`:
 * the named conditions for there being more than one.
 */
export function readings(name, bytes) {
  const { broken, irregular } = inspect(name, bytes);
  if (broken !== undefined) return { messages: [undefined], ways: [] };
  const plain = read(name, irregular.size === 0 ? bytes : plainly(name, bytes));
  if (plain === undefined) throw new Error(`the oracle calls a ${name} well-formed that protobufjs refuses`);
  const ways = refusable.filter((way) => irregular.has(way));
  if (Number(plain.sequence ?? plain.clockMs) > Number.MAX_SAFE_INTEGER) ways.push(beyondSafe);
  return { messages: ways.length > 0 ? [plain, undefined] : [plain], ways };
}

/**
 * Reads a batch. `before`: the host's `clock`, `epoch`, and what may be its last frame's number (`sequences`) and what it has
 * heard (`hearings`); `seen`: its clock and epoch afterwards, and what it `told` the bridge, in order. Returns the `messages`
 * that were handed over, up to which time script has heard what waited (`heardUntil`), the code that the session has `endedAs`, if
 * it has, and the host's state after it. Throws a Finding where protobufjs reads anything else.
 */
export function readBatch(bytes, before, seen) {
  const ends = readings("DrainBatch", bytes).messages.flatMap((batch) => endsOf(batch, before, seen));
  if (ends.length === 0) {
    throw new Finding(`the host read something else than protobufjs does: ${describe(bytes, before, seen)}`);
  }
  // Where several fit, the same has been told, so that the same follows but for the number that comes next.
  return {
    ...ends[0],
    heardUntil: ends[0].hearing.until,
    sequences: [...new Set(ends.map(({ sequence }) => sequence))],
    hearings: [...new Map(ends.map(({ hearing }) => [JSON.stringify(hearing), hearing])).values()],
  };
}

/** What a host has heard before its first turn. */
export function firstHearing(clock) {
  return { frames: 0, until: 0, goal: { frames: 0, clock }, latest: { frames: 0, clock } };
}

/**
 * What a host has heard when it has dispatched this batch: by envelope.proto's `still_waiting`, nothing that was overdue may
 * expire before all that waited at that time has been heard. The fuzz never has more in a batch than a turn takes.
 */
function hearingAfter(before, batch, clock) {
  const frames = before.frames + (batch?.frames.length ?? 0);
  const latest = batch === undefined ? before.latest : { frames: frames + batch.stillWaiting, clock };
  const goal = before.goal ?? latest;
  if (frames >= latest.frames) return { frames, until: latest.clock, latest };
  if (frames >= goal.frames) return { frames, until: goal.clock, goal: latest, latest };
  return { frames, until: before.until, goal, latest };
}

function endsOf(batch, before, seen) {
  const known = batch !== undefined && batch.state >= open && batch.state <= lastState;
  const endedAs = known ? endings.get(batch.state) : undefined;
  const clock = known ? Math.max(before.clock, Number(batch.clockMs)) : before.clock;
  const epoch = known ? Math.max(before.epoch, batch.epoch) : before.epoch;
  if (seen.clock !== clock || seen.epoch !== epoch) return [];
  const starts = before.sequences.map((sequence) => ({ at: 0, sequence, messages: [], missing: !known }));
  const places = known ? afterFrames(batch.frames, seen.told, starts) : after(seen.told, starts, [refused]);
  const told = places.flatMap((place) => (place.missing ? after(seen.told, [place], [is("framesLost")]) : [place]));
  return before.hearings.flatMap((heard) => {
    const hearing = hearingAfter(heard, known ? batch : undefined, clock);
    const ended = (entry) => entry?.kind === "turnEnded" && entry.told === hearing.until;
    return after(seen.told, told, endedAs === undefined ? [ended] : [ended, lost])
      .filter(({ at }) => at === seen.told.length)
      .map(({ sequence, messages, missing }) => ({ sequence, messages, missing, endedAs, clock, epoch, hearing }));
  });
}

const is = (kind) => (entry) => entry?.kind === kind;
const refused = is("malformed");
const lost = is("lost");

/**
 * The places in what was told where the host may be after these frames. There can be several: of a frame without a body it is
 * not seen whether it was read, so that its number counts.
 */
function afterFrames(frames, told, starts) {
  let places = starts;
  for (const bytes of frames) {
    const { messages } = readings("ToScript", bytes);
    const next = places.flatMap((place) =>
      messages.flatMap((message) => {
        const { due, ...read } = dueOf(message, place);
        return after(told, [{ at: place.at, ...read }], due);
      }),
    );
    places = [...new Map(next.map((place) => [`${place.at} ${place.sequence} ${place.missing}`, place])).values()];
  }
  return places;
}

/** What the host tells of a frame. `missing`: what it or one before it said is lost. */
function dueOf(message, { sequence: last, messages, missing }) {
  if (message === undefined || message.version !== version) {
    return { due: [refused], sequence: last, messages, missing: true };
  }
  const sequence = Number(message.sequence);
  const gap = sequence === last + 1 ? [] : [refused];
  if (!bodies.some((body) => has(message, body))) return { due: [...gap, refused], sequence, messages, missing: true };
  const same = (entry) => entry?.kind === "frame" && sameMessage("ToScript", entry.told, message);
  return { due: [...gap, same], sequence, messages: [...messages, message], missing: missing || sequence > last + 1 };
}

/** Those of the places from which this was told. */
function after(told, places, due) {
  return places
    .filter(({ at }) => due.every((suits, i) => suits(told[at + i])))
    .map((place) => ({ ...place, at: place.at + due.length }));
}

/** Whether script's message (ts-proto's form) says what protobufjs's says. */
function sameMessage(name, script, decoded) {
  return [...message(name).fields.values()].every((field) => {
    const value = valueIn(script, field);
    if (field.repeated) {
      const list = decoded[field.name];
      return value.length === list.length && value.every((each, i) => sameValue(field, each, list[i]));
    }
    const absent =
      (field.optional || field.oneof !== undefined || field.kind === "message") && !has(decoded, field.name);
    return absent ? value === undefined : value !== undefined && sameValue(field, value, decoded[field.name]);
  });
}

function valueIn(script, { name, oneof }) {
  if (oneof === undefined) return script[name];
  return script[oneof]?.$case === name ? script[oneof].value : undefined;
}

function sameValue({ kind, message: inner }, script, decoded) {
  if (kind === "message") return sameMessage(inner, script, decoded);
  if (kind === "bytes") return Buffer.from(decoded).equals(script);
  return kind === "uint64" ? script === Number(decoded) : script === decoded;
}

function describe(bytes, before, { told, clock, epoch }) {
  const kinds = told.map((each) => (each.kind === "frame" ? `frame ${each.told.sequence}` : each.kind));
  const frames = readings("DrainBatch", bytes)
    .messages.flatMap((batch) => batch?.frames ?? [])
    .map(
      (frame) =>
        `\n${frame.toString("hex")} ${readings("ToScript", frame).messages.map((each) => JSON.stringify(each))}`,
    );
  return `${kinds.join("; ")}\nbefore ${JSON.stringify({ ...before, messages: [] })}, after ${JSON.stringify({ clock, epoch })}${frames.join("")}`;
}
