// The documents' TypeScript that takes the native core: run on the production plugin, with the stand-in for libImSDK below it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ownPackage } from "../../tools/lib/own-package.mjs";
import { loadNodeHost } from "../e2e/host/node-host.mjs";
import { allBlocks, type Block, place, root } from "./markdown.js";

const library = join(root, ".cache/native/libImSDK.so");
const native = allBlocks.filter(({ language, mark }) => language === "ts" && mark === "");
const mostFrames = 50;

async function bundled(block: Block): Promise<string> {
  const outfile = join(root, ".cache/docs/on-the-plugin", `${place(block).replaceAll(/[^A-Za-z0-9]+/g, "-")}.mjs`);
  await build({
    stdin: { contents: block.text, loader: "ts", resolveDir: root },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    logLevel: "silent",
    plugins: [ownPackage],
  });
  return outfile;
}

describe.skipIf(!existsSync(library))("TypeScript on the native core", () => {
  const { GameLoop, StandIn, TestGame } = loadNodeHost();
  GameLoop.UseLibrary(library);

  afterEach(() => {
    // The last block's bridge is told that it is closed, and says so.
    TestGame.Restart();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test("there is some", () => expect(native.length).toBeGreaterThan(2));

  test.each(native.map((block) => [place(block), block] as const))("%s", async (_place, block) => {
    const printed: string[] = [];
    const complained: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...words) => printed.push(words.map(String).join(" ")) as never);
    for (const name of ["warn", "error"] as const) {
      vi.spyOn(console, name).mockImplementation((...words) => complained.push(words.map(String).join(" ")) as never);
    }
    vi.stubGlobal("sdkAppId", 1_400_000_000);
    vi.stubGlobal("userSig", "a UserSig");
    StandIn.Reset();
    StandIn.Load('[{"conv_id":"alice","conv_type":1}]');
    TestGame.Restart();
    const attaches = block.text.includes("attach: true");
    if (attaches) StandIn.SignInBesideTheBridge("me");
    const saved: Uint8Array[] = [];
    const given = { Recordings: { Write: (_name: string, recording: Uint8Array) => saved.push(recording) } };
    Object.assign((globalThis as unknown as { CS: object }).CS, given);
    const { saveRecording } = await import(await bundled(block));
    for (let frame = 0; frame < mostFrames; frame++) {
      TestGame.Tick();
      StandIn.WaitIdle();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (attaches) {
      TestGame.NotifySession();
      TestGame.Tick();
    }
    saveRecording?.();
    expect(saved.every(({ length }) => length > "tim-chatbridge recording".length)).toBe(true);
    expect(saved.length).toBe(block.text.includes("saveRecording") ? 1 : 0);
    const deletes = /ConvDelete\("(\w+)"/.exec(block.text)?.[1];
    expect(StandIn.DeletedLog()).toBe(deletes === undefined ? "" : `me\t1\t1\t${deletes}`);
    expect(complained).toEqual([]);
    // What it prints begins with the words of its own that are not about a failure.
    const words = [...block.text.matchAll(/console\.log\([`"]([\w ]+:)/g)].map(([, text]) => text as string);
    for (const word of words.filter((text) => !text.includes("failed"))) {
      expect(
        printed.some((line) => line.startsWith(word)),
        `"${word}" is in: ${printed.join("; ")}`,
      ).toBe(true);
    }
    expect(printed.filter((line) => line.includes("failed"))).toEqual([]);
  });
});
