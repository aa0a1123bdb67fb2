import { invalidArgument } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";

/** How a Bridge behaves. */
export interface BridgeOptions {
  /**
   * How long the core has for an answer, in milliseconds. Default 30 000. A call from C# has, besides, a fixed 30 000 to be
   * handed to the core: where that passes first it ends as not sent.
   */
  readonly timeoutMs?: number;
  /**
   * How many calls may be under way; batches that wait on a core older than 7.1, each as one, included. Default 16 384, and on the
   * native core no more than that.
   */
  readonly maxPendingCalls?: number;
  /**
   * Batches that `deleteConversationList` starts in a second, at most, and single deletes where a core older than 7.1 has no
   * batches. Default 5, the core's own limit.
   */
  readonly batchesPerSecond?: number;
  /**
   * True: the game's other code, such as the vendor's C# SDK, initialises the core and signs users in, and the bridge joins
   * that session. `Init`, `Uninit`, `Login` and `Logout` are refused. That code must tell when each change of user begins and when it is
   * done, with C#'s `CoreSession.BeginUserChange` and `UserChange.Done`, and of a sign-off with `CoreSession.NotifySession`. Default
   * false: this bridge owns the session.
   */
  readonly attach?: boolean;
  /** Hears what went wrong where no caller can be told: a callback that threw, a frame that cannot be read. Default: the console. */
  readonly onError?: (error: unknown) => void;
}

/** BridgeOptions, checked and complete. */
export type BridgeSettings = Required<Omit<BridgeOptions, "onError">> & Pick<BridgeOptions, "onError">;

/** @internal Checks what the caller chose: before a host is opened, for an open takes the plugin from another bridge. */
export function bridgeSettings({
  timeoutMs,
  maxPendingCalls,
  batchesPerSecond,
  attach,
  onError,
}: BridgeOptions): BridgeSettings {
  if (attach !== undefined && typeof attach !== "boolean") {
    throw invalidArgument(`connect(): attach is ${kindOf(attach)}; give true or false, or leave it out.`);
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw invalidArgument(`connect(): onError is ${kindOf(onError)}; give a function, or leave it out.`);
  }
  return {
    timeoutMs: positive("timeoutMs", timeoutMs ?? 30_000),
    maxPendingCalls: positive("maxPendingCalls", maxPendingCalls ?? 16_384),
    batchesPerSecond: positive("batchesPerSecond", batchesPerSecond ?? 5),
    attach: attach ?? false,
    ...(onError === undefined ? {} : { onError }),
  };
}

function positive(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw invalidArgument(`connect(): ${name} is ${String(value)}; give a number above 0.`);
}
