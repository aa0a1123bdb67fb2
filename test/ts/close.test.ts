import { describe, expect, test } from "vitest";
import type { DeleteCompleted } from "../../src/bridge/deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, outcomeOf, recorder } from "./support/rig.js";

type Heard = [number, string, unknown];

describe("close", () => {
  test("every call under way settles once, at once, as unknown, oldest first; core and host are let go of", () => {
    const { bridge, core, host } = makeRig();
    const heard: string[] = [];
    const completed = recorder<[DeleteCompleted]>();
    bridge.onDeleteCompleted(completed);
    bridge.ConvDelete("a", C2C, (code) => heard.push(`a ${code}`));
    bridge.ConvGetConvList((code) => heard.push(`list ${code}`));
    bridge.close();
    expect(heard).toEqual(["a -1002", "list -1002"]);
    expect(completed.calls.at(-1)?.[0].results[0]).toMatchObject({
      outcome: Outcome.UNKNOWN,
      error: { message: expect.stringMatching(/the bridge was closed before the core answered. It may be deleted/) },
    });
    expect(bridge.pendingCalls).toBe(0);
    expect([core.closed, host.closed]).toEqual([1, 1]);
  });

  test("a login under way settles too", () => {
    const { bridge } = makeRig();
    const heard: string[] = [];
    bridge.Login("me", "sig", (code) => heard.push(`login ${code}`));
    bridge.ConvGetConvList((code) => heard.push(`list ${code}`));
    bridge.close();
    expect(heard).toEqual(["login -1002", "list -1002"]);
  });

  test("twice does nothing more", () => {
    const { bridge, core, host } = makeRig();
    const heard = recorder<Heard>();
    bridge.ConvDelete("a", C2C, heard);
    bridge.close();
    bridge.close();
    expect(heard.calls).toHaveLength(1);
    expect([core.closed, host.closed]).toEqual([1, 1]);
  });

  test("afterwards every call is refused in words, and nothing reaches the core", async () => {
    const { bridge, core } = makeRig();
    bridge.close();
    const callback = (): never => {
      throw new Error("called back");
    };
    const results = [
      bridge.ConvDelete("a", C2C, callback),
      bridge.ConvDeleteConversationList(["c2c_a"], true, callback),
      bridge.ConvGetConvList(callback),
      bridge.Init(1, "", callback),
      bridge.Login("a", "b", callback),
      bridge.Logout(callback),
      bridge.Uninit(callback),
    ];
    expect(new Set(results)).toEqual(new Set([TIMResult.BRIDGE_ERR_CLOSED]));
    expect(bridge.lastError?.message).toMatch(/connect\(\) again/);
    for (const promise of [
      bridge.deleteConversation("c2c_a"),
      bridge.deleteConversationList(["c2c_a"], { clearMessage: true }),
      bridge.getConversationList(),
    ]) {
      expect((await outcomeOf<unknown>(promise)).error).toMatchObject({ code: TIMResult.BRIDGE_ERR_CLOSED });
    }
    expect(core.calls).toEqual([]);
  });

  test("from inside a callback: the others settle once that one has returned", () => {
    const { bridge, core } = makeRig();
    const order: string[] = [];
    bridge.ConvDelete("a", C2C, () => {
      order.push("a begins");
      bridge.close();
      order.push("a ends");
    });
    bridge.ConvDelete("b", C2C, () => order.push("b"));
    core.answer({}, core.calls[0]);
    expect(order).toEqual(["a begins", "a ends", "b"]);
  });

  test("answers, events and turns that come afterwards reach nobody", () => {
    const { bridge, core, host } = makeRig({ plugin: true });
    const heard = recorder<[object]>();
    bridge.onConversationDeleted(heard);
    bridge.onLateResult(heard);
    bridge.ConvDelete("a", C2C);
    host.later(() => heard({ job: true }));
    bridge.close();
    core.answer();
    host.advance(100_000);
    host.deliver({ request: { requestId: 1, convDelete: { convId: utf8("a"), convType: 1 } } });
    expect(heard.calls).toEqual([]);
    expect(core.calls).toHaveLength(1);
  });

  test("a core that throws when it is let go of does not keep the session open", () => {
    const { bridge, core, host, errors } = makeRig();
    core.close = () => {
      throw new Error("will not");
    };
    bridge.close();
    expect(host.closed).toBe(1);
    expect(errors.map(String)).toEqual(["Error: will not"]);
  });

  test.each(["replaced", "closed"] as const)("the plugin's session is %s: as a close, and it is said", (reason) => {
    const { bridge, core, host, errors } = makeRig({ plugin: true });
    const heard = recorder<Heard>();
    bridge.ConvDelete("a", C2C, heard);
    host.answer = () => -1001;
    host.loseSession(reason);
    const code = reason === "replaced" ? -1001 : -1002;
    expect(heard.calls).toEqual([[code, expect.stringContaining("It may be deleted, now or later"), undefined]]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code });
    expect(bridge.ConvDelete("a", C2C)).toBe(code);
    expect(core.closed).toBe(1);
  });

  test("a job that closes the host is the last that runs", () => {
    const { bridge, host } = makeRig();
    const ran: string[] = [];
    host.later(() => {
      ran.push("first");
      bridge.close();
    });
    host.later(() => ran.push("second"));
    host.turn();
    expect(ran).toEqual(["first"]);
  });
});
