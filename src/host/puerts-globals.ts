import { bridgeError, ErrorCategory } from "../bridge/bridge-error.js";
import { TIMResult } from "../core/tim-types.js";

/** C#'s TimChatBridge.ScriptPort, as PuerTS shows it. */
export interface ScriptPort {
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

/** Where this script runs, as far as the plugin is concerned. */
export type PluginPresence = "not-in-puerts" | "plugin-missing" | "present";

/** Looks for the plugin. `CS.Missing.Type` never throws in PuerTS, it is a Proxy: only a class is a function. */
export function pluginPresence(): PluginPresence {
  if (typeof globals.CS === "undefined") return "not-in-puerts";
  return typeof globals.CS.TimChatBridge?.ScriptPort === "function" ? "present" : "plugin-missing";
}

/** The plugin's class. Throws a BridgeError that says what to do where it is not there. */
export function scriptPort(): ScriptPort {
  switch (pluginPresence()) {
    case "present":
      // Cached by the caller: every CS.A.B costs a look-up.
      return globals.CS?.TimChatBridge?.ScriptPort as ScriptPort;
    case "plugin-missing":
      throw bridgeError(
        TIMResult.BRIDGE_ERR_UNSUPPORTED,
        ErrorCategory.UNSUPPORTED,
        "connect(): PuerTS is here, but C#'s TimChatBridge.ScriptPort is not. Add the TIM ChatBridge package to the " +
          "Unity project; if it is there, managed code stripping removed it: keep it with [Preserve] or a link.xml under Assets.",
      );
    case "not-in-puerts":
      throw bridgeError(
        TIMResult.BRIDGE_ERR_UNSUPPORTED,
        ErrorCategory.UNSUPPORTED,
        "connect(): this script does not run in PuerTS (there is no global CS), so there is no native core. " +
          "Give one that lives in script: connect({ core: new EmbeddedCore() }).",
      );
  }
}

/** PuerTS 3's environment, for C# to see whether it is still alive; undefined elsewhere. */
export function scriptEnvironment(): unknown {
  return globals.scriptEnv;
}
