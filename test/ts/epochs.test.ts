import { describe, expect, test } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import type { DeleteCompleted } from "../../src/bridge/deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, recorder } from "./support/rig.js";

type Heard = [number, string, unknown];
type Callback = (code: number, desc: string, user_data: undefined) => void;

const sessionCalls: [string, (bridge: Bridge, callback?: Callback) => TIMResult][] = [
  ["Init", (bridge, callback) => bridge.Init(1400000000, "{}", callback)],
  ["Uninit", (bridge, callback) => bridge.Uninit(callback)],
  ["Login", (bridge, callback) => bridge.Login("alice", "sig", callback)],
  ["Logout", (bridge, callback) => bridge.Logout(callback)],
];

const conv = (userId: string): object => ({ convDelete: { convId: utf8(userId), convType: 1 } });

describe.each(sessionCalls)("%s begins a new login epoch", (name, call) => {
  test("what was under way ends as unknown, and is not answered later", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    bridge.ConvDelete("bob", C2C, heard);
    const deletion = core.last;
    expect(call(bridge)).toBe(0);
    expect(core.last.method.name).toBe(name);
    expect(core.last.epoch).toBe(0);
    expect(heard.calls).toMatchObject([
      [
        TIMResult.BRIDGE_ERR_STALE_EPOCH,
        expect.stringMatching(/signed-in user changed.*list the conversations/),
        undefined,
      ],
    ]);
    expect(completed.calls[0]?.[0].results[0]?.outcome).toBe(Outcome.UNKNOWN);
    core.answer({ code: 0 }, deletion);
    expect(heard.calls).toHaveLength(1);
    expect(bridge.counters).toMatchObject({ strayResults: 1, lateResults: 0 });
  });

  test("the call itself is answered, and the next deletes carry the new epoch", () => {
    const { bridge, core } = makeRig({ epoch: 4 });
    const heard = recorder<[number, string, undefined]>();
    call(bridge, heard);
    core.answer({ code: 0, desc: "in" });
    expect(heard.calls).toEqual([[0, "in", undefined]]);
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(5);
  });

  test("two in a row: both are answered", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<[number, string, undefined]>();
    call(bridge, heard);
    call(bridge, heard);
    core.answer({ desc: "1" }, core.calls[0]);
    core.answer({ desc: "2" }, core.calls[1]);
    expect(heard.calls.map(([, desc]) => desc)).toEqual(["1", "2"]);
  });

  test("the core refuses it by its return: the epoch is raised all the same, as the plugin does", () => {
    const { bridge, core } = makeRig();
    core.onSend = () => -2;
    expect(call(bridge)).toBe(-2);
    core.onSend = () => 0;
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(1);
  });

  test("the plugin refuses it: the core never heard of it, and the epoch stays", () => {
    const { bridge, core } = makeRig();
    core.onSend = () => TIMResult.BRIDGE_ERR_TOO_LARGE;
    expect(call(bridge)).toBe(TIMResult.BRIDGE_ERR_TOO_LARGE);
    core.onSend = () => 0;
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(0);
  });

  test("never answered, it ends with its deadline, in words of its own", () => {
    const { bridge, host } = makeRig({ timeoutMs: 1000 });
    const heard = recorder<[number, string, undefined]>();
    call(bridge, heard);
    host.advance(1000);
    expect(heard.calls).toHaveLength(1);
    expect(heard.calls[0]?.[1]).toMatch(/has not answered in time. It may have taken effect/);
  });

  test("the plugin is told by a core in script, and not by one that is behind it", () => {
    const inScript = makeRig({ plugin: true });
    call(inScript.bridge);
    expect(inScript.host.sent).toMatchObject([{ epochRaised: { epoch: 1 } }]);
    const behind = makeRig({ plugin: true, behindPlugin: true });
    call(behind.bridge);
    expect(behind.host.sent).toEqual([]);
  });
});

