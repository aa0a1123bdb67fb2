import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { build, transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { shippedSyntax } from "../../tools/lib/shipped-syntax.mjs";
import { microtasks } from "./support/rig.js";

/** What PuerTS's V8 does not have, and timers, which fire there only in the game's Tick(). */
const absent = [
  "TextEncoder",
  "TextDecoder",
  "URL",
  "AbortController",
  "queueMicrotask",
  "structuredClone",
  "performance",
  "Buffer",
  "process",
  "require",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "setImmediate",
  "fetch",
  "window",
  "document",
  "global",
];

const entries = { shipped: "src/index.ts", embedded: "src/embedded-core.ts" } as const;
const files: Record<string, string> = {};

beforeAll(async () => {
  for (const [name, entry] of Object.entries(entries)) {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`../../${entry}`, import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      ...shippedSyntax,
      platform: "neutral",
      mainFields: ["module", "main"],
      logLevel: "silent",
    });
    files[name] = outputFiles[0]?.text ?? "";
  }
});

/** Runs the shipped files where there is nothing but the language itself, and what `extras` adds. */
async function bareEngine(extras: object = {}): Promise<{ run: (code: string) => unknown; lines: string[] }> {
  const lines: string[] = [];
  const write = (...words: unknown[]): void => void lines.push(words.join(" "));
  const context = vm.createContext({ console: { log: write, error: write }, lines, ...extras });
  for (const [name, text] of Object.entries(files)) {
    // The same text, but for how it hands over its exports: node:vm takes no modules.
    const { code } = await transform(text, { format: "iife", globalName: name, ...shippedSyntax });
    vm.runInContext(code, context);
  }
  return { run: (code) => vm.runInContext(code, context), lines };
}

describe.each(Object.keys(entries))("the file %s", (name) => {
  test.each(Object.keys(entries))(
    "has its private members from the engine, and no map that outlives a session: %s",
    (name) => {
      expect(files[name]).toMatch(/this\.#\w+/);
      expect(files[name]).not.toMatch(/__private|\bnew Weak(Map|Set)\b/);
    },
  );

  test("stands alone: it imports and requires nothing", () => {
    const text = files[name] ?? "";
    expect(/^export \{/m.test(text)).toBe(true);
    for (const reachesOut of [
      /^\s*import[\s{*"'(]/m,
      /\bimport\s*\(/,
      /^export .* from /m,
      /\brequire\s*\(/,
      // esbuild's stand-in for a require that it could not resolve.
      /\btypeof require\b|Dynamic require/,
    ]) {
      expect(text.match(reachesOut)?.[0]).toBeUndefined();
    }
  });
});

describe("in an engine that has only the language", () => {
  test("the engine really lacks the rest", async () => {
    const { run } = await bareEngine();
    for (const name of absent) expect([name, run(`typeof ${name}`)]).toEqual([name, "undefined"]);
  });

  test("a core in script: list, delete, callback, event, and a refusal in words", async () => {
    const { run, lines } = await bareEngine();
    run(`
      const core = new embedded.EmbeddedCore({ conversations: [
        { conv_id: "alice", conv_type: 1 }, { conv_id: "会话", conv_type: 2 } ] });
      const bridge = shipped.connect({ core });
      bridge.onConversationDeleted((e) => lines.push("event " + e.conversations.map(shipped.toConvID)));
      const print = (code, desc, user_data) => lines.push("callback " + code + " " + user_data);
      lines.push("return " + bridge.ConvDelete("会话", shipped.TIMConvType.kTIMConv_Group, print, "mine"));
      lines.push("return " + bridge.ConvDelete("a\\0b", shipped.TIMConvType.kTIMConv_C2C, print));
      lines.push(bridge.lastError.message);
    `);
    await microtasks();
    expect(lines.filter((line) => line.startsWith("return"))).toEqual(["return 0", "return -4"]);
    expect(lines.filter((line) => line.startsWith("callback"))).toEqual(["callback 0 mine"]);
    expect(lines.filter((line) => line.startsWith("event"))).toEqual(["event group_会话"]);
    expect(lines).toContainEqual(expect.stringMatching(/NUL character at index 1. Nothing was deleted/));
    const done = run('bridge.deleteConversation("c2c_alice").then(() => "deleted", String)');
    expect(await done).toBe("deleted");
    expect(await run("bridge.getConversationList().then((list) => list.length, String)")).toBe(0);
    run("bridge.close()");
    expect(lines.some((line) => line.includes("[tim-chatbridge]"))).toBe(false);
  });

  test("a core of the game's own", async () => {
    const { run, lines } = await bareEngine();
    run(`
      class OwnCore {
        name = "own"; behindPlugin = false;
        open(context) { this.context = context; }
        send(call) {
          this.context.later(() => this.context.sink.result(
            { callId: call.callId, source: shipped.ErrorSource.SDK_CALLBACK, code: 0, desc: "gone", json: "" }));
          return 0;
        }
        close() {}
      }
      shipped.connect({ core: new OwnCore() }).ConvDelete("bob", 1, (code, desc) => lines.push(code + " " + desc));
    `);
    expect(lines).toEqual([]);
    await microtasks();
    expect(lines).toEqual(["0 gone"]);
  });

  test("the native core over frames: text that is not ASCII is written without a TextEncoder", async () => {
    const sent: Uint8Array[] = [];
    let wake: () => void = () => {};
    // A drained batch that only says: open, 1 ms.
    const batch = Uint8Array.of(0x08, 1, 0x10, 1).buffer;
    const ScriptPort = Object.assign(function ScriptPort(): void {}, {
      Capabilities: () => 1,
      Open: () => 1,
      SetEnvironment: () => {},
      SetWake: (_session: number, given: () => void) => {
        wake = given;
      },
      Send: (_session: number, frame: Uint8Array) => {
        sent.push(Uint8Array.from(frame));
        return 0;
      },
      Drain: () => batch,
      Close: () => {},
    });
    const { run, lines } = await bareEngine({ CS: { TimChatBridge: { ScriptPort } } });
    run(`
      const bridge = shipped.connect({ timeoutMs: 1, onError: (error) => lines.push(String(error)) });
      bridge.ConvDelete("会", 2, (code) => lines.push("callback " + code));
    `);
    expect(Buffer.from(sent[0] ?? []).includes(Buffer.from("会"))).toBe(true);
    new Uint8Array(batch)[1] = 9;
    wake();
    expect(lines).toEqual(["callback -1018"]);
    expect(Buffer.from(sent.at(-1) ?? []).includes(Buffer.from("会"))).toBe(true);
  });

  test("where there is no plugin, connect() says so", async () => {
    const { run } = await bareEngine();
    expect(run("try { shipped.connect(); } catch (error) { error.name + error.message }")).toMatch(
      /BridgeError.*does not run in PuerTS/,
    );
  });
});
