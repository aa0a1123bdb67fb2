import { TIMResult } from "../core/tim-types.js";
import { bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import { Capability } from "../protocol/gen/chatbridge/v1/envelope.js";

/** C#'s TimChatBridge.ScriptPort, as PuerTS shows it. */
export interface ScriptPort {
  Capabilities(): number;
  Open(minProtocol: number, maxProtocol: number): number;
  SetEnvironment(session: number, environment: unknown): void;
  SetWake(session: number, wake: () => void): void;
  Send(session: number, frame: Uint8Array): number;
  Drain(session: number, maxBytes: number): ArrayBuffer;
  Close(session: number): void;
}

interface PuertsGlobals {
  readonly CS?: { readonly TimChatBridge?: { readonly ScriptPort?: unknown } };
  /** PuerTS 3's own environment. */
  readonly scriptEnv?: unknown;
}

const globals = globalThis as PuertsGlobals;

/** All that the bridge calls of the plugin's class. */
const members: readonly (keyof ScriptPort)[] = [
  "Capabilities",
  "Open",
  "SetEnvironment",
  "SetWake",
  "Send",
  "Drain",
  "Close",
];

/** Where this script runs, as far as the plugin is concerned. */
export type PluginPresence = "not-in-puerts" | "plugin-missing" | "present";

/** Looks for the plugin. `CS.Missing.Type` never throws in PuerTS, it is a Proxy: only a class is a function. */
export function pluginPresence(): PluginPresence {
  if (typeof globals.CS === "undefined") return "not-in-puerts";
  return typeof globals.CS.TimChatBridge?.ScriptPort === "function" ? "present" : "plugin-missing";
}

/** The plugin's class. Throws a BridgeError that says what to do where it is not there, or not whole. */
export function scriptPort(): ScriptPort {
  switch (pluginPresence()) {
    case "present":
      // Cached by the caller: every CS.A.B costs a look-up.
      return whole(globals.CS?.TimChatBridge?.ScriptPort as ScriptPort);
    case "plugin-missing":
      throw bridgeError(
        TIMResult.BRIDGE_ERR_UNSUPPORTED,
        ErrorCategory.UNSUPPORTED,
        "connect(): PuerTS is here, but C#'s TimChatBridge.ScriptPort is not. Add the TIM ChatBridge package to the " +
          "Unity project. If it is there: in the editor, its assembly TimChatBridge.Puerts does not compile without " +
          "PuerTS's own assembly definition, as the console says; in a player, managed code stripping removed that " +
          "assembly: keep it with a link.xml under Assets.",
      );
    case "not-in-puerts":
      throw bridgeError(
        TIMResult.BRIDGE_ERR_UNSUPPORTED,
        ErrorCategory.UNSUPPORTED,
        "connect(): this script does not run in PuerTS (there is no global CS), so there is no native core. " +
          'Give one that lives in script, such as EmbeddedCore from "tim-chatbridge/embedded-core": ' +
          "connect({ core: new EmbeddedCore() }).",
      );
  }
}

/** Throws a BridgeError that says what to do where C# is to hear of what a core in script does, and there is no C#. */
export function requirePlugin(): void {
  if (pluginPresence() !== "not-in-puerts") return;
  throw bridgeError(
    TIMResult.BRIDGE_ERR_UNSUPPORTED,
    ErrorCategory.UNSUPPORTED,
    "connect(): `plugin` is true, but this script does not run in PuerTS (there is no global CS), so there is no C# to hear " +
      "of it. Leave `plugin` out: C# hears where it is there.",
  );
}

/**
 * Throws a BridgeError that says what to do where the plugin has no native core behind it. Asked before a session is
 * opened, which would take the plugin from a bridge that works.
 */
export function requireNativeCore(): void {
  if ((scriptPort().Capabilities() & Capability.NATIVE_CORE) !== 0) return;
  throw bridgeError(
    TIMResult.BRIDGE_ERR_UNSUPPORTED,
    ErrorCategory.UNSUPPORTED,
    "connect(): this platform (WebGL) has no native core: the vendor's core for the web is JavaScript. Give a core that " +
      'lives in script, such as EmbeddedCore from "tim-chatbridge/embedded-core": connect({ core: new EmbeddedCore() }). ' +
      "C# hears of all it does, as of the native core's.",
  );
}

function whole(port: ScriptPort): ScriptPort {
  const missing = members.filter((name) => typeof port[name] !== "function");
  if (missing.length === 0) return port;
  throw bridgeError(
    TIMResult.BRIDGE_ERR_UNSUPPORTED,
    ErrorCategory.UNSUPPORTED,
    `connect(): C#'s TimChatBridge.ScriptPort lacks ${missing.join(", ")}. Either the plugin is of an older release than ` +
      "this script: update the Unity package; or managed code stripping removed it: keep the assembly " +
      "TimChatBridge.Puerts with a link.xml under Assets.",
  );
}

/** PuerTS 3's environment, for C# to see whether it is still alive; undefined elsewhere. */
export function scriptEnvironment(): unknown {
  return globals.scriptEnv;
}
