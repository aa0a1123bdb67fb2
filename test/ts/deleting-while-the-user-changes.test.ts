// Invariant 3: the epoch goes up when a session call is made, and the user changes later, or not at all. What is deleted meanwhile
// would be whoever's.
import { afterEach, expect, test } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import { connect } from "../../src/connect.js";
import { EmbeddedCore, EmbeddedServer } from "../../src/embedded-core.js";
import { Outcome, TIMConvType, TIMResult } from "../../src/index.js";
import { SessionEventKind } from "../../src/protocol/gen/chatbridge/v1/core.js";
import { FakePlugin } from "./support/fake-script-port.js";
import { utf8, writeMessage } from "./support/protobufjs-root.js";
import { microtasks } from "./support/rig.js";

const { kTIMConv_C2C: C2C } = TIMConvType;
const { BRIDGE_ERR_USER_CHANGING: changing } = TIMResult;

let plugin: FakePlugin;
afterEach(() => plugin?.remove());

function game(): Bridge {
  plugin = new FakePlugin();
  const bridge = connect();
  session(() => bridge.Login("ann", "sig"));
  answer();
  plugin.tick();
  return bridge;
}

/** The plugin's door counts when it hands a session call to the core. */
function session(call: () => number): void {
  plugin.epoch++;
  expect(call()).toBe(0);
}

const calls = (): { readonly callId: number }[] =>
  plugin.sent.filter(({ coreCall }) => coreCall !== undefined).map(({ coreCall }) => coreCall);
const deletions = (): number => plugin.sent.filter(({ coreCall: c }) => c?.convDelete ?? c?.convDeleteList).length;
const answer = (code = 0): void => plugin.queue({ result: { callId: calls().at(-1)?.callId ?? 0, source: 3, code } });
const csharpAsks = (requestId: number): void =>
  plugin.queue({ request: { requestId, convDelete: { convId: utf8("alice"), convType: C2C } } });
const events = (count: number, bytes: number): void => {
  for (let i = 0; i < count; i++) plugin.queue({ event: { conversation: { type: 3, json: utf8(" ".repeat(bytes)) } } });
};
const batch = (fields: object): Uint8Array =>
  writeMessage("DrainBatch", { clockMs: plugin.clock, state: 1, epoch: plugin.epoch, ...fields });
const completions = (): object[] =>
  plugin.sent.flatMap(({ publish }) => (publish?.deleteCompleted === undefined ? [] : [publish.deleteCompleted]));

