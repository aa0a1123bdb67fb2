import { type ConversationOperationResult, readOperationResults } from "../conversation/conv-info.js";
import { type ConversationKey, keyString, toBareId, toConvID } from "../conversation/conversation-key.js";
import type { CoreMethod, CoreResult } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import { deletionError, outcomeOf } from "../errors/answer-errors.js";
import { type BridgeError, bridgeError, ErrorCategory, type ErrorSource } from "../errors/bridge-error.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import type { Settlement } from "./pending-calls.js";
import { unansweredError } from "./unanswered-error.js";

/** How a deletion ended, for one conversation. */
export interface DeleteResult {
  /** Which. */
  readonly conversation: ConversationKey;
  /** Whether it was deleted, was not, was never handed to the core, or nobody knows. */
  readonly outcome: Outcome;
  /** Why, unless it was deleted. */
  readonly error?: BridgeError;
}

/** A deletion has ended: exactly one for each that was accepted, whoever asked for it. */
export interface DeleteCompleted {
  /** C#'s number for it; 0: script asked. */
  readonly requestId: number;
  /** One for each conversation that was asked for, in that order. */
  readonly results: readonly DeleteResult[];
  /** The code that the call's callback gets; 0 is success. */
  readonly code: number;
  /** The words that the call's callback gets. */
  readonly desc: string;
}

/** The core answered a deletion after its deadline, when it had been settled as unknown. */
export interface LateResult {
  /** C#'s number for it; 0: script asked. */
  readonly requestId: number;
  /**
   * What the core says now: one for each conversation that was asked for, in that order. Of a batch that a core older than 7.1
   * deleted one by one, each late answer comes by itself.
   */
  readonly results: readonly DeleteResult[];
}

/** A deletion as it was asked for, checked. */
export interface Deletion {
  /** The vendor's name of the call, for messages. */
  readonly call: "ConvDelete" | "ConvDeleteConversationList";
  readonly requestId: number;
  readonly keys: readonly ConversationKey[];
  readonly method: CoreMethod;
}

/** Deletes one conversation and its history. The key has been checked. */
export function singleDeletion(key: ConversationKey, requestId: number): Deletion {
  return { call: "ConvDelete", requestId, keys: [key], method: { name: "ConvDelete", ...toBareId(key) } };
}

/** Deletes up to 100 conversations. The keys have been checked. The core is asked once for one that is listed twice. */
export function batchDeletion(keys: readonly ConversationKey[], clearMessage: boolean, requestId: number): Deletion {
  return {
    call: "ConvDeleteConversationList",
    requestId,
    keys,
    method: { name: "ConvDeleteConversationList", convIds: [...new Set(keys.map(toConvID))], clearMessage },
  };
}

/** What a settled deletion means for each of its conversations. */
export function completionOf(deletion: Deletion, settlement: Settlement): DeleteCompleted {
  if (settlement.kind === "answered") return answered(deletion, settlement.result);
  const error = unansweredError(deletion.call, settlement, seeList);
  return completed(deletion, Outcome.UNKNOWN, error);
}

/** A deletion that ended alike for all of its conversations. */
export function completed(deletion: Deletion, outcome: Outcome, error: BridgeError): DeleteCompleted {
  const its = error.withOutcome(outcome);
  return {
    requestId: deletion.requestId,
    results: deletion.keys.map((conversation) => ({ conversation, outcome, error: its })),
    code: error.code,
    desc: error.message,
  };
}

/** A conversation that was asked for once, and was refused. */
export function refused(conversation: ConversationKey, refusal: BridgeError): DeleteResult {
  const outcome = outcomeOf(refusal);
  return { conversation, outcome, error: refusal.withOutcome(outcome) };
}

/** Each once, however often it is listed, in the order in which they come first. */
export function distinct(keys: readonly ConversationKey[]): readonly ConversationKey[] {
  return [...new Map(keys.map((key) => [keyString(key), key])).values()];
}

function answered(deletion: Deletion, result: CoreResult): DeleteCompleted {
  const head = { requestId: deletion.requestId, code: result.code, desc: result.desc };
  if (deletion.call === "ConvDelete") {
    return { ...head, results: deletion.keys.map((key) => resultOf(key, result, deletion.call)) };
  }
  const list = readOperationResults(result);
  const byId = new Map<string, ConversationOperationResult | "contradictory">();
  for (const item of list.items) {
    const before = byId.get(item.conversationID);
    const agrees = before === undefined || (before !== "contradictory" && before.code === item.code);
    byId.set(item.conversationID, agrees ? item : "contradictory");
  }
  return {
    ...head,
    results: deletion.keys.map((key) => {
      const item = byId.get(toConvID(key));
      if (item === "contradictory") return unclear(key, deletion.call, ["it has two that contradict each other"]);
      if (item !== undefined) {
        return resultOf(key, { source: result.source, code: item.code, desc: item.info }, deletion.call);
      }
      if (result.code !== 0) return resultOf(key, result, deletion.call);
      return unclear(key, deletion.call, list.problems);
    }),
  };
}

function resultOf(
  conversation: ConversationKey,
  { source, code, desc }: { readonly source: ErrorSource; readonly code: number; readonly desc: string },
  call: string,
): DeleteResult {
  if (code === 0) return { conversation, outcome: Outcome.DELETED };
  const error = deletionError(source, code, desc, `${call} of ${keyString(conversation)}`);
  return { conversation, outcome: error.outcome, error };
}

/** The core said that the batch succeeded, and nothing about this conversation. */
function unclear(conversation: ConversationKey, call: string, problems: readonly string[]): DeleteResult {
  const why = problems.length === 0 ? "" : ` (${problems.join("; ")})`;
  const error = bridgeError(
    TIMResult.BRIDGE_ERR_INTERNAL,
    ErrorCategory.PROTOCOL,
    `${call}: the core's answer has no clear result for ${keyString(conversation)}${why}. List the conversations to see what became of it.`,
  );
  return { conversation, outcome: Outcome.UNKNOWN, error: error.withOutcome(Outcome.UNKNOWN) };
}

const seeList = "It may be deleted, now or later: list the conversations to see.";
