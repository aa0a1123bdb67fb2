// Good frames from plugin to script, of every kind, that fit what the script waits for.
import { goodGroupIds, goodIds, jsons } from "./hostile-values.mjs";
import { write } from "./wire-schema.mjs";

const utf8 = (text) => Buffer.from(text, "utf8");

/** A good ToScript frame. `state`: the epoch, the next sequence number, and the calls under way by id. */
export function goodToScript(random, state) {
  const body = random.weighted(bodies)(random, state);
  return write("ToScript", { version: 1, sequence: state.sequence, epoch: state.epoch, ...body });
}

/** A good answer to a call. */
export function goodAnswer(state, callId) {
  const result = { callId, source: 3, code: 0, desc: utf8("done"), json: utf8("[]") };
  return write("ToScript", { version: 1, sequence: state.sequence, epoch: state.epoch, result });
}

const bodies = [
  [50, (random, state) => ({ result: result(random, state) })],
  [30, (random) => ({ event: { conversation: { type: eventType(random), json: eventJson(random) } } })],
  [2, (random) => ({ event: { session: { kind: random.between(1, 7) } } })],
  [
    2,
    (random) => ({
      event: { network: { status: random.between(0, 4), code: random.pick([0, 9508]), desc: utf8("cable") } },
    }),
  ],
  [14, (random) => ({ request: request(random) })],
  [3, (random) => ({ lost: { count: random.between(1, 1000) } })],
];

function result(random, { live, expired }) {
  const callId = random.weighted([
    [8, live.size > 0 ? random.pick([...live.keys()]) : 1],
    [1, expired.size > 0 ? random.pick([...expired.keys()]) : 2],
    [1, random.between(1, 3000)],
  ]);
  const call = live.get(callId);
  return {
    callId,
    source: random.pick([2, 3, 3, 3, 1]),
    code: random.pick([0, 0, 0, 6014, 6017, -4, 6012]),
    desc: utf8(random.pick(["", "gone", "naïve 会话 😀", "a\0b"])),
    json: answerJson(random, call),
  };
}

function answerJson(random, call) {
  if (call?.kind === "list" || call?.kind === "relist") return eventJson(random);
  if (call?.kind === "asked") return utf8(random.pick(["1", "3", '"8.0.5903"', "99", "null"]));
  if (call?.kind !== "batch" || random.chance(0.1)) return random.pick(jsons);
  const items = call.ids.map((id) => ({
    conversation_operation_result_conversation_id: id,
    conversation_operation_result_result_code: random.pick([0, 0, 6017]),
    conversation_operation_result_result_info: "",
  }));
  return utf8(JSON.stringify(items));
}

function eventType(random) {
  return random.pick([1, 1, 1, 0, 0, 2, 2, 2, 3, 4, 99]);
}

function eventJson(random) {
  const entries = Array.from({ length: random.between(0, 3) }, () => {
    const type = random.between(1, 2);
    const id = random.pick(type === 1 ? goodIds : goodGroupIds).toString();
    return random.chance(0.6)
      ? { conv_id: id, conv_type: type, ...odds(random) }
      : `${type === 1 ? "c2c_" : "group_"}${id}`;
  });
  return random.chance(0.1) ? random.pick(jsons) : utf8(JSON.stringify(entries));
}

/** ConvInfo's other fields, some of another type than the vendor's. */
function odds(random) {
  const any = () =>
    random.pick([0, 1, -1, 1.5, 1700000000, 2 ** 40, 1e300, "text", "\ud800", true, null, [], {}, { a: 1 }]);
  const names = [
    "conv_show_name",
    "conv_unread_num",
    "conv_active_time",
    "conv_is_pinned",
    "conv_last_msg",
    "conv_is_has_lastmsg",
  ];
  return Object.fromEntries(names.filter(() => random.chance(0.25)).map((name) => [name, any()]));
}

function request(random) {
  const requestId = random.between(1, 500);
  const one = () => {
    const convType = random.between(1, 2);
    return { convType, convId: random.pick(convType === 1 ? goodIds : goodGroupIds) };
  };
  if (random.chance(0.6)) return { requestId, convDelete: one() };
  const convIds = Array.from(
    {
      length: random.weighted([
        [9, random.between(1, 4)],
        [1, 100],
      ]),
    },
    () => {
      const { convType, convId } = one();
      return Buffer.concat([utf8(convType === 1 ? "c2c_" : "group_"), convId]);
    },
  );
  return { requestId, convDeleteList: { convIds, clearMessage: random.chance(0.5) } };
}