test.each<[string, (bridge: Bridge) => number]>([
  ["Login", (bridge) => bridge.Login("bob", "sig")],
  ["Logout", (bridge) => bridge.Logout()],
  ["Uninit", (bridge) => bridge.Uninit()],
  ["Init", (bridge) => bridge.Init(1400)],
])("%s is under way: script's deletions are refused in words, and go on when it has ended", async (_name, call) => {
  const bridge = game();
  session(() => call(bridge));
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  expect(bridge.lastError).toMatchObject({ code: changing, retryable: false });
  expect(bridge.lastError?.message).toMatch(/nothing was deleted. Ask in that call's callback/);
  expect(bridge.ConvDeleteConversationList(["c2c_alice"], true)).toBe(changing);
  await expect(bridge.deleteConversation("c2c_alice")).rejects.toMatchObject({
    code: changing,
    outcome: Outcome.NOT_SENT,
  });
  const many = Array.from({ length: 250 }, (_, i) => `c2c_${i}`);
  await expect(bridge.deleteConversationList(many, { clearMessage: true })).rejects.toMatchObject({ code: changing });
  expect(deletions()).toBe(0);
  answer(6012);
  plugin.tick();
  expect(bridge.ConvDelete("alice", C2C)).toBe(0);
  expect(deletions()).toBe(1);
  bridge.close();
});

test("a core without batches, where one would have to wait its turn: refused all the same", () => {
  const bridge = game();
  plugin.answer = ({ coreCall }) => (coreCall?.convDeleteList === undefined ? 0 : TIMResult.BRIDGE_ERR_UNSUPPORTED);
  expect(bridge.ConvDeleteConversationList(["c2c_alice"], true)).toBe(0);
  session(() => bridge.Login("bob", "sig"));
  expect(bridge.ConvDeleteConversationList(["c2c_bob"], true)).toBe(changing);
  bridge.close();
});

test("a callback of the call itself may delete", () => {
  const bridge = game();
  const returned: number[] = [];
  session(() => bridge.Login("bob", "sig", () => returned.push(bridge.ConvDelete("alice", C2C))));
  answer();
  plugin.tick();
  expect(returned).toEqual([0]);
  bridge.close();
});

test("what another change of user has ended cannot be asked for again before that change is told", () => {
  const bridge = game();
  const heard: string[] = [];
  const askAgain = (): void => {
    heard.push(`ended, and asked for again: ${bridge.ConvDelete("alice", C2C)}`);
  };
  bridge.ConvDelete("alice", C2C, askAgain);
  bridge.onSessionChanged(({ kind }) => heard.push(`${kind}: ${bridge.ConvDelete("bobs", C2C)}`));
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: SessionEventKind.NOTIFIED } } });
  plugin.tick();
  expect(heard).toEqual([`ended, and asked for again: ${changing}`, "notified: 0"]);
  expect(deletions()).toBe(2);
  bridge.close();
});

test("a change that was kept back is told before the login's callback: only the callback may delete", () => {
  const bridge = game();
  const heard: string[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(`${kind}: ${bridge.ConvDelete("bobs", C2C)}`));
  session(() => bridge.Login("carol", "sig", () => heard.push(`called back: ${bridge.ConvDelete("carols", C2C)}`)));
  const login = calls().at(-1)?.callId;
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: SessionEventKind.CARRIED_OUT } } });
  plugin.queue({ result: { callId: login, source: 3 } });
  plugin.tick();
  expect(heard).toEqual([`notified: ${changing}`, "called back: 0"]);
  bridge.close();
});

test("a change waits for a script that connects: until it has heard of that it may not delete", () => {
  plugin = new FakePlugin();
  plugin.epoch = 4;
  plugin.queue({ event: { session: { kind: SessionEventKind.CARRIED_OUT } } });
  const bridge = connect();
  const heard: number[] = [];
  bridge.onSessionChanged(() => heard.push(bridge.ConvDelete("alice", C2C)));
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  plugin.tick();
  expect(heard).toEqual([0]);
  bridge.close();
});

test("a call that was refused while a change waited leaves nothing unclear: nobody is signed in after a logout", () => {
  const bridge = game();
  bridge.onConversationListReset(() => {});
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: SessionEventKind.NOTIFIED } } });
  plugin.answer = () => TIMResult.BRIDGE_ERR_BUSY;
  expect(bridge.Logout()).toBe(TIMResult.BRIDGE_ERR_BUSY);
  plugin.answer = () => 0;
  plugin.tick();
  session(() => bridge.Logout());
  const logout = calls().at(-1)?.callId;
  plugin.queue({ lost: { count: 3 } });
  plugin.queue({ result: { callId: logout, source: 3 } });
  for (let i = 0; i < 4; i++) plugin.tick(2000);
  expect(calls().at(-1)?.callId).toBe(logout);
  bridge.close();
});

