import { describe, expect, it } from "vitest";
import type { CoreMethod } from "../../../src/core/core-sdk.js";
import { EmbeddedCore, type EmbeddedCoreOptions, EmbeddedDataError } from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, getList, group, init, login, logout, uninit } from "./fake-bridge.js";

const conversations = [
  { conv_id: "alice", conv_type: 1, conv_is_pinned: true },
  { conv_id: "bob", conv_type: 1 },
  { conv_id: "42", conv_type: 2 },
  { conv_id: "bob", conv_type: 2 },
];

function start(options: EmbeddedCoreOptions = {}) {
  const core = new EmbeddedCore({ userId: "me", conversations, ...options });
  return { core, bridge: new FakeBridge(core) };
}

const everyCall: [string, CoreMethod, string][] = [
  ["ConvDelete", c2c("alice"), ""],
  ["ConvDeleteConversationList", batch(["c2c_alice"], true), "[]"],
  ["ConvDeleteConversationList of 101", batch(Array<string>(101).fill("c2c_a"), true), "[]"],
  ["ConvDeleteConversationList of nonsense", batch(["nonsense"], true), "[]"],
  ["ConvGetConvList", getList, "[]"],
];

describe("before the core is ready", () => {
  it.each(everyCall)("%s answers 6013 before Init", (_, method, json) => {
    const { bridge } = start({ signedIn: false });
    expect(bridge.ask(method)).toEqual({ callId: 1, source: 3, code: 6013, desc: "not initialized", json });
  });

  it.each(everyCall)("%s answers 6014 before Login", (_, method, json) => {
    const { bridge } = start({ signedIn: false });
    expect(bridge.ask(init).code).toBe(0);
    expect(bridge.ask(method)).toMatchObject({ code: 6014, desc: "not login", json });
  });

  it("Login answers 6013 before Init, Logout 6013 and then 6014", () => {
    const { bridge } = start({ signedIn: false });
    expect(bridge.ask(login("me")).code).toBe(6013);
    expect(bridge.ask(logout).code).toBe(6013);
    expect(bridge.ask(uninit).code).toBe(0);
    bridge.ask(init);
    expect(bridge.ask(logout).code).toBe(6014);
    expect(bridge.ask(login("me")).code).toBe(0);
    expect(bridge.listed()).toHaveLength(4);
  });

  it("nothing was deleted by any of it", () => {
    const { core, bridge } = start({ signedIn: false });
    for (const [, method] of everyCall) bridge.ask(method);
    bridge.ask(init);
    for (const [, method] of everyCall) bridge.ask(method);
    expect(core.server.conversations("me")).toHaveLength(4);
  });

  it("without a bridge, send returns -1", () => {
    const core = new EmbeddedCore();
    expect(core.send({ callId: 1, epoch: 1, originRequestId: 0, method: getList })).toBe(-1);
  });
});

describe("what the C function refuses has a return value and no answer", () => {
  const wrong = (method: unknown) => method as CoreMethod;
  it.each<[string, CoreMethod, number]>([
    ["an empty id", c2c(""), -4],
    ["an id that is none", wrong({ name: "ConvDelete", convId: null, convType: 1 }), -4],
    ["type 0", { name: "ConvDelete", convId: "alice", convType: 0 }, -4],
    ["type 3", { name: "ConvDelete", convId: "alice", convType: 3 }, -4],
    ["type 9", wrong({ name: "ConvDelete", convId: "alice", convType: 9 }), -4],
    ["type 1 as text", wrong({ name: "ConvDelete", convId: "alice", convType: "1" }), -4],
    ["no list", wrong({ name: "ConvDeleteConversationList", convIds: null, clearMessage: true }), -4],
    ["no clearMessage", wrong({ name: "ConvDeleteConversationList", convIds: ["c2c_alice"] }), -4],
    ["an empty list", batch([], true), -3],
    ["an empty userID", login(""), -4],
    ["an SDKAppID of 0", { name: "Init", sdkAppId: 0, jsonSdkConfig: "" }, -4],
    ["an unknown function", wrong({ name: "ConvPin" }), -1014],
  ])("%s", (_, method, returned) => {
    const { core, bridge } = start();
    const before = core.toJSON();
    expect(bridge.send(method).returned).toBe(returned);
    expect(bridge.waitingJobs).toBe(0);
    expect(bridge.told).toEqual([]);
    expect(core.toJSON()).toEqual(before);
    expect(bridge.ask(c2c("alice")).code).toBe(0);
  });

  it("a core below 7.1 has no batch deletion", () => {
    for (const [coreVersion, returned] of [
      ["6.9.9", -1014],
      ["7.0.3754", -1014],
      ["7.1", 0],
      ["7.10.1", 0],
      ["10.0", 0],
    ] as const) {
      const { bridge } = start({ coreVersion });
      expect([coreVersion, bridge.send(batch(["c2c_alice"], true)).returned]).toEqual([coreVersion, returned]);
      expect(bridge.ask(c2c("bob")).code).toBe(0);
    }
  });
});

