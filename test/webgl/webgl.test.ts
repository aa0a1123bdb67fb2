// The package as Unity compiles it for WebGL, where there is no native core: script brings one.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "../e2e/host/node-host.mjs";
import { playScenario } from "../e2e/host/play-scenario.mjs";

type Script = typeof import("../../src/index.js");
type Cores = typeof import("../../src/embedded-core.js");
type Bridge = ReturnType<Script["connect"]>;

const host = loadNodeHost("WebGL");
const { TestGame } = host;
const { connect, NativeCore, TIMResult }: Script = await import(join(root, "dist/tim-chatbridge.mjs"));
const { EmbeddedCore }: Cores = await import(join(root, "dist/embedded-core.mjs"));
const scenarios = await import(join(root, ".cache/e2e/scenarios.mjs"));
const C2C = 1;

/** All but those that need a native core, which begin with a star. */
const names: readonly string[] = scenarios
  .names()
  .split("\n")
  .filter((line: string) => !line.startsWith("*"));

beforeEach(() => TestGame.Restart());

describe("connect() without a core", () => {
  let working: Bridge;
  beforeEach(() => {
    working = connect({
      core: new EmbeddedCore({ userId: "me", conversations: [{ conv_id: "alice", conv_type: C2C }] }),
    });
  });
  afterEach(() => working.close());

  test.each([
    ["nothing said", undefined],
    ["the native core asked for", { core: new NativeCore() }],
    ["the plugin asked for", { plugin: true }],
  ])("%s: refused at once, with what to do; the bridge that works keeps the plugin", async (_what, options) => {
    expect(() => connect(options)).toThrow(
      expect.objectContaining({
        code: TIMResult.BRIDGE_ERR_UNSUPPORTED,
        message: expect.stringMatching(
          /^connect\(\): this platform \(WebGL\) has no native core.*EmbeddedCore from "tim-chatbridge\/embedded-core": connect\(\{ core: new EmbeddedCore\(\) \}\)/,
        ),
      }),
    );
    const codes: number[] = [];
    expect(working.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    TestGame.TakeReceived();
    for (let frame = 0; frame < 5; frame++) {
      TestGame.Tick();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(codes).toEqual([0]);
    expect(String(TestGame.TakeReceived())).toMatch(/^DeleteCompleted [^\n]*"alice"[\s\S]*ConversationsDeleted/);
  });
});

describe("with a core in script, the same scenarios as elsewhere", () => {
  test.each(names)("%s", async (name) => {
    expect(await playScenario(host, scenarios, name)).toBe("passed");
  });
});