test.each<[string, object, boolean]>([
  ["a kick", { event: { session: { kind: SessionEventKind.KICKED_OFFLINE } } }, true],
  ["a login's answer", { result: { source: 3 } }, true],
  ["a login's failure", { result: { source: 3, code: 6012 } }, false],
  ["a deletion's answer", { result: { source: 3, callId: 99 } }, false],
  ["what cannot be read", { version: 2 }, false],
])("a bridge that closes with %s in its hands tells C# of it where it changes the user", (_name, frame, tells) => {
  const bridge = game();
  const told = (): object[] => plugin.sent.filter(({ publish }) => publish?.sessionChanged !== undefined);
  bridge.onConnectionChanged(() => bridge.close());
  session(() => bridge.Login("bob", "sig"));
  plugin.queue({ event: { network: { status: 0 } } });
  const { result } = frame as { readonly result?: object };
  plugin.queue(result === undefined ? frame : { result: { callId: calls().at(-1)?.callId, ...result } });
  plugin.queueBytes(Uint8Array.of(0xff));
  plugin.tick();
  expect(told()).toMatchObject(tells ? [{ publish: { sessionChanged: { kind: SessionEventKind.NOTIFIED } } }] : []);
  bridge.close();
});

test("a bridge that closes while a change is kept back tells C# of it, once", () => {
  const bridge = game();
  session(() => bridge.Login("bob", "sig"));
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: SessionEventKind.NOTIFIED } } });
  plugin.tick();
  bridge.close();
  bridge.close();
  expect(plugin.sent.filter(({ publish }) => publish?.sessionChanged !== undefined)).toHaveLength(1);
});

test("of two session calls both have to end", () => {
  const bridge = game();
  session(() => bridge.Logout());
  answer();
  session(() => bridge.Login("bob", "sig"));
  plugin.tick();
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  bridge.close();
});

test("C# asks while a login is under way: it ends as not sent, whether script hears of it before the login's end or behind it", () => {
  const bridge = game();
  session(() => bridge.Login("bob", "sig"));
  csharpAsks(7);
  plugin.tick();
  csharpAsks(8);
  answer();
  // The core has answered; the game has not heard.
  csharpAsks(9);
  plugin.tick();
  csharpAsks(10);
  plugin.tick();
  const notSent = { code: changing, results: [{ outcome: Outcome.NOT_SENT }] };
  expect(completions()).toMatchObject([7, 8, 9].map((requestId) => ({ requestId, ...notSent })));
  expect(calls().at(-1)).toMatchObject({ originRequestId: 10, convDelete: {} });
  expect(deletions()).toBe(1);
  bridge.close();
});

test.each<[string, number, () => void]>([
  ["thousands of events", 0, () => events(9000, 1)],
  ["a few large ones", 16, () => events(4, 700_000)],
])("C# asks behind %s: the place in the queue says whether it could know of the login's end", (_name, ms, backlog) => {
  const bridge = game();
  session(() => bridge.Login("bob", "sig", () => csharpAsks(8)));
  answer();
  backlog();
  csharpAsks(7);
  for (let i = 0; i < 6; i++) plugin.tick(ms);
  expect(completions()).toMatchObject([{ requestId: 7, code: changing, results: [{ outcome: Outcome.NOT_SENT }] }]);
  expect(calls().at(-1)).toMatchObject({ originRequestId: 8, convDelete: {} });
  expect(deletions()).toBe(1);
  bridge.close();
});

test.each<[string, () => void]>([
  ["", () => {}],
  [
    " (how much waits there cannot be read)",
    () => {
      let isFirst = true;
      plugin.onDrain = () => {
        if (!isFirst) plugin.nextBatch = Uint8Array.of(0xff);
        isFirst = false;
      };
    },
  ],
])("C# asks in the turn that brings the login's answer, and before it is heard%s: in doubt", (_name, spoil) => {
  const bridge = game();
  bridge.onConnectionChanged(() => csharpAsks(7));
  session(() => bridge.Login("bob", "sig"));
  plugin.queue({ event: { network: { status: 0 } } });
  answer();
  spoil();
  plugin.tick();
  plugin.onDrain = () => {};
  plugin.tick();
  csharpAsks(8);
  plugin.tick();
  expect(completions()).toMatchObject([{ requestId: 7, code: changing }]);
  expect(deletions()).toBe(1);
  bridge.close();
});

