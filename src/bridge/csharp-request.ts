import { keyOf } from "../conversation/conversation-key.js";
import type { Request, ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { decodeUtf8 } from "../protocol/text-codec.js";
import { messageOf } from "../protocol/thrown.js";
import { checkedBatch } from "./conversation-list.js";
import { batchDeletion, type Deletion, singleDeletion } from "./deletion.js";

/** What a Request frame asks for, or what is wrong with it. `requestId` 0: it does not even say who asks. */
export type ReadRequest =
  | { readonly kind: "deletion"; readonly deletion: Deletion }
  | { readonly kind: "malformed"; readonly requestId: number; readonly problem: string };

/** Reads and checks a request of C#'s. C# has checked the ids; they are checked again, on the same vectors. */
export function readRequest(frame: ToScript): ReadRequest {
  const request = frame.body?.$case === "request" ? frame.body.value : undefined;
  const requestId = request?.requestId ?? 0;
  try {
    if (request === undefined || requestId === 0) throw new Error("it has no request id");
    return { kind: "deletion", deletion: readDeletion(request) };
  } catch (error) {
    const why = messageOf(error);
    return { kind: "malformed", requestId, problem: `request ${requestId} from C#: ${why}. Nothing was deleted.` };
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
