// node tools/golden-frames.mjs --check|--write: the byte vectors of test/golden/frames.json, that both languages read and
// write. The JSON is written by hand, below; the bytes come from protobufjs, which neither language's generated code knows.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { root } from "./lib/root.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const file = join(root, "test/golden/frames.json");
const about =
  "Messages of proto/chatbridge/v1 as bytes, fields in the order of their numbers, and in proto3 JSON. A field that the JSON " +
  "lacks is absent; an optional field that it has is present, zero or not. Made by tools/golden-frames.mjs.";

const schema = new protobuf.Root();
schema.resolvePath = (_origin, target) => join(root, "proto", target);
schema.loadSync("chatbridge/v1/envelope.proto");

const b64 = (text) => Buffer.from(text, "utf8").toString("base64");
const vectors = [];
const add = (name, message, json) => vectors.push({ name, message, hex: encode(message, json).toString("hex"), json });

function encode(message, json) {
  const type = schema.lookupType(`chatbridge.v1.${message}`);
  return Buffer.from(type.encode(type.fromObject(json)).finish());
}

const coreCall = (method, ids = { callId: 1 }) => ({ version: 1, coreCall: { ...ids, ...method } });

// ToPlugin: every body, every core call.
add("nothing at all", "ToPlugin", {});
add("a version and no body", "ToPlugin", { version: 1 });
add("a large version", "ToPlugin", { version: 4294967295 });
add("ConvDelete", "ToPlugin", coreCall({ convDelete: { convId: b64("alice"), convType: 1 } }));
add(
  "ConvDelete, every number at its largest",
  "ToPlugin",
  coreCall(
    { convDelete: { convId: b64("42"), convType: 2 } },
    { callId: 2147483647, epoch: 4294967295, originRequestId: 2147483647 },
  ),
);
add("ConvDelete of a group, in unicode", "ToPlugin", coreCall({ convDelete: { convId: b64("会话😀"), convType: 2 } }));
add("ConvDelete of type 0, present", "ToPlugin", coreCall({ convDelete: { convId: b64("a"), convType: 0 } }));
add("ConvDelete of a negative type", "ToPlugin", coreCall({ convDelete: { convId: b64("a"), convType: -1 } }));
add("ConvDelete without a type", "ToPlugin", coreCall({ convDelete: { convId: b64("a") } }));
add("ConvDelete without an id", "ToPlugin", coreCall({ convDelete: { convType: 1 } }));
add("ConvDelete with an empty id, present", "ToPlugin", coreCall({ convDelete: { convId: "", convType: 1 } }));
add("ConvDelete with nothing in it", "ToPlugin", coreCall({ convDelete: {} }));
add("ConvDelete with a NUL in its id", "ToPlugin", coreCall({ convDelete: { convId: b64("a\0b"), convType: 1 } }));
add("ConvDelete with an id that is not UTF-8", "ToPlugin", coreCall({ convDelete: { convId: "/8CA", convType: 1 } }));
const two = [b64("c2c_alice"), b64("group_é")];
add("ConvDeleteList that clears", "ToPlugin", coreCall({ convDeleteList: { convIds: two, clearMessage: true } }));
add("ConvDeleteList that keeps", "ToPlugin", coreCall({ convDeleteList: { convIds: two, clearMessage: false } }));
add("ConvDeleteList that does not say", "ToPlugin", coreCall({ convDeleteList: { convIds: two } }));
add("ConvDeleteList of nothing", "ToPlugin", coreCall({ convDeleteList: { clearMessage: true } }));
add(
  "ConvDeleteList with an empty id",
  "ToPlugin",
  coreCall({ convDeleteList: { convIds: ["", ""], clearMessage: true } }),
);
add(
  "ConvDeleteList of 100",
  "ToPlugin",
  coreCall({
    convDeleteList: { convIds: Array.from({ length: 100 }, (_, i) => b64(`c2c_u${i}`)), clearMessage: true },
  }),
);
add("ConvGetConvList", "ToPlugin", coreCall({ convGetConvList: {} }));
add(
  "Init",
  "ToPlugin",
  coreCall({ init: { sdkAppId: "1400000000", jsonSdkConfig: b64('{"sdk_config_log_file_path":"/tmp"}') } }),
);
add("Init without a config", "ToPlugin", coreCall({ init: { sdkAppId: "9007199254740991" } }));
add("Init with app id 0, present", "ToPlugin", coreCall({ init: { sdkAppId: "0" } }));
add("Init without an app id", "ToPlugin", coreCall({ init: { jsonSdkConfig: b64("{}") } }));
add("Uninit", "ToPlugin", coreCall({ uninit: {} }));
add("Login", "ToPlugin", coreCall({ login: { userId: b64("alice"), userSig: b64("not-a-real-signature") } }));
add("Login with both empty, present", "ToPlugin", coreCall({ login: { userId: "", userSig: "" } }));
add("Login with neither", "ToPlugin", coreCall({ login: {} }));
add("Logout", "ToPlugin", coreCall({ logout: {} }));
add("GetLoginStatus", "ToPlugin", coreCall({ getLoginStatus: {} }));
add("GetSdkVersion", "ToPlugin", coreCall({ getSdkVersion: {} }));
add("a core call without a method", "ToPlugin", coreCall({}));
add("Cancel", "ToPlugin", { version: 1, cancel: { callId: 300 } });
add("Claim", "ToPlugin", { version: 1, claim: { requestId: 2147483647 } });
add("Claim of 0", "ToPlugin", { version: 1, claim: {} });
add("EpochRaised", "ToPlugin", { version: 1, epochRaised: { epoch: 128 } });
add("Attach", "ToPlugin", { version: 1, attach: {} });