test("a login that an uninit has ended: its deadline brings no doubt about what C# asks for by then", () => {
  const bridge = game();
  session(() => bridge.Login("bob", "sig"));
  session(() => bridge.Uninit());
  answer();
  plugin.tick();
  bridge.onConnectionChanged(() => csharpAsks(7));
  plugin.queue({ event: { network: { status: 0 } } });
  plugin.tick(30_000);
  plugin.tick();
  expect(calls().at(-1)).toMatchObject({ originRequestId: 7, convDelete: {} });
  bridge.close();
});

test("an earlier script's login is carried out: what C# has asked for before anybody has heard of that ends", () => {
  const bridge = game();
  const heard: string[] = [];
  bridge.onSessionChanged(({ kind }) => {
    heard.push(kind);
    csharpAsks(8);
  });
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: 8 } } });
  csharpAsks(7);
  plugin.tick();
  plugin.tick();
  expect(heard).toEqual(["notified"]);
  expect(completions()).toMatchObject([{ requestId: 7, code: changing }]);
  expect(calls().at(-1)).toMatchObject({ originRequestId: 8, convDelete: {} });
  bridge.close();
});

/** Script hears of it later, and the core refuses a login meanwhile. */
function unheardChange(bridge: Bridge, kind = SessionEventKind.NOTIFIED): void {
  plugin.epoch++;
  plugin.queue({ event: { session: { kind } } });
  plugin.epoch++;
  plugin.answer = () => -5;
  expect(bridge.Login("carol", "sig")).toBe(-5);
  plugin.answer = () => 0;
}

test.each([
  ["before", [7]],
  // Of that change the login's own callback, in which the second is asked for, did not know either.
  ["behind", [7, 8]],
] as const)(
  "C# asks before the login's answer is heard, and a change that waits is heard %s that: in doubt all the same",
  (when, inDoubt) => {
    const bridge = game();
    if (when === "before") unheardChange(bridge);
    bridge.onConnectionChanged(() => csharpAsks(7));
    plugin.queue({ event: { network: { status: 0 } } });
    session(() => bridge.Login("bob", "sig", () => csharpAsks(8)));
    answer();
    if (when === "behind") unheardChange(bridge);
    plugin.tick();
    plugin.tick();
    expect(completions()).toMatchObject(inDoubt.map((requestId) => ({ requestId, code: changing })));
    csharpAsks(9);
    plugin.tick();
    expect(calls().at(-1)).toMatchObject({ originRequestId: 9, convDelete: {} });
    bridge.close();
  },
);

test("C# asks before the login's answer is heard, and a kick waits behind that: in doubt all the same", () => {
  const bridge = game();
  bridge.onConnectionChanged(() => csharpAsks(7));
  plugin.queue({ event: { network: { status: 0 } } });
  session(() => bridge.Login("bob", "sig"));
  answer();
  unheardChange(bridge, SessionEventKind.KICKED_OFFLINE);
  plugin.tick();
  plugin.tick();
  expect(completions()).toMatchObject([{ requestId: 7, code: changing }]);
  bridge.close();
});

test("a login that succeeds after its deadline: the list is asked for", () => {
  const bridge = game();
  bridge.onConversationListReset(() => {});
  session(() => bridge.Login("bob", "sig"));
  const login = calls().at(-1)?.callId;
  plugin.tick(30_000);
  plugin.queue({ result: { callId: login, source: 3 } });
  plugin.tick();
  expect(calls().at(-1)).toMatchObject({ convGetConvList: {} });
  bridge.close();
});

test("the game has changed the user, and C# asks before anybody was told: not as the next one", () => {
  const bridge = game();
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: 7 } } });
  csharpAsks(7);
  bridge.onSessionChanged(() => csharpAsks(8));
  plugin.tick();
  plugin.tick();
  expect(completions()).toMatchObject([{ requestId: 7, code: changing }]);
  expect(calls().at(-1)).toMatchObject({ originRequestId: 8, convDelete: {} });
  bridge.close();
});