describe("ConvDelete", () => {
  it("answers later, the result first, then the Del event with the ConvInfo", () => {
    const { bridge } = start();
    expect(bridge.send(c2c("alice"))).toEqual({ returned: 0, callId: 1 });
    expect(bridge.told).toEqual([]);
    expect(bridge.waitingJobs).toBe(1);
    bridge.turn();
    expect(bridge.told).toEqual([
      { kind: "result", result: { callId: 1, source: 3, code: 0, desc: "", json: "" } },
      { kind: "event", type: 1, json: JSON.stringify([conversations[0]]) },
    ]);
  });

  it("tells a user and a group of one id apart", () => {
    const { bridge } = start();
    expect(bridge.ask(group("bob")).code).toBe(0);
    expect(bridge.listed()).toEqual(["c2c_alice", "c2c_bob", "group_42"]);
  });

  it.each([
    ["unknown", c2c("carol")],
    ["of the other type", group("alice")],
    ["in another notation", c2c("c2c_alice")],
    ["in another case", c2c("Alice")],
    ["a name of Object.prototype", c2c("__proto__")],
    ["another name of Object.prototype", group("constructor")],
  ])("an id that is %s: 6004, and nothing is deleted", (_, method) => {
    const { core, bridge } = start();
    const before = core.toJSON();
    expect(bridge.ask(method)).toMatchObject({ code: 6004, desc: "invalid conversation", json: "" });
    expect(core.toJSON()).toEqual(before);
    expect(bridge.takeEvents()).toEqual([]);
  });

  it.each([
    ["NUL inside", "alice\0x"],
    ["a lone surrogate", "alice\udc00"],
  ])("an id with %s: 6017, and nothing is deleted", (_, convId) => {
    const { core, bridge } = start();
    expect(bridge.ask(c2c(convId))).toMatchObject({ code: 6017 });
    expect(core.server.conversations("me")).toHaveLength(4);
  });

  it("twice: 6004 the second time, also when asked for at once", () => {
    const { bridge } = start();
    bridge.send(c2c("alice"));
    bridge.send(c2c("alice"));
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "Del c2c_alice", "result 2: 6004"]);
  });

  it("answers in the order asked", () => {
    const { bridge } = start();
    for (const method of [c2c("bob"), getList, batch(["group_bob", "x"], false), c2c("nobody"), c2c("alice")]) {
      bridge.send(method);
    }
    bridge.drain();
    expect(bridge.story()).toEqual([
      "result 1: 0",
      "Del c2c_bob",
      "result 2: 0",
      "result 3: 0",
      "Del group_bob",
      "result 4: 6004",
      "result 5: 0",
      "Del c2c_alice",
    ]);
  });

  it("from inside an answer works", () => {
    const { bridge } = start();
    bridge.onResult = ({ callId }) => {
      if (callId === 1) expect(bridge.send(c2c("bob")).returned).toBe(0);
    };
    bridge.send(c2c("alice"));
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "Del c2c_alice", "result 2: 0", "Del c2c_bob"]);
  });

  it("Del can carry id strings, as some cores send them", () => {
    const { bridge } = start({ deletedAs: "ids" });
    bridge.ask(batch(["group_42", "c2c_bob"], true));
    expect(bridge.told[1]).toEqual({ kind: "event", type: 1, json: '["group_42","c2c_bob"]' });
  });
});

describe("ConvDeleteConversationList", () => {
  const entry = (id: string, code: number) => ({
    conversation_operation_result_conversation_id: id,
    conversation_operation_result_result_code: code,
    conversation_operation_result_result_info: code === 0 ? "" : expect.stringMatching(/invalid/),
  });

  it("answers for each id, in order, and tells of the deleted in one event", () => {
    const { bridge } = start();
    const ids = [
      "group_42",
      "c2c_nobody",
      "nonsense",
      "C2Calice",
      "c2c_",
      "group_",
      "c2c_alice",
      "c2c_a\0",
      "group_42",
    ];
    const { code, json } = bridge.ask(batch(ids, true));
    expect(code).toBe(0);
    const codes = [0, 6004, 6017, 6017, 6017, 6017, 0, 6017, 0];
    expect(JSON.parse(json)).toEqual(ids.map((id, index) => entry(id, codes[index] ?? -1)));
    expect(bridge.story()).toEqual(["result 1: 0", "Del group_42,c2c_alice"]);
    expect(bridge.listed()).toEqual(["c2c_bob", "group_bob"]);
  });

  it("answers 6003 with the results when none succeeded", () => {
    const { bridge } = start();
    const { code, json, desc } = bridge.ask(batch(["c2c_nobody", "nonsense"], false));
    expect({ code, results: JSON.parse(json) }).toEqual({
      code: 6003,
      results: [entry("c2c_nobody", 6004), entry("nonsense", 6017)],
    });
    expect(desc).not.toBe("");
    expect(bridge.takeEvents()).toEqual([]);
  });

  it("takes 100 ids and refuses 101 whole", () => {
    const list = Array.from({ length: 101 }, (_, n) => ({ conv_id: `u${n}`, conv_type: 1 }));
    const { bridge } = start({ conversations: list });
    const ids = list.map(({ conv_id }) => `c2c_${conv_id}`);
    expect(bridge.ask(batch(ids, true))).toMatchObject({ code: 6017, json: "[]" });
    expect(bridge.listed()).toHaveLength(101);
    expect(bridge.ask(batch(ids.slice(0, 100), true)).code).toBe(0);
    expect(bridge.listed()).toEqual(["c2c_u100"]);
  });

  it("refuses a list whole that holds what is no string", () => {
    const { bridge } = start();
    expect(bridge.ask(batch(["c2c_alice", 7 as unknown as string], true))).toMatchObject({ code: 6017, json: "[]" });
    expect(bridge.listed()).toHaveLength(4);
  });

  it("does not follow what the caller does to the array after the call", () => {
    const { bridge } = start();
    const ids = ["c2c_alice"];
    bridge.send(batch(ids, true));
    ids[0] = "c2c_bob";
    bridge.drain();
    expect(bridge.listed()).toEqual(["c2c_bob", "group_42", "group_bob"]);
  });
});

