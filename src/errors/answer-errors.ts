import { TIMResult } from "../core/tim-types.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import { clipped } from "../protocol/text-codec.js";
import { BridgeError, ErrorCategory, ErrorSource } from "./bridge-error.js";
import { describeErrorCode } from "./callback-codes.js";
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
  const [category, hint] = describeErrorCode(code);
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

/** Codes of a request that left the client, or may have, and was not answered: the server may have carried it out. */
const unconfirmedCodes: ReadonlySet<number> = new Set([6012, 6201, 9520, 9524, 2801, 2903]);

/** @internal What became of a conversation whose deletion ended with this error. */
export function outcomeOf(error: BridgeError): Outcome {
  switch (error.source) {
    case ErrorSource.SDK_CALLBACK:
      return unconfirmedCodes.has(error.code) ? Outcome.UNKNOWN : Outcome.FAILED;
    case ErrorSource.SDK_RETURN:
      return Outcome.FAILED;
    default:
      return Outcome.NOT_SENT;
  }
}