test("a change that was carried out is told turns later: what C# has asked for by then was asked for in doubt", () => {
  const bridge = game();
  const heard: string[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(kind));
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: 8 } } });
  events(5000, 1);
  plugin.epoch++;
  plugin.answer = () => -5;
  expect(bridge.Login("bob", "sig")).toBe(-5);
  plugin.answer = () => 0;
  plugin.tick();
  expect(heard).toEqual([]);
  csharpAsks(7);
  plugin.tick();
  plugin.tick();
  expect(heard).toEqual(["notified"]);
  expect(completions()).toMatchObject([{ requestId: 7, code: changing }]);
  expect(deletions()).toBe(0);
  bridge.close();
});

test("a change that waits behind the answer of a call that the core took: nothing is deleted before it is told", () => {
  const bridge = game();
  const heard: (string | number)[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(kind));
  plugin.answer = ({ coreCall }) => {
    plugin.queue({ result: { callId: coreCall?.callId, source: 3 } });
    plugin.epoch++;
    plugin.queue({ event: { session: { kind: 8 } } });
    plugin.answer = () => 0;
    return 0;
  };
  session(() => bridge.Init(1400, undefined, () => heard.push(bridge.ConvDelete("alice", C2C))));
  plugin.tick();
  expect(heard).toEqual([changing, "notified"]);
  expect(deletions()).toBe(0);
  bridge.close();
});

test("a login that was not answered in time is remembered, however many calls after it are not", () => {
  plugin = new FakePlugin();
  const bridge = connect({ maxPendingCalls: 4 });
  const heard: string[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(kind));
  session(() => bridge.Login("bob", "sig"));
  const login = calls().at(-1)?.callId;
  plugin.tick(30_000);
  for (let i = 0; i < 8; i++) {
    expect(bridge.ConvDelete("alice", C2C)).toBe(0);
    if (i === 3) plugin.tick(30_000);
  }
  plugin.tick(30_000);
  plugin.queue({ result: { callId: login, source: 3 } });
  plugin.tick();
  expect(heard).toEqual(["notified"]);
  bridge.close();
});

test("a core in script: a change of the game's that waits is heard before anything is deleted in the epoch that it began", () => {
  plugin = new FakePlugin();
  const server = new EmbeddedServer();
  const bridge = connect({
    core: new EmbeddedCore({ server, userId: "ann", conversations: [{ conv_id: "alice", conv_type: C2C }] }),
  });
  plugin.answer = ({ epochRaised }) => {
    if (epochRaised === undefined) return 0;
    plugin.epoch++;
    plugin.queue({ event: { session: { kind: 7 } } });
    plugin.epoch++;
    return 0;
  };
  const heard: (string | number)[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(kind));
  events(5000, 1);
  bridge.Login("bob", "sig", () => heard.push(bridge.ConvDelete("alice", C2C)));
  plugin.tick();
  plugin.tick();
  expect(heard).toEqual([changing, "notified"]);
  expect(bridge.ConvDelete("alice", C2C)).toBe(0);
  bridge.close();
});

test("a change that was waited for and is heard before the login's answer: its callback may delete", () => {
  const bridge = game();
  const returned: number[] = [];
  session(() => bridge.Login("bob", "sig", () => returned.push(bridge.ConvDelete("alice", C2C))));
  const login = calls().at(-1)?.callId;
  unheardChange(bridge);
  plugin.queue({ result: { callId: login, source: 3 } });
  plugin.tick();
  expect(returned).toEqual([0]);
  bridge.close();
});

