import { TIMResult } from "../core/tim-types.js";
import { bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import { thrownWords } from "../protocol/thrown.js";
import type { BridgeCounters } from "./bridge-counters.js";

/** Counts what happens that no caller is told of, and tells `onError` of what went wrong. */
export class ErrorReporter {
  readonly counters: { -readonly [name in keyof BridgeCounters]: number } = {
    strayResults: 0,
    lateResults: 0,
    malformed: 0,
    eventsLost: 0,
    staleEvents: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  };
  readonly #onError: (error: unknown) => void;

  constructor(onError: ((error: unknown) => void) | undefined) {
    this.#onError = onError ?? logError;
  }

  /** A callback that throws harms no other. */
  guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.callbackFailed(error);
    }
  }

  callbackFailed(error: unknown): void {
    this.counters.callbackErrors++;
    this.report(error);
  }

  /** The core is told, and whether that fails changes nothing for the bridge. */
  attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.report(error);
    }
  }

  /** Something came that cannot be read. */
  malformed(what: string): void {
    this.counters.malformed++;
    this.report(bridgeError(TIMResult.BRIDGE_ERR_BAD_FRAME, ErrorCategory.PROTOCOL, what));
  }

  report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Whoever listens for errors is the last who could be told of one.
    }
  }
}

declare const console: { error(...words: unknown[]): void } | undefined;

function logError(error: unknown): void {
  if (typeof console === "undefined") return;
  const words = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : thrownWords(error);
  console.error(`[tim-chatbridge] ${words}`);
}
