import { TIMResult } from "../core/tim-types.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import { clipped } from "../protocol/text-codec.js";
import { BridgeError, bridgeError, ErrorCategory, ErrorSource } from "./bridge-error.js";
import { meaningOf } from "./callback-codes.js";
import { returnCodes } from "./return-codes.js";

const seeList = "It may have been carried out: list the conversations to see.";

/** @internal What an answer other than success says, by who gave it. */
export function answerError(source: ErrorSource, code: number, desc: string, call: string): BridgeError {
  if (source === ErrorSource.SDK_CALLBACK || source === ErrorSource.UNSPECIFIED) return callbackError(code, desc, call);
  const { category, message } = returnError(code, call);
  // Not the words for a refusal, which say that nothing was deleted: the core had been called.
  if (source === ErrorSource.BRIDGE) {
    return new BridgeError(
      source,
      code,
      category,
      `${call} was handed to the core. ${clipped(desc)} (${code}). ${seeList}`,
    );
  }
  return new BridgeError(source, code, category, desc === "" ? message : `${message} ${clipped(desc)}`);
}

/** @internal What a core's callback said. */
export function callbackError(code: number, desc: string, call: string): BridgeError {
  const { category, hint } = meaningOf(code);
  const words = desc === "" ? "" : `: ${clipped(desc)}`;
  return new BridgeError(ErrorSource.SDK_CALLBACK, code, category, `${call} failed with code ${code}${words}. ${hint}`);
}

/** @internal What a non-zero return value means: the core's TIMResult, or the plugin's refusal. */
export function returnError(code: number, call: string): BridgeError {
  const known = returnCodes.get(code);
  const source = code <= -1000 ? ErrorSource.BRIDGE : ErrorSource.SDK_RETURN;
  const [category, hint] = known ?? [ErrorCategory.OTHER, "The core gives no reason."];
  const name = (TIMResult as Record<number, string | undefined>)[code] ?? "an unknown value";
  return new BridgeError(source, code, category, `${call} was refused: ${name} (${code}). ${hint}`);
}

/** @internal The plugin's session is this bridge's no more. */
export function lostError(reason: "replaced" | "closed"): BridgeError {
  if (reason === "replaced") {
    return bridgeError(
      TIMResult.BRIDGE_ERR_REPLACED,
      ErrorCategory.SESSION_ENDED,
      "A later connect() took over the plugin: this bridge is out of service, and its calls under way have ended. Keep one " +
        "bridge, and load the script once.",
    );
  }
  return bridgeError(
    TIMResult.BRIDGE_ERR_CLOSED,
    ErrorCategory.SESSION_ENDED,
    "The plugin was shut down, as at the end of play mode: this bridge is closed, and its calls under way have ended.",
  );
}

/** @internal What a core's answer other than success says of a deletion: with its outcome, and what to do where nobody knows it. */
export function deletionError(source: ErrorSource, code: number, desc: string, call: string): BridgeError {
  const error = answerError(source, code, desc, call);
  // The plugin speaks for a core that it had called: that is no proof that nothing happened.
  if (source === ErrorSource.BRIDGE) return error.withOutcome(Outcome.UNKNOWN);
  const outcome = outcomeOf(error);
  const advice = outcome === Outcome.UNKNOWN ? ` ${seeList}` : "";
  return new BridgeError(source, code, error.category, error.message + advice, outcome);
}

/** @internal What became of a conversation whose deletion ended with this error. */
export function outcomeOf(error: BridgeError): Outcome {
  switch (error.source) {
    case ErrorSource.SDK_CALLBACK:
      return meaningOf(error.code).outcome;
    case ErrorSource.SDK_RETURN:
      return Outcome.FAILED;
    default:
      return Outcome.NOT_SENT;
  }
}