describe("limits, when asked to enforce them", () => {
  it("5 deletions in any one second, 9506 beyond; those delete nothing", () => {
    let now = 0;
    const list = Array.from({ length: 12 }, (_, n) => ({ conv_id: `u${n}`, conv_type: 1 }));
    const { bridge } = start({ conversations: list, enforceLimits: true, now: () => now });
    const codes = (...ids: number[]) => ids.map((n) => bridge.ask(c2c(`u${n}`)).code);
    expect(codes(0, 1, 2)).toEqual([0, 0, 0]);
    now = 600;
    expect(bridge.ask(batch(["c2c_u3"], true)).code).toBe(0);
    expect(codes(4, 5)).toEqual([0, 9506]);
    expect(bridge.ask(batch(["c2c_u5"], true))).toMatchObject({ code: 9506, json: "[]" });
    now = 999;
    expect(codes(5)).toEqual([9506]);
    now = 1000;
    expect(codes(5, 6, 7, 8)).toEqual([0, 0, 0, 9506]);
    now = 1600;
    expect(codes(8, 9, 10)).toEqual([0, 0, 9506]);
    expect(bridge.listed()).toEqual(["c2c_u10", "c2c_u11"]);
  });

  it("counts neither the list, which is local, nor what is refused for other reasons", () => {
    const { bridge } = start({ enforceLimits: true, signedIn: false, now: () => 0 });
    for (let n = 0; n < 10; n++) expect(bridge.ask(c2c("alice")).code).toBe(6013);
    bridge.ask(init);
    bridge.ask(login("me"));
    for (let n = 0; n < 10; n++) expect(bridge.ask(getList).code).toBe(0);
    for (let n = 0; n < 10; n++) expect(bridge.send(c2c("")).returned).toBe(-4);
    expect(bridge.ask(c2c("alice")).code).toBe(0);
  });

  it("1000 under way, 9507 beyond", () => {
    let now = 0;
    const { bridge } = start({ enforceLimits: true, now: () => (now += 1000) });
    for (let n = 0; n < 1001; n++) bridge.send(c2c("nobody"));
    bridge.drain();
    const codes = bridge.results().map(({ code }) => code);
    expect(codes.slice(0, 1000).every((code) => code === 6004)).toBe(true);
    expect(codes[1000]).toBe(9507);
    expect(bridge.ask(c2c("alice")).code).toBe(0);
  });

  it("has none otherwise", () => {
    const { bridge } = start({ now: () => 0 });
    for (let n = 0; n < 2000; n++) bridge.send(c2c("nobody"));
    bridge.drain();
    expect(new Set(bridge.results().map(({ code }) => code))).toEqual(new Set([6004]));
    expect(bridge.results()).toHaveLength(2000);
  });
});

describe("options", () => {
  it.each<[string, unknown, string]>([
    ["userId empty", { userId: "" }, "options.userId"],
    ["userId with NUL", { userId: "a\0" }, "options.userId"],
    ["userId a number", { userId: 7 }, "options.userId"],
    ["clientId empty", { clientId: "" }, "options.clientId"],
    ["server something else", { server: {} }, "options.server"],
    ["enforceLimits a string", { enforceLimits: "yes" }, "options.enforceLimits"],
    ["signedIn a number", { signedIn: 1 }, "options.signedIn"],
    ["sync a string", { syncDeletionAcrossClients: "on" }, "options.syncDeletionAcrossClients"],
    ["coreVersion no version", { coreVersion: "latest" }, "options.coreVersion"],
    ["deletedAs unknown", { deletedAs: "id" }, "options.deletedAs"],
    ["now a number", { now: 5 }, "options.now"],
    ["the options null", null, "options"],
    ["the options a list", [], "options"],
  ])("%s is refused", (_, options, path) => {
    const make = () => new EmbeddedCore(options as EmbeddedCoreOptions);
    expect(make).toThrow(EmbeddedDataError);
    expect(make).toThrow(expect.objectContaining({ path }));
  });

  it("says what it is", () => {
    const core = new EmbeddedCore();
    expect(core).toMatchObject({ name: "embedded", behindPlugin: false, coreVersion: "8.0.5903" });
    expect(core.client.signedInAs).toBe("player");
  });
});
