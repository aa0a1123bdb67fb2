import { TIMResult } from "../core/tim-types.js";
import { bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";
import { type ProtocolRange, showProtocol } from "../protocol/version.js";
import type { ScriptPort } from "./puerts-globals.js";

/** The plugin's one session, and the protocol that both sides speak in it. */
export interface OpenedSession {
  readonly session: number;
  /** 1000 * major + minor: nothing may be sent that it lacks. */
  readonly protocol: number;
}

/**
 * Opens a session in the highest protocol that both sides speak. Throws a BridgeError that says which side to update
 * where there is none.
 */
export function openSession(port: ScriptPort, { min, max }: ProtocolRange): OpenedSession {
  let protocol = max;
  let session = tryOpen(port, protocol);
  const theirs = -session;
  if (theirs >= min && theirs < max) {
    protocol = theirs;
    session = tryOpen(port, protocol);
  }
  if (session > 0) return { session, protocol };
  if (session === 0) {
    throw bridgeError(
      TIMResult.BRIDGE_ERR_WRONG_THREAD,
      ErrorCategory.INVALID_ARGUMENT,
      "connect(): the script does not run on the plugin's main thread, or the plugin's loop is not running. Create the " +
        "script environment on Unity's main thread, after the scene has loaded (outside Unity: call BridgeLoop.Initialize).",
    );
  }
  throw bridgeError(
    TIMResult.BRIDGE_ERR_WRONG_VERSION,
    ErrorCategory.PROTOCOL,
    `connect(): the C# plugin speaks protocol ${showProtocol(theirs)}, this script ${showProtocol(min)} to ` +
      `${showProtocol(max)}. Update the ${theirs < min ? "Unity package (C#)" : "npm package (script)"}.`,
  );
}

/** Asks for this one protocol: of a range, Open would not say what was agreed on. */
function tryOpen(port: ScriptPort, protocol: number): number {
  const session = port.Open(protocol, protocol);
  if (Number.isInteger(session)) return session;
  throw bridgeError(
    TIMResult.BRIDGE_ERR_WRONG_VERSION,
    ErrorCategory.PROTOCOL,
    `connect(): C#'s ScriptPort.Open gave no session's number (${kindOf(session)}): it is not this release's plugin. ` +
      "Update the Unity package and the npm package to one version.",
  );
}
