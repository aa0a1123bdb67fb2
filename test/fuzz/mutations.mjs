// Spoils good frames. Most spoilings keep them decodable, so that what is tried is the reading, not only the refusing.
import { badIds, goodIds, jsons, numbers } from "./hostile-values.mjs";
import { writeVarint } from "./wire-bytes.mjs";
import { FIXED32, FIXED64, GROUP, LENGTH, VARINT } from "./wire-schema.mjs";
import { allLists, copyOf, putTogether, takeApart } from "./wire-tree.mjs";

const deepest = 150;

/**
 * Changes a frame in one to three ways. `makeAnother` makes another good frame of the same message, to splice in. The
 * result always differs from the frame.
 */
export function mutate(random, name, frame, makeAnother) {
  for (;;) {
    const mutated = mutateOnce(random, name, frame, makeAnother);
    if (!mutated.equals(frame)) return mutated;
  }
}

function mutateOnce(random, name, frame, makeAnother) {
  const fields = takeApart(name, frame);
  const ways = random.weighted([
    [7, 1],
    [2, 2],
    [1, 3],
  ]);
  for (let i = 0; i < ways; i++) random.weighted(treeMutations)(random, fields, name, makeAnother);
  let bytes = putTogether(fields);
  if (random.chance(0.14)) bytes = random.weighted(byteMutations)(random, bytes, makeAnother);
  return bytes;
}

const treeMutations = [
  [16, changeNumber],
  [16, changeBytes],
  [8, dropField],
  [6, doubleField],
  [6, addUnknown],
  [4, addFieldOfAnother],
  [5, shuffle],
  [3, changeFieldNumber],
  [3, changeWire],
  [6, padNumber],
  [3, widenNumber],
  [2, changeLength],
  [2, addGroup],
  [1, nestDeep],
  [1, addZeroTag],
  [1, addGroupEnd],
  [5, swapContents],
  [3, repeatField],
  [1, widenTag],
];

const byteMutations = [
  [4, flipBit],
  [3, cutOff],
  [2, splice],
  [2, append],
  [1, dropBytes],
  [1, noise],
];

function changeNumber(random, fields) {
  const field = pickField(random, fields, ({ wire }) => wire === VARINT);
  if (field === undefined) return;
  const near = () => (typeof field.value === "number" ? Math.max(0, field.value + random.pick([-2, -1, 1, 2])) : 0);
  // 64 bits at most here: what a decoder still takes.
  field.value = random.chance(0.35) ? near() : random.pick(numbers.slice(0, random.chance(0.8) ? 17 : -2));
}

function changeBytes(random, fields) {
  const field = pickField(random, fields, ({ bytes }) => bytes !== undefined);
  if (field === undefined) return;
  const prefix = random.weighted([
    [4, Buffer.alloc(0)],
    [1, Buffer.from("c2c_")],
    [1, Buffer.from("group_")],
    [1, field.bytes.subarray(0, random.below(field.bytes.length + 1))],
  ]);
  const value = random.weighted([
    [3, badIds],
    [3, goodIds],
    [1, jsons],
    [1, [random.bytes(random.below(12))]],
  ]);
  field.bytes = Buffer.concat([prefix, random.pick(value)]);
}

function dropField(random, fields) {
  const list = pickList(random, fields);
  if (list.length > 0) list.splice(random.below(list.length), 1);
}

function doubleField(random, fields) {
  const list = pickList(random, fields);
  if (list.length === 0) return;
  const copy = copyOf(random.pick(list));
  if (random.chance(0.5) && copy.value !== undefined) copy.value = random.pick(numbers.slice(0, 17));
  list.splice(random.below(list.length + 1), 0, copy);
}

function addUnknown(random, fields) {
  const list = pickList(random, fields);
  const number = random.pick([1, 2, 3, 4, 6, 7, 9, 13, 14, 16, 24, 30, 31, 32, 33, 100, 2047, 2048, 0x1fff_ffff]);
  const wire = random.pick([VARINT, FIXED64, LENGTH, FIXED32, LENGTH]);
  insert(random, list, { number, wire, value: random.below(300), bytes: random.pick(goodIds) });
}

function addFieldOfAnother(random, fields, name, makeAnother) {
  const lists = allLists(takeApart(name, makeAnother())).filter((list) => list.length > 0);
  const list = random.pick(lists);
  // Into a message of the same depth often enough: a second body, a second method.
  insert(random, random.chance(0.5) ? fields : pickList(random, fields), copyOf(random.pick(list)));
}

function shuffle(random, fields) {
  const list = pickList(random, fields);
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
}

function changeFieldNumber(random, fields) {
  const field = pickField(random, fields, () => true);
  if (field === undefined) return;
  field.number = random.pick([1, 2, 3, 4, 5, 6, 10, 11, 12, 15, 20, 21, 22, 23, field.number + 1, field.number + 32]);
}

function changeWire(random, fields) {
  const field = pickField(random, fields, () => true);
  if (field === undefined) return;
  field.wire = random.pick([VARINT, FIXED64, LENGTH, FIXED32, 6, 7]);
  if (field.fields === undefined) field.bytes ??= Buffer.alloc(0);
}

