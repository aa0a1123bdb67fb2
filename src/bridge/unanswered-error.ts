import { TIMResult } from "../core/tim-types.js";
import { type BridgeError, bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import { thrownWords } from "../protocol/thrown.js";
import type { Settlement } from "./pending-calls.js";

/** What to say of a call that was handed to the core, and whose answer will not be waited for. */
export function unansweredError(
  call: string,
  settlement: Exclude<Settlement, { kind: "answered" }>,
  advice: string,
): BridgeError {
  switch (settlement.kind) {
    case "malformed":
      return bridgeError(
        TIMResult.BRIDGE_ERR_BAD_FRAME,
        ErrorCategory.PROTOCOL,
        `${call}: the core's answer cannot be understood: ${settlement.problem}. ${advice}`,
      );
    case "expired":
      return bridgeError(
        TIMResult.BRIDGE_ERR_UNANSWERED,
        ErrorCategory.TIMEOUT,
        `${call}: the core has not answered in time. ${advice}`,
      );
    case "session-changed":
      return bridgeError(
        TIMResult.BRIDGE_ERR_STALE_EPOCH,
        ErrorCategory.SESSION_ENDED,
        `${call}: the signed-in user changed before the core answered. ${advice}`,
      );
    case "closed":
      return bridgeError(
        TIMResult.BRIDGE_ERR_CLOSED,
        ErrorCategory.SESSION_ENDED,
        `${call}: the bridge was closed before the core answered. ${advice}`,
      );
    case "replaced":
      return bridgeError(
        TIMResult.BRIDGE_ERR_REPLACED,
        ErrorCategory.SESSION_ENDED,
        `${call}: a later connect() took over the plugin before the core answered. Use the later bridge. ${advice}`,
      );
    case "threw":
      return bridgeError(
        TIMResult.BRIDGE_ERR_INTERNAL,
        ErrorCategory.OTHER,
        `${call}: the core threw while it was called: ${thrownWords(settlement.error)}. ${advice}`,
      );
  }
}