// Notice and what it holds.
const user = { conversation: { userId: "alice" } };
const failed = (outcome, error) => ({ conversation: { groupId: "会话" }, outcome, error });
const error = {
  source: "ERROR_SOURCE_SDK_CALLBACK",
  code: 6017,
  category: "ERROR_CATEGORY_INVALID_ARGUMENT",
  message: "falsch: ü, 错, 😀",
};
const completed = {
  requestId: 7,
  results: [
    { ...user, outcome: "OUTCOME_DELETED" },
    failed("OUTCOME_FAILED", error),
    { conversation: { systemId: "@TIM#SYSTEM" }, outcome: "OUTCOME_NOT_SENT" },
    { conversation: {}, outcome: "OUTCOME_UNKNOWN" },
    {},
  ],
  code: -1009,
  desc: "the signed-in user changed",
};
add("DeleteCompleted published", "ToPlugin", { version: 1, publish: { deleteCompleted: completed } });
add("DeleteCompleted of script's", "Notice", {
  deleteCompleted: { results: [{ ...user, outcome: "OUTCOME_DELETED" }] },
});
add("DeleteCompleted with nothing in it", "Notice", { deleteCompleted: {} });
add("ConversationsDeleted", "Notice", {
  conversationsDeleted: {
    conversations: [{ userId: "a" }, { groupId: "@TGS#_c@TOPIC#_t" }, { systemId: "@TIM#SYSTEM" }],
  },
});
add("ConversationsDeleted of none", "Notice", { conversationsDeleted: {} });
add("LateResult", "Notice", { lateResult: { requestId: 9, results: [{ ...user, outcome: "OUTCOME_DELETED" }] } });
const infos = {
  conversations: [
    {
      conversation: { userId: "alice" },
      showName: "Alice 😀",
      unreadNum: 4294967295,
      activeTime: "1700000000",
      isPinned: true,
    },
    { conversation: { groupId: "42" } },
    {},
  ],
};
add("ConversationsAdded", "Notice", { conversationsAdded: infos });
add("ConversationsAdded of none", "Notice", { conversationsAdded: {} });
add("ConversationsUpdated", "Notice", { conversationsUpdated: infos });
for (const state of ["LIST_SYNC_STATE_STARTED", "LIST_SYNC_STATE_FINISHED"]) {
  add(`ConversationListSync, ${state}`, "Notice", { conversationListSync: { state } });
}
add("ConversationListReset", "Notice", { conversationListReset: { ...infos, more: true } });
add("the end of a ConversationListReset", "Notice", { conversationListReset: {} });
for (const kind of ["KICKED_OFFLINE", "USER_SIG_EXPIRED", "NOTIFIED"]) {
  add(`SessionChanged, ${kind}`, "Notice", { sessionChanged: { kind: `SESSION_EVENT_KIND_${kind}` } });
}
add("ConnectionChanged", "Notice", { connectionChanged: { status: 3, code: 9508, desc: "nicht verbunden: ü" } });
add("ConnectionChanged, connected", "Notice", { connectionChanged: {} });
add("a notice of nothing", "Notice", {});
add("a key with an empty user", "Key", { userId: "" });
add("a key with an empty group", "Key", { groupId: "" });
add("a key with an empty system id", "Key", { systemId: "" });
add("an error, every field", "BridgeError", { ...error, code: -2147483648, retryable: true });
add("an error, largest code", "BridgeError", { code: 2147483647 });
for (const [kind, type] of [
  ["ErrorSource", "source"],
  ["ErrorCategory", "category"],
]) {
  for (const name of Object.keys(schema.lookupEnum(`chatbridge.v1.${kind}`).values).slice(1)) {
    add(name, "BridgeError", { [type]: name });
  }
}

