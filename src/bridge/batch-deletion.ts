import { type ConversationKey, keyString } from "../conversation/conversation-key.js";
import { maxBatch } from "../core/max-batch.js";
import { TIMResult } from "../core/tim-types.js";
import { type BridgeError, bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import { type DeleteCompleted, type DeleteResult, distinct, refused } from "./deletion.js";

/** What can tell a long deletion to stop: an AbortSignal where there is one, or a {@link CancelSource}'s. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** An AbortController for engines that have none, such as PuerTS. */
export class CancelSource {
  readonly #state = { aborted: false };

  /** Hand this to `deleteConversationList`. */
  get signal(): CancelSignal {
    return this.#state;
  }

  /** Stops what has not been handed to the core. What has been is not undone. */
  cancel(): void {
    this.#state.aborted = true;
  }
}

/** How far a long deletion has come. */
export interface DeleteProgress {
  /** Conversations that have been settled, one way or another. */
  readonly settled: number;
  /** Conversations that were asked for; one that is listed twice counts once. */
  readonly total: number;
  /** The results that came with this step. */
  readonly results: readonly DeleteResult[];
}

/** How `deleteConversationList` deletes. */
export interface DeleteListOptions {
  /** True clears the history on client and server, for good; false keeps it. */
  readonly clearMessage: boolean;
  /** Called after each batch. */
  readonly onProgress?: (progress: DeleteProgress) => void;
  /**
   * Looked at before each batch, and before each conversation on a core older than 7.1: what has not been handed to the core
   * by then ends as not sent.
   */
  readonly signal?: CancelSignal;
}

/** @internal What a long deletion needs of the Bridge. */
export interface BatchRunner {
  now(): number;
  /**
   * Takes the next turn to start a batch, and returns its time: the core refuses more than so many requests a second, from
   * all lists together, and a refused deletion is not asked for again.
   */
  takeTurn(): number;
  /** Runs `job` at that time; on a closed bridge, and for another user, as soon as can be. */
  at(time: number, job: () => void): void;
  /** Why no further batch can be started: another user, a closed bridge, a core that cannot do it. */
  ended(): BridgeError | undefined;
  /**
   * Starts one batch. Where `isCancelled`, what of it has not been handed to the core must not be any more. Returns why it
   * was refused; otherwise `settled` is called once, later.
   */
  start(
    batch: readonly ConversationKey[],
    isCancelled: () => boolean,
    settled: (done: DeleteCompleted) => void,
  ): BridgeError | undefined;
  /** Runs what calls the caller: now, or as soon as the callback that runs now has returned. */
  deliver(delivery: () => void): void;
  reportFailed(error: unknown): void;
}

/** @internal Deletes in batches, one after another. Each conversation is asked for once, however often it is listed. */
export function deleteInBatches(
  keys: readonly ConversationKey[],
  { onProgress, signal }: Pick<DeleteListOptions, "onProgress" | "signal">,
  runner: BatchRunner,
): Promise<readonly DeleteResult[]> {
  const asked = distinct(keys);
  const results = new Map<string, DeleteResult>();
  const isCancelled = (): boolean => {
    try {
      return signal?.aborted === true;
    } catch (error) {
      // What cannot say whether to go on does not go on: a deletion cannot be undone.
      runner.reportFailed(error);
      return true;
    }
  };
  return new Promise((resolve) => {
    let inCall = true;
    const step = (from: number, hasTurn = false): void => {
      if (from >= asked.length) {
        resolve(keys.map((key) => results.get(keyString(key)) as DeleteResult));
        return;
      }
      if (isCancelled()) {
        settle(from, asked.slice(from).map(cancelled));
        return;
      }
      const ended = runner.ended();
      if (ended !== undefined) {
        settle(
          from,
          asked.slice(from).map((key) => refused(key, ended)),
        );
        return;
      }
      const turn = hasTurn ? runner.now() : runner.takeTurn();
      if (turn > runner.now()) {
        runner.at(turn, () => step(from, true));
        return;
      }
      const batch = asked.slice(from, from + maxBatch);
      const refusal = runner.start(batch, isCancelled, (done) => settle(from, done.results));
      if (refusal !== undefined)
        settle(
          from,
          batch.map((key) => refused(key, refusal)),
        );
    };
    const settle = (from: number, settled: readonly DeleteResult[], hasWaited = false): void => {
      if (inCall && !hasWaited) {
        // The caller has not got its promise yet: its onProgress waits for a turn, if there is to be one.
        runner.at(runner.now(), () => settle(from, settled, true));
        return;
      }
      for (const result of settled) results.set(keyString(result.conversation), result);
      const next = from + settled.length;
      runner.deliver(() => {
        try {
          onProgress?.({ settled: next, total: asked.length, results: settled });
        } catch (error) {
          runner.reportFailed(error);
        }
        step(next);
      });
    };
    step(0);
    inCall = false;
  });
}

/** @internal */
export function cancelled(conversation: ConversationKey): DeleteResult {
  const error = bridgeError(
    TIMResult.BRIDGE_ERR_NOT_QUEUED,
    ErrorCategory.CANCELLED,
    `deleteConversationList: cancelled before ${keyString(conversation)} was handed to the core; it was not deleted.`,
  );
  return { conversation, outcome: Outcome.NOT_SENT, error: error.withOutcome(Outcome.NOT_SENT) };
}
