import { keyOf, loggableMessageOf } from "../conversation/conversation-key.js";
import { TIMResult } from "../core/tim-types.js";
import { outcomeOf, returnError } from "../errors/answer-errors.js";
import { type BridgeError, invalidArgument } from "../errors/bridge-error.js";
import type { QueuePlace } from "../host/heard-until.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import type { Request, ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { decodeUtf8 } from "../protocol/text-codec.js";
import { messageOf } from "../protocol/thrown.js";
import type { BridgeContext } from "./bridge-context.js";
import { checkedBatch } from "./checked-conversations.js";
import type { Deleter } from "./deleter.js";
import { batchDeletion, completed, type DeleteCompleted, type Deletion, singleDeletion } from "./deletion.js";

/** Deletions that C# asks for. Each is completed under its request id, whatever becomes of it. */
export class CSharpRequests {
  readonly #context: BridgeContext;
  readonly #deleter: Deleter;
  /** Up to where it was asked for while the user was changing; undefined: all that was has been heard. */
  #inDoubtUntil: QueuePlace | undefined;

  constructor(context: BridgeContext, deleter: Deleter) {
    this.#context = context;
    this.#deleter = deleter;
  }

  /** Who is signed in has, or may have, changed, and C# could not know: what it has asked for by now was asked for in doubt. */
  userWasChanging(): void {
    this.#inDoubtUntil = this.#context.host.endOfQueue();
  }

  receive(frame: ToScript): void {
    const request = readRequest(frame);
    if (request.kind === "malformed") {
      this.#refuseMalformed(request);
      return;
    }
    const { deletion } = request;
    const outdated = this.#outdated(frame, deletion.call);
    if (outdated !== undefined) {
      this.#deleter.complete(completed(deletion, Outcome.NOT_SENT, outdated));
      return;
    }
    const refusal = this.#claim(deletion) ?? this.#deleter.delete(deletion, frame.epoch);
    // Not queued: C# has settled it.
    if (refusal === undefined || refusal.code === TIMResult.BRIDGE_ERR_NOT_QUEUED) return;
    this.#deleter.complete(completed(deletion, outcomeOf(refusal), refusal));
  }

  /** Invariant 3: it was asked for in an earlier user's name, or may have been. */
  #outdated({ epoch }: ToScript, call: string): BridgeError | undefined {
    if (epoch !== this.#context.calls.epoch) return returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, call);
    if (this.#inDoubtUntil !== undefined && this.#context.host.hasHeard(this.#inDoubtUntil))
      this.#inDoubtUntil = undefined;
    return this.#inDoubtUntil === undefined ? undefined : returnError(TIMResult.BRIDGE_ERR_USER_CHANGING, call);
  }

  #refuseMalformed({ requestId, problem, loggable }: MalformedRequest): void {
    this.#context.reporter.malformed(loggable);
    if (requestId !== 0) this.#deleter.complete(refusedUnread(requestId, invalidArgument(problem)));
  }

  /** Behind the plugin the ledger is asked at the P/Invoke; a core in script asks here. Returns why it may not go on. */
  #claim({ call, requestId }: Deletion): BridgeError | undefined {
    const { core, publisher } = this.#context;
    const code = core.behindPlugin ? 0 : publisher.claim(requestId);
    return code === 0 ? undefined : returnError(code, call);
  }
}

/** Which conversations it was about cannot be read. */
function refusedUnread(requestId: number, error: BridgeError): DeleteCompleted {
  return { requestId, results: [], code: error.code, desc: error.message };
}

/** What is wrong with a Request frame. `requestId` 0: it does not even say who asks. */
interface MalformedRequest {
  readonly kind: "malformed";
  readonly requestId: number;
  /** For whoever asked: it may name the id that is wrong. */
  readonly problem: string;
  /** The same, for the log, which may not. */
  readonly loggable: string;
}

/** What a Request frame asks for, or what is wrong with it. */
type ReadRequest = { readonly kind: "deletion"; readonly deletion: Deletion } | MalformedRequest;

/** Reads and checks a request of C#'s. C# has checked the ids; they are checked again, on the same vectors. */
function readRequest(frame: ToScript): ReadRequest {
  const request = frame.body?.$case === "request" ? frame.body.value : undefined;
  const requestId = request?.requestId ?? 0;
  try {
    if (request === undefined || requestId === 0) throw new Error("it has no request id");
    return { kind: "deletion", deletion: readDeletion(request) };
  } catch (error) {
    const words = (why: string): string => `request ${requestId} from C#: ${why}. Nothing was deleted.`;
    const [problem, loggable] = [words(messageOf(error)), words(loggableMessageOf(error))];
    return { kind: "malformed", requestId, problem, loggable };
  }
}

function readDeletion(request: Request): Deletion {
  switch (request.method?.$case) {
    case "convDelete": {
      const { convId, convType } = request.method.value;
      if (convId === undefined) throw new Error("conv_id is missing");
      if (convType === undefined) throw new Error("conv_type is missing");
      return singleDeletion(keyOf(decodeUtf8(convId), convType), request.requestId);
    }
    case "convDeleteList": {
      const { convIds, clearMessage } = request.method.value;
      if (clearMessage === undefined) throw new Error("clear_message is missing");
      return batchDeletion(checkedBatch(convIds.map(decodeUtf8)), clearMessage, request.requestId);
    }
    default:
      throw new Error("it asks for something that this script does not know");
  }
}
