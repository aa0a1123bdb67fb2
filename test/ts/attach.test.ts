import { describe, expect, test } from "vitest";
import { completedSdkConfig } from "../../src/bridge/sdk-config.js";
import { connect } from "../../src/connect.js";
import { TIMLoginStatus, TIMResult } from "../../src/core/tim-types.js";
import { EmbeddedCore } from "../../src/embedded-core.js";
import { ErrorCategory } from "../../src/errors/bridge-error.js";
import { C2C, makeRig, outcomeOf, recorder } from "./support/rig.js";

describe("attach: the game's other code owns the session", () => {
  test("Init, Uninit, Login and Logout are refused, saying whose they are; the core is not asked, the user is the same", () => {
    const { bridge, core, host } = makeRig({ attach: true, plugin: true, behindPlugin: true, epoch: 3 });
    expect(host.sent).toMatchObject([{ attach: {} }]);
    const callback = recorder<[number, string, undefined]>();
    for (const call of [
      () => bridge.Init(1, "", callback),
      () => bridge.Uninit(callback),
      () => bridge.Login("a", "sig", callback),
      () => bridge.Logout(callback),
    ]) {
      expect(call()).toBe(TIMResult.BRIDGE_ERR_NOT_OWNER);
      expect(bridge.lastError?.message).toMatch(/game's other code owns.*BeginUserChange/);
    }
    expect(core.calls).toEqual([]);
    expect(callback.calls).toEqual([]);
    bridge.ConvDelete("a", C2C);
    expect(core.last.epoch).toBe(3);
  });

  test("without it the plugin hears nothing of it", () => {
    expect(makeRig({ plugin: true, behindPlugin: true }).host.sent).toEqual([]);
  });

  test("a core in script can be joined, too: its plugin is not told", () => {
    const { bridge, host } = makeRig({ attach: true, plugin: true });
    expect(host.sent).toEqual([]);
    expect(bridge.Logout()).toBe(TIMResult.BRIDGE_ERR_NOT_OWNER);
  });

  test("it is a yes or a no", () => {
    expect(() => connect({ core: new EmbeddedCore(), attach: "yes" as never })).toThrow(/attach is a string/);
  });
});

describe("the core's own files", () => {
  const folder = 'C:\\spiel "ü"';
  const both = { sdk_config_config_file_path: folder, sdk_config_log_file_path: folder };

  test.each([
    ["nothing", ""],
    ["blanks", " \n"],
    ["an empty object", " { } "],
  ])("given %s, both go to the game's data folder", (_what, given) => {
    expect(JSON.parse(completedSdkConfig(given, folder))).toEqual(both);
  });

  test("what is given stays as it is, digit by digit", () => {
    const given = ' {"sdk_config_java_vm": 18446744073709551615, "sdk_config_log_file_path":"/mine"}';
    const made = completedSdkConfig(given, folder);
    expect(made).toContain('"sdk_config_java_vm": 18446744073709551615');
    expect(JSON.parse(made)).toMatchObject({ ...both, sdk_config_log_file_path: "/mine" });
  });

  test("with both given, or no folder, the text is the caller's own", () => {
    const given = ' {"sdk_config_config_file_path":"/a","sdk_config_log_file_path":""} ';
    expect(completedSdkConfig(given, folder)).toBe(given);
    expect(completedSdkConfig("{}", undefined)).toBe("{}");
    expect(completedSdkConfig("", undefined)).toBe("");
  });

  test.each(["{nope", "[]", "null", "7", '"{}"'])("%s is refused, and the core is not asked", (given) => {
    const { bridge, core } = makeRig();
    expect(bridge.Init(1, given)).toBe(TIMResult.TIM_ERR_PARAM);
    expect(bridge.lastError?.message).toMatch(/json_sdk_config is not a JSON object/);
    expect(core.calls).toEqual([]);
  });

  test("Init gives the native core the host's folder, and a core in script none", () => {
    for (const behindPlugin of [true, false]) {
      const { bridge, core, host } = makeRig({ plugin: true, behindPlugin });
      host.dataFolder = "/data";
      bridge.Init(1);
      const config = core.last.method.name === "Init" ? core.last.method.jsonSdkConfig : "";
      expect(config.includes('"sdk_config_log_file_path":"/data"')).toBe(behindPlugin);
    }
  });

  test("Init is refused in words where the folder cannot be read, and the core is not asked", () => {
    const { bridge, core, host } = makeRig({ plugin: true, behindPlugin: true });
    Object.defineProperty(host, "dataFolder", {
      get: () => {
        throw new Error("the game's data folder cannot be read");
      },
    });
    expect(bridge.Init(1)).toBe(TIMResult.TIM_ERR_PARAM);
    expect(bridge.lastError?.message).toMatch(/^Init: the game's data folder cannot be read/);
    expect(core.calls).toEqual([]);
  });
});

describe("what the core says of itself", () => {
  test("status and version, whoever signs in meanwhile", async () => {
    const { bridge, core } = makeRig();
    const status = bridge.getLoginStatus();
    const asked = core.last;
    const version = bridge.getSdkVersion();
    const askedToo = core.last;
    bridge.Login("other", "sig");
    core.answer({ json: "1" }, asked);
    core.answer({ json: '"8.0.5903"' }, askedToo);
    expect(await status).toBe(TIMLoginStatus.kTIMLoginStatus_Logined);
    expect(await version).toBe("8.0.5903");
  });

  test.each(["", "9", "null", '"1"', "{nope", "1.5"])("a status of %s cannot be read", async (json) => {
    const { bridge, core } = makeRig();
    const asked = outcomeOf(bridge.getLoginStatus());
    core.answer({ json });
    expect((await asked).error).toMatchObject({ name: "BridgeError", category: ErrorCategory.PROTOCOL });
  });

  test.each(["", "8", "null"])("a version of %s cannot be read", async (json) => {
    const { bridge, core } = makeRig();
    const asked = outcomeOf(bridge.getSdkVersion());
    core.answer({ json });
    expect((await asked).error).toMatchObject({ category: ErrorCategory.PROTOCOL });
  });

  test("refused, failed, unanswered or closed: the promise says so", async () => {
    const { bridge, core, host } = makeRig({ timeoutMs: 1000 });
    core.onSend = () => TIMResult.BRIDGE_ERR_LIBRARY_MISSING;
    expect((await outcomeOf(bridge.getSdkVersion())).error).toMatchObject({
      code: TIMResult.BRIDGE_ERR_LIBRARY_MISSING,
    });
    core.onSend = () => 0;
    const failed = outcomeOf(bridge.getLoginStatus());
    core.answer({ code: 6013, desc: "not initialized" });
    expect((await failed).error).toMatchObject({ code: 6013 });
    const late = outcomeOf(bridge.getLoginStatus());
    host.advance(1000);
    expect((await late).error).toMatchObject({ code: TIMResult.BRIDGE_ERR_UNANSWERED });
    const closed = outcomeOf(bridge.getLoginStatus());
    bridge.close();
    expect((await closed).error).toMatchObject({ code: TIMResult.BRIDGE_ERR_CLOSED });
    expect((await outcomeOf(bridge.getLoginStatus())).error).toMatchObject({ code: TIMResult.BRIDGE_ERR_CLOSED });
  });

  test("the embedded core answers as well", async () => {
    const bridge = connect({ core: new EmbeddedCore({ userId: "me", coreVersion: "7.0.1" }) });
    expect(await bridge.getLoginStatus()).toBe(TIMLoginStatus.kTIMLoginStatus_Logined);
    expect(await bridge.getSdkVersion()).toBe("7.0.1");
    await new Promise((resolve) => bridge.Logout(resolve));
    expect(await bridge.getLoginStatus()).toBe(TIMLoginStatus.kTIMLoginStatus_UnLogined);
    bridge.close();
  });

  test("an embedded core older than 7.1 deletes one by one", async () => {
    const conversations = ["a", "b"].map((conv_id) => ({ conv_id, conv_type: 1 }));
    const core = new EmbeddedCore({ userId: "me", coreVersion: "7.0.1", conversations });
    const bridge = connect({ core, batchesPerSecond: 1000 });
    const results = await bridge.deleteConversationList(["c2c_a", "c2c_b", "c2c_c"], { clearMessage: true });
    expect(results.map(({ error }) => error?.code)).toEqual([undefined, undefined, 6004]);
    expect(await bridge.getConversationList()).toEqual([]);
    bridge.close();
  });
});
