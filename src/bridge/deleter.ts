import type { ConversationKey } from "../conversation/conversation-key.js";
import type { CoreResult } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import { returnError } from "../errors/answer-errors.js";
import { type BridgeError, cannotKeepHistory } from "../errors/bridge-error.js";
import { type DeleteListOptions, deleteInBatches } from "./batch-deletion.js";
import type { BridgeContext } from "./bridge-context.js";
import {
  batchDeletion,
  completionOf,
  type DeleteCompleted,
  type DeleteResult,
  type Deletion,
  type LateResult,
  singleDeletion,
} from "./deletion.js";
import { OneByOne } from "./one-by-one.js";

/** What a batch knows of the list that it is a part of. */
interface PartOfList {
  /** Whether what of it has not been handed to the core must not be any more. */
  readonly isCancelled: () => boolean;
  /** Whether the deadline is the core's alone, and the time that a core without batches is waited for comes on top. */
  readonly mayWait: boolean;
}

const alone: PartOfList = { isCancelled: () => false, mayWait: false };

/** Hands deletions to the core, whoever asked, and sees to the completion of each. */
export class Deleter {
  readonly completed;
  readonly late;
  readonly #context: BridgeContext;
  readonly #oneByOne: OneByOne;
  readonly #minimumGapMs: number;
  #nextBatchTurn = Number.NEGATIVE_INFINITY;
  /** Found out when the core is first asked for one. */
  #lacksBatches = false;

  constructor(context: BridgeContext) {
    this.#context = context;
    this.#minimumGapMs = 1000 / context.settings.batchesPerSecond;
    this.completed = context.newEmitter<DeleteCompleted>();
    this.late = context.newEmitter<LateResult>();
    this.#oneByOne = this.#newOneByOne();
  }

  /** Registers a deletion, hands it to the core, and sees to its completion. Returns why it was refused. */
  delete(
    deletion: Deletion,
    epoch: number,
    settled: (done: DeleteCompleted) => void = () => {},
    list: PartOfList = alone,
  ): BridgeError | undefined {
    const finish = (done: DeleteCompleted): void => this.complete(done, settled);
    if (deletion.method.name === "ConvDeleteConversationList" && this.#lacksBatches) {
      return this.#deleteOneByOne(deletion, epoch, finish, list);
    }
    const refusal = this.#context.calls.start(
      deletion.call,
      deletion.method,
      true,
      (settlement) => finish(completionOf(deletion, settlement)),
      { epoch, requestId: deletion.requestId, late: (result) => this.#lateAnswer(deletion, result) },
    );
    if (deletion.method.name === "ConvDeleteConversationList" && refusal?.code === TIMResult.BRIDGE_ERR_UNSUPPORTED) {
      this.#lacksBatches = true;
      return this.#deleteOneByOne(deletion, epoch, finish, list);
    }
    return refusal;
  }

  /** Deletes any number, in batches, for the user who is signed in now. */
  deleteList(
    keys: readonly ConversationKey[],
    clearMessage: boolean,
    options: Pick<DeleteListOptions, "onProgress" | "signal">,
  ): Promise<readonly DeleteResult[]> {
    const { calls, deliveries, host, jobs, reporter } = this.#context;
    const { epoch } = calls;
    return deleteInBatches(keys, options, {
      now: () => host.now(),
      takeTurn: () => this.#takeBatchTurn(),
      at: (time, job) => jobs.at(time, job),
      ended: () =>
        calls.refusal("deleteConversationList", epoch) ??
        (this.#lacksBatches && !clearMessage ? cannotKeepHistory("deleteConversationList") : undefined),
      start: (batch, isCancelled, settled) =>
        this.delete(batchDeletion(batch, clearMessage, 0), epoch, settled, { isCancelled, mayWait: true }),
      deliver: (delivery) => deliveries.deliver(delivery),
      reportFailed: (error) => reporter.callbackFailed(error),
    });
  }

  /** Tells everyone that a deletion has ended: C#, the one who asked, and script's listeners. */
  complete(done: DeleteCompleted, settled: (done: DeleteCompleted) => void = () => {}): void {
    const { publisher, deliveries, reporter } = this.#context;
    publisher.deleteCompleted(done);
    deliveries.deliver(() => {
      reporter.guard(() => settled(done));
      this.completed.emit(done);
    });
  }

  /** Ends what waits its turn on a core that deletes one by one: another user, or the bridge is closed. */
  endUnsent(why: TIMResult): void {
    this.#oneByOne.end(returnError(why, "ConvDeleteConversationList"));
  }

  #deleteOneByOne(
    deletion: Deletion,
    epoch: number,
    finish: (done: DeleteCompleted) => void,
    { isCancelled, mayWait }: PartOfList,
  ): BridgeError | undefined {
    const { calls } = this.#context;
    const refusal = calls.deletionRefusal(deletion.call, epoch);
    if (refusal !== undefined) return refusal;
    const clears = deletion.method.name === "ConvDeleteConversationList" && deletion.method.clearMessage;
    if (!clears) return cannotKeepHistory(deletion.call);
    // What waits here has not been handed to the core, so that the table of calls under way does not count it.
    const { maxPendingCalls } = this.#context.settings;
    if (calls.underWay + this.#oneByOne.waiting >= maxPendingCalls) {
      return returnError(TIMResult.BRIDGE_ERR_BUSY, deletion.call);
    }
    const wait = mayWait ? this.#oneByOne.timeFor(deletion.keys.length) : 0;
    return this.#oneByOne.delete(deletion, epoch, calls.newDeadline() + wait, finish, isCancelled);
  }

  #newOneByOne(): OneByOne {
    const { calls, host, jobs } = this.#context;
    return new OneByOne({
      minimumGapMs: this.#minimumGapMs,
      now: () => host.now(),
      at: (time, job) => jobs.at(time, job),
      start: (key, { deletion, epoch, deadline, first }, settled) => {
        const single = singleDeletion(key, deletion.requestId);
        return calls.start(
          single.call,
          single.method,
          true,
          (settlement) => {
            const [result] = completionOf(single, settlement).results;
            if (result !== undefined) settled(result);
          },
          {
            epoch,
            deadline: Math.min(deadline, calls.newDeadline()),
            // The ledger lets a request of C#'s through once, for the first.
            requestId: first ? deletion.requestId : 0,
            late: (result) => this.#lateAnswer(single, result),
          },
        );
      },
    });
  }

  #takeBatchTurn(): number {
    const turn = Math.max(this.#context.host.now(), this.#nextBatchTurn);
    this.#nextBatchTurn = turn + this.#minimumGapMs;
    return turn;
  }

  #lateAnswer(deletion: Deletion, result: CoreResult): void {
    const { reporter, publisher, deliveries } = this.#context;
    const { requestId, results } = completionOf(deletion, { kind: "answered", result });
    reporter.counters.lateResults++;
    publisher.lateResult(requestId, results);
    deliveries.deliver(() => this.late.emit({ requestId, results }));
  }
}
