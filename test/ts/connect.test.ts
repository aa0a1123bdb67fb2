import { afterEach, describe, expect, test } from "vitest";
import { type ConnectOptions, connect } from "../../src/connect.js";
import { EmbeddedCore } from "../../src/core/embedded/embedded-core.js";
import { NativeCore } from "../../src/core/native-core.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { BridgeError, ErrorCategory } from "../../src/errors/bridge-error.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { FakePlugin } from "./support/fake-script-port.js";
import { C2C, microtasks, recorder } from "./support/rig.js";
import { ScriptedCore } from "./support/scripted-core.js";

let plugin: FakePlugin | undefined;
afterEach(() => {
  plugin?.remove();
  plugin = undefined;
});

function refusal(options?: unknown): BridgeError {
  try {
    connect(options as ConnectOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(BridgeError);
    return error as BridgeError;
  }
  throw new Error("connect() did not refuse");
}

describe("connect", () => {
  test("in Unity: the native core, through the plugin", () => {
    plugin = new FakePlugin();
    const bridge = connect();
    bridge.ConvDelete("alice", C2C);
    expect(plugin.sent).toHaveLength(1);
    bridge.close();
    expect(plugin.sessions).toEqual(["closed"]);
  });

  test("a core in script tells C# where the plugin is there, and does without it when told so", () => {
    plugin = new FakePlugin();
    const heard = new ScriptedCore();
    connect({ core: heard }).ConvDelete("alice", C2C);
    heard.answer();
    expect(plugin.sent).toMatchObject([{ claim: {} }, { publish: { deleteCompleted: {} } }]);
    const unheard = new ScriptedCore();
    connect({ core: unheard, plugin: false }).ConvDelete("alice", C2C);
    unheard.answer();
    expect(plugin.sent).toHaveLength(2);
    expect(plugin.opened).toHaveLength(1);
  });

  test.each([
    ["the game's veto holds", TIMResult.BRIDGE_ERR_VETOED, ErrorCategory.PERMISSION],
    ["that the game changes the user holds", TIMResult.BRIDGE_ERR_USER_CHANGING, ErrorCategory.SESSION_ENDED],
  ])("%s for script's own deletions on a core in script, batches and lists included", async (_name, code, category) => {
    plugin = new FakePlugin();
    const core = new ScriptedCore();
    const bridge = connect({ core });
    plugin.answer = (frame) => (frame.claim === undefined ? 0 : code);
    expect(bridge.ConvDelete("alice", C2C)).toBe(code);
    expect(bridge.lastError).toMatchObject({ outcome: Outcome.NOT_SENT, category });
    expect(bridge.ConvDeleteConversationList(["c2c_alice"], true)).toBe(code);
    const list = bridge.deleteConversationList(["c2c_alice"], { clearMessage: true });
    plugin.tick();
    expect(await list).toMatchObject([{ outcome: Outcome.NOT_SENT, error: { code } }]);
    expect(core.calls).toEqual([]);
    expect(bridge.ConvGetConvList(() => {})).toBe(0);
    bridge.close();
  });

  test("outside PuerTS a core in script runs on its own", async () => {
    const core = new ScriptedCore();
    const bridge = connect({ core });
    const heard = recorder<[number, string, unknown]>();
    core.onSend = (call) => {
      core.context?.later(() => core.answer({}, call));
      return 0;
    };
    bridge.ConvDelete("alice", C2C, heard);
    await microtasks();
    expect(heard.calls).toHaveLength(1);
    bridge.close();
  });

  test("outside PuerTS without a core, or with the plugin required: says so, and what to do", () => {
    for (const options of [undefined, {}, { plugin: true }]) {
      expect(refusal(options).message).toMatch(/does not run in PuerTS.*connect\(\{ core: new EmbeddedCore\(\) \}\)/);
    }
    const { code, message } = refusal({ plugin: true, core: new ScriptedCore() });
    expect(code).toBe(TIMResult.BRIDGE_ERR_UNSUPPORTED);
    expect(message).toMatch(
      /^connect\(\): `plugin` is true, but this script does not run in PuerTS.*Leave `plugin` out/,
    );
  });

  test.each([
    ["no core", undefined],
    ["the native core", { core: new NativeCore() }],
    ["the plugin required", { plugin: true }],
  ])("on WebGL, with %s: refused at once, with what to do, and the plugin stays whose it is", (_what, options) => {
    plugin = new FakePlugin();
    plugin.capabilities = 0;
    const working = connect({ core: new ScriptedCore() });
    const refused = refusal(options);
    expect(refused.code).toBe(TIMResult.BRIDGE_ERR_UNSUPPORTED);
    expect(refused.message).toMatch(
      /^connect\(\): this platform \(WebGL\) has no native core.*EmbeddedCore from "tim-chatbridge\/embedded-core": connect\(\{ core: new EmbeddedCore\(\) \}\)/,
    );
    expect(plugin.sessions).toEqual(["open"]);
    working.close();
  });

  test("the native core without the plugin", () => {
    plugin = new FakePlugin();
    const words =
      /^connect\(\): `plugin` is false, and the native core is behind the C# plugin\. Leave `plugin` out, or/;
    expect(refusal({ plugin: false }).message).toMatch(words);
    expect(refusal({ plugin: false, core: new NativeCore() }).message).toMatch(words);
    expect(plugin.opened).toEqual([]);
  });

  test.each([
    [null, /the options are null; give an object/],
    ["native", /the options are a string/],
    [[], /the options are an array/],
    [{ plugin: "yes" }, /plugin is a string; give true or false, or leave it out/],
    [{ plugin: null }, /plugin is null; give true or false/],
    [{ recording: [] }, /recording is an array; give an object/],
    [{ core: {} }, /`core` is no core/],
    [{ core: "embedded" }, /`core` is no core/],
    [{ timeoutMs: 0 }, /timeoutMs is 0; give a number above 0/],
    [{ timeoutMs: Number.NaN }, /timeoutMs is NaN/],
    [{ timeoutMs: "30" }, /timeoutMs is 30/],
    [{ maxPendingCalls: -1 }, /maxPendingCalls is -1/],
    [{ batchesPerSecond: 0 }, /batchesPerSecond is 0/],
    [{ onError: "log" }, /onError is a string; give a function/],
    [{ onError: null }, /onError is null; give a function/],
  ])("%j is refused before it takes the plugin from a bridge that works", (options, message) => {
    plugin = new FakePlugin();
    const working = connect();
    expect(refusal(options).message).toMatch(message);
    expect(plugin.opened).toHaveLength(1);
    expect(working.ConvDelete("alice", C2C)).toBe(0);
  });

  test("a core that does not open takes the plugin from nobody, and leaves no session behind", () => {
    plugin = new FakePlugin();
    const core = new ScriptedCore();
    core.open = () => {
      throw new Error("no account");
    };
    expect(() => connect({ core })).toThrow("no account");
    expect(plugin.opened).toEqual([]);
    expect(core.closed).toBe(0);
  });

  test.each([
    ["an EmbeddedCore", () => new EmbeddedCore(), /this EmbeddedCore serves another bridge already/],
    ["a NativeCore", () => new NativeCore(), /this NativeCore serves another bridge already.*leave `core` out/],
  ])(
    "%s that is in use is refused, and the bridge that it serves goes on; closed, it serves the next",
    (_what, make, message) => {
      plugin = new FakePlugin();
      const core = make();
      const working = connect({ core });
      expect(refusal({ core }).message).toMatch(message);
      expect(plugin.sessions).toEqual(["open"]);
      expect(working.ConvDelete("alice", C2C)).toBe(0);
      plugin.tick();
      expect(plugin.sent.filter((frame) => frame.coreCall !== undefined || frame.publish !== undefined)).toHaveLength(
        1,
      );
      working.close();
      const next = connect({ core });
      expect(next.ConvDelete("alice", C2C)).toBe(0);
      next.close();
    },
  );

  test("where the session cannot be opened, the core is let go of and can be connected again", () => {
    plugin = new FakePlugin();
    const core = new EmbeddedCore();
    const { open } = plugin;
    plugin.open = () => -2000;
    expect(refusal({ core }).code).toBe(TIMResult.BRIDGE_ERR_WRONG_VERSION);
    plugin.open = open;
    plugin.onDrain = () => {
      throw new Error("Drain failed");
    };
    expect(() => connect({ core })).toThrow("Drain failed");
    expect(plugin.sessions).toEqual(["closed"]);
    plugin.onDrain = () => {};
    expect(connect({ core }).ConvDelete("alice", C2C)).toBe(0);
  });

  test("a recording bridge speaks the protocol that was agreed on", () => {
    plugin = new FakePlugin();
    const bridge = connect({ recording: {} });
    bridge.ConvDelete("alice", C2C);
    expect(plugin.sent).toMatchObject([{ version: 1 }]);
  });
});