// ToScript: every body.
const toScript = (body) => ({ version: 1, sequence: "1", ...body });
add("no frame at all", "ToScript", {});
add("a frame without a body", "ToScript", { version: 1, sequence: "9007199254740991", epoch: 4294967295 });
add("a core's answer", "ToScript", {
  ...toScript({ epoch: 3 }),
  result: {
    callId: 2147483647,
    source: "ERROR_SOURCE_SDK_RETURN",
    code: -4,
    desc: b64("bad parameter"),
    json: b64('[{"conversation_operation_result_result_code":0}]'),
  },
});
add("a core's empty answer", "ToScript", toScript({ result: {} }));
add("a core's answer that is not UTF-8", "ToScript", toScript({ result: { callId: 1, desc: "7aCA", json: "wIA=" } }));
for (const type of [0, 1, 2, 3, 4, 9, -1]) {
  const event = { conversation: { ...(type === 0 ? {} : { type }), json: b64('["c2c_a"]') } };
  add(`conversation event ${type}`, "ToScript", toScript({ event }));
}
add("a conversation event without JSON", "ToScript", toScript({ event: { conversation: { type: 3 } } }));
for (const kind of Object.keys(schema.lookupEnum("chatbridge.v1.SessionEventKind").values).slice(1)) {
  add(kind, "ToScript", toScript({ epoch: 2, event: { session: { kind } } }));
}
add("a network event", "ToScript", toScript({ event: { network: { status: 1, code: -1, desc: b64("no route") } } }));
add("a network event of zeros", "ToScript", toScript({ event: { network: {} } }));
add("an event of nothing", "ToScript", toScript({ event: {} }));
const request = (method) => toScript({ request: { requestId: 300, ...method } });
add("C# asks for a deletion", "ToScript", request({ convDelete: { convId: b64("bob"), convType: 1 } }));
add("C# asks without a type", "ToScript", request({ convDelete: { convId: b64("bob") } }));
add("C# asks for a batch that keeps", "ToScript", request({ convDeleteList: { convIds: two, clearMessage: false } }));
add("C# asks for nothing", "ToScript", request({}));
add("events lost", "ToScript", toScript({ lost: { count: 100000 } }));

// DrainBatch.
const inner = encode("ToScript", toScript({ result: { callId: 5 } })).toString("base64");
for (const state of ["SESSION_STATE_OPEN", "SESSION_STATE_REPLACED", "SESSION_STATE_CLOSED"]) {
  add(`a batch without frames, ${state}`, "DrainBatch", { clockMs: "1", state });
}
add("a batch", "DrainBatch", {
  clockMs: "9007199254740991",
  state: "SESSION_STATE_OPEN",
  frames: [inner, "", "/w=="],
  epoch: 7,
});
add("the batch right after Open", "DrainBatch", {
  clockMs: "1",
  state: "SESSION_STATE_OPEN",
  epoch: 1,
  dataFolder: b64("/data/spiel ü/tim-chatbridge"),
});
add("a batch that leaves frames behind", "DrainBatch", {
  clockMs: "1",
  state: "SESSION_STATE_OPEN",
  frames: [inner],
  epoch: 1,
  stillWaiting: 4294967295,
});
add("a batch of nothing", "DrainBatch", {});

const text = `${JSON.stringify({ about, vectors }, null, 1)}\n`;
const usage = "node tools/golden-frames.mjs --check|--write";
const values = toolOptions(usage, { check: { type: "boolean" }, write: { type: "boolean" } });
if (values.write === true) {
  writeFileSync(file, text);
  console.log(`${vectors.length} vectors written to test/golden/frames.json`);
} else if (values.check === true) {
  if (readFileSync(file, "utf8") !== text) {
    console.error(
      "test/golden/frames.json is not what tools/golden-frames.mjs makes. See the difference with --write.",
    );
    process.exit(1);
  }
  console.log(`${vectors.length} vectors, as committed`);
} else {
  console.error(`Usage: ${usage}`);
  process.exit(2);
}
