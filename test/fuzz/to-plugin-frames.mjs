// Good frames from script to plugin, of every kind, that fit the state that the plugin is in.
import { badIds, goodGroupIds, goodIds } from "./hostile-values.mjs";
import { enumValues, write } from "./wire-schema.mjs";

/** A good ToPlugin frame. `state`: the epoch, the calls under way, and C#'s requests that are queued. */
export function goodToPlugin(random, state) {
  const body = random.weighted(bodies)(random, state);
  return write("ToPlugin", { version: 1, ...body });
}

const bodies = [
  [1, (random, state) => (state.attaches && random.chance(0.5) ? { attach: {} } : { cancel: { callId: 1 } })],
  [
    60,
    (random, state) => {
      const method = random.weighted(methods)(random);
      const deletes = "convDelete" in method || "convDeleteList" in method;
      const request = deletes && random.chance(0.15) ? requestOf(random, state) : 0;
      return { coreCall: { callId: state.freshCallId(), epoch: state.epoch, originRequestId: request, ...method } };
    },
  ],
  [4, (random) => ({ cancel: { callId: random.between(1, 5000) } })],
  [30, (random, state) => ({ publish: notice(random, state) })],
  [4, (random, state) => ({ claim: { requestId: requestOf(random, state) } })],
  [2, (random, state) => ({ epochRaised: { epoch: state.epoch + random.between(1, 3) } })],
];

const methods = [
  [50, (random) => ({ convDelete: singleDelete(random) })],
  [25, (random) => ({ convDeleteList: { convIds: prefixedIds(random), clearMessage: random.chance(0.5) } })],
  [10, () => ({ convGetConvList: {} })],
  [2, (random) => ({ init: { sdkAppId: random.pick([1, 1400000000, 2 ** 40]), jsonSdkConfig: configOf(random) } })],
  [1, () => ({ uninit: {} })],
  [4, (random) => ({ login: { userId: random.pick(goodIds), userSig: Buffer.from("sig-of-nobody") } })],
  [2, () => ({ logout: {} })],
  [2, () => ({ getLoginStatus: {} })],
  [2, () => ({ getSdkVersion: {} })],
];

function singleDelete(random) {
  const convType = random.between(1, 2);
  return { convId: random.pick(convType === 1 ? goodIds : goodGroupIds), convType };
}

function prefixedIds(random) {
  const count = random.weighted([
    [20, random.between(1, 5)],
    [1, 99],
    [1, 100],
  ]);
  return Array.from({ length: count }, () => {
    const { convId, convType } = singleDelete(random);
    return Buffer.concat([Buffer.from(convType === 1 ? "c2c_" : "group_"), convId]);
  });
}

function configOf(random) {
  return random.pick([Buffer.alloc(0), Buffer.from("{}"), Buffer.from('{"sdk_config_log_file_path":"/tmp/日志"}')]);
}

function requestOf(random, state) {
  return state.requests.length === 0 || random.chance(0.1) ? random.between(1, 50) : random.pick(state.requests);
}

function notice(random, state) {
  const requestId = random.chance(0.2) ? requestOf(random, state) : 0;
  return random.weighted([
    [
      3,
      {
        deleteCompleted: { requestId, results: results(random), code: random.pick([0, 6017, -4]), desc: words(random) },
      },
    ],
    [2, { conversationsDeleted: { conversations: Array.from({ length: random.below(4) }, () => key(random)) } }],
    [1, { lateResult: { requestId, results: results(random) } }],
    [1, { conversationsAdded: { conversations: infos(random) } }],
    [1, { conversationsUpdated: { conversations: infos(random) } }],
    [1, { conversationListSync: { state: random.between(1, 2) } }],
    [1, { conversationListReset: { conversations: infos(random), more: random.chance(0.4) } }],
    [1, { sessionChanged: { kind: random.between(5, 7) } }],
    [1, { connectionChanged: { status: random.between(0, 3), code: random.pick([0, -1, 9508]), desc: words(random) } }],
  ]);
}

function infos(random) {
  return Array.from({ length: random.below(4) }, () => ({
    conversation: key(random),
    showName: words(random),
    unreadNum: random.pick([0, 1, 0xffff_ffff]),
    activeTime: random.pick([0, 1700000000, Number.MAX_SAFE_INTEGER]),
    isPinned: random.chance(0.3),
  }));
}

function results(random) {
  return Array.from({ length: random.between(0, 3) }, () => ({
    conversation: key(random),
    outcome: random.between(1, enumValues("Outcome").OUTCOME_UNKNOWN),
    ...(random.chance(0.5) ? { error: error(random) } : {}),
  }));
}

function error(random) {
  return {
    source: random.between(1, enumValues("ErrorSource").ERROR_SOURCE_SDK_CALLBACK),
    code: random.pick([6017, -1009, 0x7fff_ffff, -0x8000_0000]),
    category: random.between(1, enumValues("ErrorCategory").ERROR_CATEGORY_OTHER),
    retryable: random.chance(0.5),
    message: words(random),
  };
}

function key(random) {
  const id = random.pick(goodIds).toString();
  return random.weighted([
    [4, { userId: id }],
    [3, { groupId: id }],
    [1, { systemId: "@TIM#SYSTEM" }],
  ]);
}

function words(random) {
  return random.pick(["", "gone", "naïve 会话 😀", "a\nb", badIds[6].toString()]);
}
