// What goes wrong with the package itself, on the production C# in one process: each is a clear message, and nothing hangs.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "./host/node-host.mjs";

type Script = typeof import("../../src/index.js");
type Cores = typeof import("../../src/embedded-core.js");
type Bridge = ReturnType<Script["connect"]>;

const { TestGame } = loadNodeHost();
const folder = mkdtempSync(join(tmpdir(), "chatbridge-copies-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { EmbeddedCore }: Cores = await import(join(root, "dist/embedded-core.mjs"));
const C2C = 1;
let opened: Bridge[] = [];
let reported: string[] = [];

beforeEach(() => TestGame.Restart());
afterEach(() => {
  for (const bridge of opened) bridge.close();
  opened = [];
  reported = [];
});

/** The shipped script, loaded as a module of its own: as by a bundle, or from another folder. */
async function copyOfTheScript(name: string): Promise<Script> {
  const file = join(folder, `${name}.mjs`);
  copyFileSync(join(root, "dist/tim-chatbridge.mjs"), file);
  return import(file);
}

/** The shipped script of a release that speaks other protocols. */
async function scriptThatSpeaks(min: number, max: number): Promise<Script> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/index.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2020",
    logLevel: "warning",
    plugins: [
      {
        name: "another release",
        setup({ onLoad }) {
          onLoad({ filter: /[\\/]protocol[\\/]version\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            const contents = text.replace(/(spokenProtocols\b.*= )\{.*\}/, `$1{ min: ${min}, max: ${max} }`);
            if (contents === text) throw new Error("version.ts does not say which protocols are spoken");
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  const file = join(folder, `speaks-${min}-${max}.mjs`);
  writeFileSync(file, outputFiles[0]?.text ?? "");
  return import(file);
}

function open({ connect }: Script, userId: string): Bridge {
  const core = new EmbeddedCore({ userId, conversations: [{ conv_id: "alice", conv_type: C2C }] });
  const onError = (error: unknown): void => {
    reported.push(error instanceof Error ? error.message : String(error));
  };
  const bridge = connect({ core, onError });
  opened.push(bridge);
  return bridge;
}

/** A few frames of the game, with what script's promises do between them. */
async function frames(count = 5): Promise<void> {
  for (let frame = 0; frame < count; frame++) {
    TestGame.Tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("script and plugin of different releases", () => {
  test("a script updated past its plugin falls back to what the plugin speaks, and works", async () => {
    const bridge = open(await scriptThatSpeaks(1000, 1007), "me");
    const codes: number[] = [];
    expect(bridge.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    await frames();
    expect(codes).toEqual([0]);
    expect(String(TestGame.TakeReceived())).toContain("DeleteCompleted");
  });

  test.each([
    [
      "a script that is too new",
      1001,
      1007,
      /plugin speaks protocol 1\.0, this script 1\.1 to 1\.7\. Update the Unity package/,
    ],
    ["a script of the next major version", 2000, 2000, /plugin speaks protocol 1\.0.*Update the Unity package \(C#\)/],
    [
      "a script that is too old",
      900,
      999,
      /plugin speaks protocol 1\.0, this script 0\.900 to 0\.999\. Update the npm/,
    ],
  ])(
    "%s is told which side to update, and takes nothing from the bridge that works",
    async (_what, min, max, words) => {
      const working = open(await copyOfTheScript("of-this-release"), "me");
      const { connect, TIMResult } = await scriptThatSpeaks(min, max);
      expect(() => connect()).toThrow(
        expect.objectContaining({ code: TIMResult.BRIDGE_ERR_WRONG_VERSION, message: expect.stringMatching(words) }),
      );
      const codes: number[] = [];
      expect(working.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
      await frames();
      expect(codes).toEqual([0]);
    },
  );
});

describe("two copies of the script in one environment", () => {
  test("the later connect() takes over; the first bridge's calls end, and it says what happened", async () => {
    const [one, two] = await Promise.all([copyOfTheScript("bundled"), copyOfTheScript("imported")]);
    expect(one.connect).not.toBe(two.connect);
    const first = open(one, "me");
    const codes: number[] = [];
    expect(first.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    const second = open(two, "me");
    await frames();
    expect(codes).toHaveLength(1);
    expect(reported).toEqual([
      expect.stringMatching(/A later connect\(\) took over the plugin: this bridge is out of service/),
    ]);
    expect(first.ConvDelete("alice", C2C)).toBe(one.TIMResult.BRIDGE_ERR_CLOSED);
    expect(second.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    await frames();
    expect(codes).toEqual([codes[0], 0]);
  });

  test("an error of one copy's is read by the other's bridge", async () => {
    const [one, two] = await Promise.all([copyOfTheScript("throws"), copyOfTheScript("reads")]);
    const { connect } = two;
    const core = { name: "other", behindPlugin: false, open: () => {}, close: () => {}, send: () => 0 };
    // A core that refuses with the error class of the copy that it was written with.
    const refusing = {
      ...core,
      open: () => {
        throw new one.BridgeError(one.ErrorSource.BRIDGE, -1014, one.ErrorCategory.UNSUPPORTED, "not on this platform");
      },
    };
    expect(() => connect({ core: refusing })).toThrow("not on this platform");
  });
});

describe("play mode left with calls under way", () => {
  test("script on the native core is refused in words, and connects anew in the next play mode", async () => {
    const { connect, TIMResult } = await copyOfTheScript("play-mode");
    const bridge = connect();
    opened.push(bridge);
    TestGame.NextPlayMode();
    await frames();
    expect(bridge.ConvDelete("alice", C2C)).toBe(TIMResult.BRIDGE_ERR_CLOSED);
    expect(bridge.lastError?.message).toMatch(/The plugin's session is closed: connect\(\) again/);
    const next = open(await copyOfTheScript("next"), "me");
    const codes: number[] = [];
    expect(next.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    await frames();
    expect(codes).toEqual([0]);
  });

  test("what C# asked for ends, once, as not sent, and before the next play mode begins", async () => {
    open(await copyOfTheScript("requests"), "me");
    await frames();
    TestGame.TakeReceived();
    expect(TestGame.ConvDelete("alice", C2C, "mine")).toBe(0);
    TestGame.NextPlayMode();
    const received = String(TestGame.TakeReceived()).split("\n");
    expect(received).toHaveLength(2);
    expect(received[0]).toMatch(/^Callback .*"code":-1002/);
    expect(received[1]).toMatch(/^DeleteCompleted .*NOT_SENT/);
    await frames();
    expect(TestGame.TakeReceived()).toBe("");
  });
});

describe("a shutdown while script lives on", () => {
  test("a core in script: what was under way settles once, and what is asked later is refused", async () => {
    const bridge = open(await copyOfTheScript("outlived"), "me");
    const codes: number[] = [];
    expect(bridge.ConvDelete("alice", C2C, (code) => codes.push(code))).toBe(0);
    const promised = bridge.deleteConversation("c2c_nobody").catch((error: Error) => error.name);
    TestGame.Restart();
    expect(codes).toHaveLength(1);
    expect(await promised).toBe("BridgeError");
    expect(bridge.ConvDelete("alice", C2C)).toBe(-1002);
    expect(bridge.lastError?.message).toContain("connect() again");
  });
});
