import { TIMResult } from "../core/tim-types.js";
import { outcomeOf } from "../errors/answer-errors.js";
import { type BridgeError, invalidArgument, isBridgeError } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";
import { messageOf } from "../protocol/thrown.js";

/** The calls after whose refusal a caller asks whether something was deleted all the same. */
const deletions: ReadonlySet<string> = new Set([
  "ConvDelete",
  "ConvDeleteConversationList",
  "deleteConversation",
  "deleteConversationList",
]);

/** How a call says that it was refused: as a TIMResult with the words kept, or as a Promise that rejects. */
export class Refusals {
  #last: BridgeError | undefined;

  /** Why the last call was refused; undefined: it was accepted. */
  get last(): BridgeError | undefined {
    return this.#last;
  }

  /** Turns a mistake of the caller's, thrown, into a TIMResult and the last error. */
  asResult(name: string, callback: unknown, call: () => BridgeError | undefined): TIMResult {
    const refusal = this.#refusalOf(name, callback, call);
    return refusal === undefined ? TIMResult.TIM_SUCC : refusal.code;
  }

  asPromise<T>(name: string, start: (settle: (value: T) => void) => BridgeError | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusalOf(name, undefined, () => start(resolve));
      if (refusal !== undefined) reject(refusal);
    });
  }

  /** Keeps what was thrown as the last error, in words that name the call. */
  remember(name: string, error: unknown): BridgeError {
    const its = isBridgeError(error) ? error : invalidArgument(wordsOf(name, error));
    this.#last = its.withOutcome(outcomeOf(its));
    return this.#last;
  }

  /** The last call was not refused. */
  accepted(): void {
    this.#last = undefined;
  }

  #refusalOf(name: string, callback: unknown, call: () => BridgeError | undefined): BridgeError | undefined {
    try {
      if (callback !== undefined && callback !== null && typeof callback !== "function") {
        throw new Error(`the callback is ${kindOf(callback)}, not a function`);
      }
      const refusal = call();
      if (refusal !== undefined) return this.remember(name, refusal);
      this.accepted();
      return undefined;
    } catch (error) {
      return this.remember(name, error);
    }
  }
}

function wordsOf(name: string, error: unknown): string {
  const words = `${name}: ${messageOf(error)}.`;
  return deletions.has(name) ? `${words} Nothing was deleted.` : words;
}