function padNumber(random, fields) {
  const field = pickField(random, fields, ({ wire }) => wire === VARINT || wire === LENGTH);
  if (field === undefined) return;
  const padding = random.between(1, 4);
  if (random.chance(0.3)) field.tagPadding = padding;
  else field.padding = padding;
}

function widenNumber(random, fields) {
  const field = pickField(random, fields, ({ wire }) => wire === VARINT);
  if (field === undefined) return;
  // What a decoder that cuts to 32 bits would take for the same number.
  field.value = random.chance(0.6)
    ? BigInt(field.value ?? 0) + 2n ** BigInt(random.pick([32, 33, 35, 40, 63, 64]))
    : random.pick(numbers.slice(17));
}

function changeLength(random, fields) {
  const field = pickField(random, fields, ({ wire }) => wire === LENGTH);
  if (field !== undefined) field.lengthBy = random.pick([-3, -2, -1, 1, 2, 5, 200, 0x7fff_ffff, 0xffff_ffff]);
}

function addGroup(random, fields) {
  const number = random.pick([1, 2, 10, 16, 31, 40]);
  const inner = random.chance(0.5) ? [{ number: random.between(1, 20), wire: VARINT, value: 3 }] : [];
  const group = { number, wire: GROUP, fields: inner };
  if (random.chance(0.2)) group.endNumber = number + 1;
  insert(random, pickList(random, fields), group);
}

function nestDeep(random, fields) {
  const wire = random.pick([GROUP, LENGTH]);
  const number = random.pick([1, 3, 10, 40]);
  let nested = { number, wire: VARINT, value: 1 };
  for (let i = random.between(2, deepest); i > 0; i--) nested = { number, wire, fields: [nested] };
  insert(random, pickList(random, fields), nested);
}

function addZeroTag(random, fields) {
  const raw = random.pick([[0], [0, 0], [0, 1], [2, 0], [3, 4]]);
  insert(random, pickList(random, fields), { number: 0, wire: VARINT, raw });
}

function addGroupEnd(random, fields) {
  insert(random, pickList(random, fields), { number: 0, wire: VARINT, raw: [random.pick([4, 0x0c, 0x14, 0x54])] });
}

const mostBytesToRepeat = 50_000;

/** Another message's content in this one's field. */
function swapContents(random, fields, name, makeAnother) {
  const field = pickField(random, fields, (each) => each.fields !== undefined);
  if (field === undefined) return;
  const donors = [];
  for (const list of allLists(takeApart(name, makeAnother()))) {
    donors.push(...list.filter((each) => each.fields !== undefined));
  }
  const same = donors.filter((donor) => donor.message === field.message);
  const donor = random.pick(same.length > 0 && random.chance(0.6) ? same : donors);
  if (donor !== undefined) field.fields = donor.fields.map(copyOf);
}

function repeatField(random, fields) {
  // Copies of copies would outgrow what any side takes.
  if (putTogether(fields).length > mostBytesToRepeat) return;
  const list = pickList(random, fields);
  const repeated = list.filter((field) => field.kind === "bytes" || field.fields !== undefined);
  if (repeated.length === 0) return;
  const field = random.pick(repeated);
  const times = random.pick([1, 2, 98, 99, 100, 101]);
  for (let i = 0; i < times; i++) list.push(copyOf(field));
}

function widenTag(random, fields) {
  const field = pickField(random, fields, () => true);
  if (field !== undefined) field.tagPlus = 2n ** BigInt(random.pick([32, 35, 63, 64]));
}

function flipBit(random, bytes) {
  const flipped = Buffer.from(bytes);
  if (bytes.length > 0) flipped[random.below(bytes.length)] ^= 1 << random.below(8);
  return flipped;
}

function cutOff(random, bytes) {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function splice(random, bytes, makeAnother) {
  const other = makeAnother();
  return Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length))]);
}

function append(random, bytes, makeAnother) {
  const tail = random.chance(0.5) ? makeAnother() : random.bytes(random.between(1, 6));
  return Buffer.concat([bytes, tail]);
}

function dropBytes(random, bytes) {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.between(1, 4))]);
}

function noise(random) {
  return random.bytes(random.below(40));
}

function pickList(random, fields) {
  return random.pick(allLists(fields));
}

function pickField(random, fields, suits) {
  const suitable = [];
  for (const list of allLists(fields)) for (const field of list) if (suits(field)) suitable.push(field);
  return suitable.length === 0 ? undefined : random.pick(suitable);
}

function insert(random, list, field) {
  list.splice(random.below(list.length + 1), 0, field);
}

/** A frame padded with an unknown field until it is `length` bytes long. */
export function padTo(frame, length) {
  const out = [];
  writeVarint(out, 1000 * 8 + LENGTH);
  const space = length - frame.length - out.length;
  const lengthBytes = [];
  writeVarint(lengthBytes, space - 4);
  while (lengthBytes.length < 4) {
    lengthBytes[lengthBytes.length - 1] |= 0x80;
    lengthBytes.push(0);
  }
  return Buffer.concat([frame, Buffer.from([...out, ...lengthBytes]), Buffer.alloc(space - 4, 0x61)]);
}