describe("a change that the plugin knows of and script has not heard of", () => {
  test.each([
    ["behind the plugin", true],
    ["in script", false],
  ])(
    "a session call on a core %s takes the plugin's own number, and the late word changes nothing",
    (_where, behindPlugin) => {
      const { bridge, core, host } = makeRig({ plugin: true, behindPlugin, epoch: 5 });
      host.pluginsOwnEpoch = 7;
      bridge.Login("alice", "sig");
      const heard = recorder();
      bridge.ConvGetConvList(heard);
      expect(core.last.epoch).toBe(7);
      if (behindPlugin) core.raiseEpoch(6);
      else host.deliver({ epoch: 6, event: { session: { kind: 7 } } });
      expect(heard.calls).toEqual([]);
      host.deliver({ epoch: 6, request: { requestId: 9, ...conv("bob") } });
      expect(host.notices.at(-1)).toMatchObject({
        deleteCompleted: { requestId: 9, code: TIMResult.BRIDGE_ERR_STALE_EPOCH },
      });
    },
  );

  test("a session call that the plugin refused after it had counted leaves the two in step", () => {
    const { bridge, core, host } = makeRig({ plugin: true, behindPlugin: true, epoch: 5 });
    core.onSend = () => TIMResult.BRIDGE_ERR_LIBRARY_MISSING;
    host.pluginsOwnEpoch = 6;
    expect(bridge.Init(1)).toBe(TIMResult.BRIDGE_ERR_LIBRARY_MISSING);
    core.onSend = () => 0;
    // It may be another change that was counted, of which script has not heard: until it has, nobody knows whose they are.
    expect(bridge.ConvDelete("bob", C2C)).toBe(TIMResult.BRIDGE_ERR_USER_CHANGING);
    host.advance(16);
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(6);
  });
});

describe("the core's own word", () => {
  test("kicked offline: pending calls end as unknown, and later ones carry the new epoch", () => {
    const { bridge, core } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvDelete("bob", C2C, heard);
    core.raiseEpoch(3);
    expect(heard.calls).toHaveLength(1);
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(3);
  });

  test("a core in script counts no epochs: the next one begins, and the plugin is told", () => {
    const { bridge, core, host } = makeRig({ plugin: true, epoch: 5 });
    const heard = recorder<Heard>();
    bridge.ConvDelete("bob", C2C, heard);
    core.raiseEpoch();
    expect(heard.calls.map(([code]) => code)).toEqual([TIMResult.BRIDGE_ERR_STALE_EPOCH]);
    expect(host.sent).toContainEqual(expect.objectContaining({ epochRaised: expect.objectContaining({ epoch: 6 }) }));
    bridge.ConvDelete("bob", C2C);
    expect(core.last.epoch).toBe(6);
  });

  test("an epoch that is not newer changes nothing", () => {
    const { bridge, core } = makeRig({ epoch: 5 });
    const heard = recorder<Heard>();
    bridge.ConvDelete("bob", C2C, heard);
    core.raiseEpoch(5);
    core.raiseEpoch(4);
    expect(heard.calls).toEqual([]);
    core.answer();
    expect(heard.calls).toHaveLength(1);
  });
});

describe("requests of C#'s", () => {
  test.each([
    ["an older", 1],
    ["a newer", 3],
  ])("of %s epoch is completed as not sent, and never reaches the core", (_which, epoch) => {
    const { bridge, core, host } = makeRig({ plugin: true, epoch: 2 });
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    host.deliver({ epoch, request: { requestId: 9, ...conv("bob") } });
    expect(core.calls).toEqual([]);
    expect(host.sent.some((frame) => frame.claim !== undefined)).toBe(false);
    expect(completed.calls).toMatchObject([
      [{ requestId: 9, code: TIMResult.BRIDGE_ERR_STALE_EPOCH, results: [{ outcome: Outcome.NOT_SENT }] }],
    ]);
    expect(host.notices).toMatchObject([
      { deleteCompleted: { requestId: 9, results: [{ conversation: { userId: "bob" }, outcome: 3 }] } },
    ]);
  });

  test.each([
    ["a core in script", {}],
    ["a core in script that has a method of the native core's", { receive: (): void => {} }],
  ])("the game changed the session beside %s: its requests go on in the new epoch", (_core, more) => {
    const { bridge, core, host } = makeRig({ plugin: true });
    Object.assign(core, more);
    const heard = recorder<Heard>();
    bridge.ConvDelete("ann", C2C, heard);
    host.deliver({ epoch: 1, event: { session: { kind: 7 } } });
    expect(heard.calls.map(([code]) => code)).toEqual([TIMResult.BRIDGE_ERR_STALE_EPOCH]);
    host.deliver({ epoch: 1, request: { requestId: 9, ...conv("bob") } });
    expect(core.last).toMatchObject({ originRequestId: 9, epoch: 1 });
    // The plugin knows of it: it is not told back.
    expect(host.sent.some((frame) => frame.epochRaised !== undefined)).toBe(false);
  });
});
