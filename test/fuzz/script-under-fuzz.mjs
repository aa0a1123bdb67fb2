// One bridge of the script's own sources, with NativeCore and PuertsHost as shipped. What the host tells it, what it sends, and
// what it calls and emits stand in one log, in order.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../tools/lib/root.mjs";
import { FuzzScriptPort } from "./fuzz-script-port.mjs";

/** Loads the sources. Returns what makes a bridge of them. */
export async function loadScript() {
  const folder = join(root, ".cache/fuzz");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, "tim-chatbridge.mjs");
  const sources = { Bridge: "bridge/bridge", NativeCore: "core/native-core", PuertsHost: "host/puerts-host" };
  await build({
    stdin: {
      contents: Object.entries(sources)
        .map(([name, path]) => `export { ${name} } from "./${path}.ts";`)
        .join("\n"),
      resolveDir: join(root, "src"),
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2020",
    logLevel: "warning",
  });
  const classes = await import(pathToFileURL(outfile));
  return (options) => new ScriptUnderFuzz(classes, options);
}

class ScriptUnderFuzz {
  port = new FuzzScriptPort();
  bridge;
  #host;

  constructor({ Bridge, NativeCore, PuertsHost }, options) {
    this.#host = new PuertsHost();
    const start = this.#host.start.bind(this.#host);
    this.#host.start = (handler) => start(this.#tapped(handler));
    this.bridge = new Bridge(new NativeCore(), this.#host, options);
    this.#listen();
  }

  log = (entry) => this.port.log.push(entry);

  get clock() {
    return this.#host.now();
  }

  /** The plugin's, as far as the host knows. */
  get epoch() {
    return this.#host.pluginEpoch();
  }

  #tapped(handler) {
    const { log } = this;
    const tap = (kind) => (told) => {
      log({ kind, told });
      handler[kind](told);
    };
    const kinds = ["frame", "malformed", "framesLost", "lost", "turnEnded"];
    return Object.fromEntries(kinds.map((kind) => [kind, tap(kind)]));
  }

  #listen() {
    const { bridge, log } = this;
    const told = (kind) => (event) => log({ kind, ids: event.conversations.map(({ key }) => idOf(key)) });
    bridge.onConversationDeleted(({ conversations }) => log({ kind: "deleted", ids: conversations.map(idOf) }));
    bridge.onConversationAdded(told("added"));
    bridge.onConversationUpdated(told("updated"));
    bridge.onConversationListReset(told("reset"));
    bridge.onConversationListSync(({ state }) => log({ kind: "sync", value: state }));
    bridge.onSessionChanged(() => log({ kind: "session" }));
    bridge.onConnectionChanged(({ status, code }) => log({ kind: "connection", value: status, code }));
    bridge.onDeleteCompleted(({ requestId, code, results }) =>
      log({ kind: "completed", requestId, code, count: results.length }),
    );
    bridge.onLateResult(({ requestId, results }) => log({ kind: "late", requestId, count: results.length }));
  }
}

function idOf(key) {
  if ("userId" in key) return `c2c_${key.userId}`;
  if ("groupId" in key) return `group_${key.groupId}`;
  return key.systemId === "@TIM#SYSTEM" ? key.systemId : `system:${key.systemId}`;
}