test("frames that were said to wait and never came leave nothing in doubt for good", () => {
  const bridge = game();
  session(() => bridge.Login("bob", "sig"));
  answer();
  plugin.onDrain = () => {
    // The second is the look at what waits.
    if (plugin.drains.length % 2 === 0) plugin.nextBatch = batch({ stillWaiting: 3 });
  };
  plugin.drains.length = 0;
  plugin.tick();
  plugin.onDrain = () => {};
  plugin.tick();
  csharpAsks(7);
  plugin.tick();
  expect(deletions()).toBe(1);
  bridge.close();
});

test("the core refuses a logout while the game's own change of user waits to be heard: until then nothing is deleted", () => {
  const bridge = game();
  events(4096, 1);
  plugin.epoch++;
  plugin.queue({ event: { session: { kind: 7 } } });
  plugin.epoch++;
  plugin.answer = () => -4;
  expect(bridge.Logout()).toBe(-4);
  plugin.answer = () => 0;
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  plugin.tick();
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  plugin.tick();
  expect(bridge.ConvDelete("alice", C2C)).toBe(0);
  bridge.close();
});

test("a login that succeeds after its deadline: what was asked for before it does not go on as the next user", async () => {
  const bridge = game();
  const heard: string[] = [];
  bridge.onSessionChanged(({ kind }) => heard.push(kind));
  plugin.answer = ({ epochRaised }) => {
    if (epochRaised !== undefined) plugin.epoch = Math.max(plugin.epoch + 1, epochRaised.epoch);
    return 0;
  };
  session(() => bridge.Login("bob", "sig"));
  const login = calls().at(-1)?.callId;
  plugin.tick(30_000);
  const many = Array.from({ length: 250 }, (_, i) => `c2c_${i}`);
  const listed = bridge.deleteConversationList(many, { clearMessage: true });
  expect(deletions()).toBe(1);
  plugin.queue({ result: { callId: login, source: 3, code: 0 } });
  csharpAsks(7);
  plugin.tick();
  expect(heard).toEqual(["notified"]);
  const results = await listed;
  const { BRIDGE_ERR_STALE_EPOCH: stale } = TIMResult;
  expect(results.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
    ...many.slice(0, 100).map(() => [Outcome.UNKNOWN, stale]),
    ...many.slice(100).map(() => [Outcome.NOT_SENT, stale]),
  ]);
  expect(completions().at(-1)).toMatchObject({ requestId: 7, code: stale, results: [{ outcome: Outcome.NOT_SENT }] });
  expect(deletions()).toBe(1);
  expect(bridge.ConvDelete("alice", C2C)).toBe(0);
  expect(plugin.sent.at(-1)).toMatchObject({ coreCall: { epoch: plugin.epoch } });
  bridge.close();
});

test("a login that broke off inside the core: nobody knows who is signed in, and the list is asked for where events were kept back", () => {
  const bridge = game();
  plugin.queue({ event: { conversation: { type: 1, json: utf8('[{"conv_id":"alice","conv_type":1}]') } } });
  plugin.tick();
  session(() => bridge.Login("bob", "sig"));
  plugin.queue({
    event: { conversation: { type: 1, json: utf8('[{"conv_id":"alice","conv_type":1}]') } },
  });
  plugin.queue({ result: { callId: calls().at(-1)?.callId, source: 1, code: -1016 } });
  plugin.queue({
    event: { conversation: { type: 2, json: utf8('[{"conv_id":"alice","conv_type":1}]') } },
  });
  plugin.tick();
  expect(bridge.counters).toMatchObject({ staleEvents: 1, updatesDropped: 0 });
  bridge.close();
});

test("a core in script: the same", async () => {
  const server = new EmbeddedServer();
  const bridge = connect({
    core: new EmbeddedCore({ server, userId: "ann", conversations: [{ conv_id: "alice", conv_type: C2C }] }),
  });
  bridge.Login("bob", "sig");
  expect(bridge.ConvDelete("alice", C2C)).toBe(changing);
  await microtasks();
  expect(bridge.ConvDelete("alice", C2C)).toBe(0);
  bridge.close();
});
