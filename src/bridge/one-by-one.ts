import { type ConversationKey, keyString } from "../conversation/conversation-key.js";
import { CoreCode } from "../core/core-codes.js";
import { TIMResult } from "../core/tim-types.js";
import { type BridgeError, bridgeError, ErrorCategory, ErrorSource } from "../errors/bridge-error.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import { cancelled } from "./batch-deletion.js";
import { type DeleteCompleted, type DeleteResult, type Deletion, distinct, refused } from "./deletion.js";

/** What the batches need of the Bridge. */
export interface SingleRunner {
  readonly minimumGapMs: number;
  now(): number;
  /** Runs `job` at that time. Returns what takes it back. */
  at(time: number, job: () => void): () => void;
  /** Hands one deletion to the core. Returns why it was refused; otherwise `settled` is called once, later. */
  start(
    key: ConversationKey,
    batch: { readonly deletion: Deletion; readonly epoch: number; readonly deadline: number; readonly first: boolean },
    settled: (result: DeleteResult) => void,
  ): BridgeError | undefined;
}

interface Batch {
  readonly deletion: Deletion;
  readonly epoch: number;
  readonly deadline: number;
  readonly keys: readonly ConversationKey[];
  readonly results: Map<string, DeleteResult>;
  readonly done: (completed: DeleteCompleted) => void;
  /** Whether what the core has not been asked must not be asked any more. */
  readonly isCancelled: () => boolean;
  /** How many have been handed to the core, or refused. */
  begun: number;
  stopAlarm(): void;
}

/**
 * Batches on a core that has no batch deletion (older than 7.1), as single deletes under one call: first in, first out,
 * and no faster than the core allows. Each batch has one deadline: what the core has not been asked by then ends as not
 * sent, what it has not answered as unknown. Where only the list as a whole matters (`timeFor`), waiting does not count.
 */
export class OneByOne {
  readonly #runner: SingleRunner;
  /** Batches of which the core has not been asked all, oldest first. */
  readonly #waiting = new Set<Batch>();
  #nextStart = Number.NEGATIVE_INFINITY;
  #alarm = Number.POSITIVE_INFINITY;

  constructor(runner: SingleRunner) {
    this.#runner = runner;
  }

  /** Batches that wait for their turn, or the rest of them. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** How long `count` more conversations wait for the last one's turn, in milliseconds. */
  timeFor(count: number): number {
    let ahead = count;
    for (const { keys, begun } of this.#waiting) ahead += keys.length - begun;
    return ahead * this.#runner.minimumGapMs;
  }

  /** Returns why it was refused, and then nothing was deleted; otherwise `done` is called once, later. */
  delete(
    deletion: Deletion,
    epoch: number,
    deadline: number,
    done: (completed: DeleteCompleted) => void,
    isCancelled: () => boolean = () => false,
  ): BridgeError | undefined {
    const keys = distinct(deletion.keys);
    const results = new Map<string, DeleteResult>();
    const batch: Batch = { deletion, epoch, deadline, keys, results, done, isCancelled, begun: 0, stopAlarm: () => {} };
    if (this.#waiting.size === 0 && this.#runner.now() >= this.#nextStart && !isCancelled()) {
      const refusal = this.#begin(batch);
      if (refusal !== undefined && (endsBatch(refusal, batch) || keys.length === 1)) return refusal;
      if (refusal !== undefined) this.#settle(batch, refused(keys[0] as ConversationKey, refusal));
    }
    if (batch.begun < keys.length) {
      this.#waiting.add(batch);
      batch.stopAlarm = this.#runner.at(deadline, () => this.#expire(batch));
      this.#wakeAt(this.#nextStart);
    }
    return undefined;
  }

  /** Ends what the core has not been asked: another user, or the bridge is closed. */
  end(why: BridgeError): void {
    for (const batch of [...this.#waiting]) this.#endUnsent(batch, notSent(why));
  }

  #expire(batch: Batch): void {
    const error = bridgeError(
      TIMResult.BRIDGE_ERR_UNANSWERED,
      ErrorCategory.TIMEOUT,
      `${batch.deletion.call}: this core deletes one by one, and its turn did not come in time; it was not deleted.`,
    );
    this.#endUnsent(batch, notSent(error));
  }

  #pump(): void {
    for (let batch = this.#first; batch !== undefined; batch = this.#first) {
      if (this.#runner.now() < this.#nextStart) {
        this.#wakeAt(this.#nextStart);
        return;
      }
      const isCancelled = batch.isCancelled();
      // Asking runs the user's code, which may have ended the batch.
      if (this.#first !== batch) continue;
      if (isCancelled) {
        this.#endUnsent(batch, cancelled);
        continue;
      }
      const key = batch.keys[batch.begun] as ConversationKey;
      const refusal = this.#begin(batch);
      if (refusal !== undefined && endsBatch(refusal, batch)) {
        batch.begun = 0;
        this.#endUnsent(batch, notSent(refusal));
        continue;
      }
      if (batch.begun === batch.keys.length) this.#leave(batch);
      if (refusal !== undefined) this.#settle(batch, refused(key, refusal));
    }
  }

  #begin(batch: Batch): BridgeError | undefined {
    this.#nextStart = this.#runner.now() + this.#runner.minimumGapMs;
    const first = batch.begun === 0;
    const key = batch.keys[batch.begun++] as ConversationKey;
    return this.#runner.start(key, { ...batch, first }, (result) => this.#settle(batch, result));
  }

  get #first(): Batch | undefined {
    for (const batch of this.#waiting) return batch;
    return undefined;
  }

  #leave(batch: Batch): void {
    this.#waiting.delete(batch);
    batch.stopAlarm();
  }

  #endUnsent(batch: Batch, resultOf: (conversation: ConversationKey) => DeleteResult): void {
    this.#leave(batch);
    for (const key of batch.keys.slice(batch.begun)) this.#settle(batch, resultOf(key));
  }

  #settle(batch: Batch, result: DeleteResult): void {
    batch.results.set(keyString(result.conversation), result);
    if (batch.results.size === batch.keys.length) batch.done(completionOf(batch));
  }

  #wakeAt(time: number): void {
    if (this.#alarm <= time) return;
    this.#alarm = time;
    this.#runner.at(time, () => {
      this.#alarm = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }
}

/** The first single carries C#'s request past the ledger: where the bridge or the plugin refuses that, the batch may not go on. */
function endsBatch(refusal: BridgeError, batch: Batch): boolean {
  return batch.begun === 1 && refusal.source === ErrorSource.BRIDGE;
}

function notSent(why: BridgeError): (conversation: ConversationKey) => DeleteResult {
  const error = why.withOutcome(Outcome.NOT_SENT);
  return (conversation) => ({ conversation, outcome: Outcome.NOT_SENT, error });
}

/** As the core's own batch answers: 0 where one of them was deleted, 6003 where it refused them all. */
function completionOf({ deletion, results }: Batch): DeleteCompleted {
  const all = deletion.keys.map((key) => results.get(keyString(key)) as DeleteResult);
  const head = { requestId: deletion.requestId, results: all };
  if (all.some(({ outcome }) => outcome === Outcome.DELETED)) return { ...head, code: 0, desc: "" };
  const bridges = all.find(({ error }) => error?.source === ErrorSource.BRIDGE)?.error;
  if (bridges !== undefined) return { ...head, code: bridges.code, desc: bridges.message };
  return { ...head, code: CoreCode.BatchAllFailed, desc: `${deletion.call}: none of the conversations was deleted` };
}
