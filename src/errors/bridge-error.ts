import { TIMResult } from "../core/tim-types.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import {
  type BridgeError as BridgeErrorMessage,
  ErrorCategory,
  ErrorSource,
} from "../protocol/gen/chatbridge/v1/error.js";
import { clipped } from "../protocol/text-codec.js";

export { ErrorCategory, ErrorSource };

/**
 * The one error type of the bridge. Promise forms reject with it; for calls that return a TIMResult it is
 * `bridge.lastError`; every failed conversation of a deletion carries one.
 */
export class BridgeError extends Error {
  override readonly name = "BridgeError";

  constructor(
    /** Who says so: the bridge, the core function's return value, or the core's callback. */
    readonly source: ErrorSource,
    /** The raw code of that source: a TIMResult (return value), a TIMErrorCode (callback), or one of the bridge's own. */
    readonly code: number,
    /** What kind of trouble it is. */
    readonly category: ErrorCategory,
    message: string,
    /** What became of the conversation; of any other call that was refused: that it was not handed to the core, or refused by it. */
    readonly outcome: Outcome = Outcome.UNSPECIFIED,
  ) {
    super(message);
  }

  /**
   * Whether the same call can succeed later. Nothing is ever retried behind the caller's back. It says nothing about what the first
   * call did: where a deletion's `outcome` is UNKNOWN, list first. What ended with a session or a user is never retryable: asked
   * again it would run as whoever is signed in then.
   */
  get retryable(): boolean {
    return retryableCategories.has(this.category);
  }

  /** @internal The same error, about a conversation that ended so. */
  withOutcome(outcome: Outcome): BridgeError {
    return new BridgeError(this.source, this.code, this.category, this.message, outcome);
  }

  /** @internal */
  toMessage(): BridgeErrorMessage {
    return {
      source: this.source,
      code: this.code,
      category: this.category,
      retryable: this.retryable,
      message: clipped(this.message),
    };
  }
}

/** @internal A core of a module of its own, such as the embedded one, brings its own copy of the class. */
export function isBridgeError(error: unknown): error is BridgeError {
  return error instanceof Error && error.name === "BridgeError";
}

const retryableCategories: ReadonlySet<ErrorCategory> = new Set([
  ErrorCategory.NOT_INITIALIZED,
  ErrorCategory.NOT_LOGGED_IN,
  ErrorCategory.NETWORK,
  ErrorCategory.TIMEOUT,
  ErrorCategory.BUSY,
  ErrorCategory.STORAGE,
  ErrorCategory.SERVER,
  ErrorCategory.CANCELLED,
]);

/** @internal A core older than 7.1 was asked to keep the history. */
export function cannotKeepHistory(call: string): BridgeError {
  return bridgeError(
    TIMResult.BRIDGE_ERR_UNSUPPORTED,
    ErrorCategory.UNSUPPORTED,
    `${call} was refused: this core has no batch deletion (TIMConvDeleteConversationList came with 7.1), and deleting one by ` +
      "one always clears the history. Nothing was deleted. Use a later core, or clear the history.",
  );
}

/** @internal The caller's own mistake: TIM_ERR_PARAM, as the core would say, with words. */
export function invalidArgument(message: string): BridgeError {
  return bridgeError(TIMResult.TIM_ERR_PARAM, ErrorCategory.INVALID_ARGUMENT, message);
}

/** @internal */
export function bridgeError(code: number, category: ErrorCategory, message: string): BridgeError {
  return new BridgeError(ErrorSource.BRIDGE, code, category, message);
}
