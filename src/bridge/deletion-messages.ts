import type { ConversationKey } from "../conversation/conversation-key.js";
import type {
  DeleteCompleted as DeleteCompletedMessage,
  Key,
  Result,
} from "../protocol/gen/chatbridge/v1/conversation.js";
import { clipped } from "../protocol/text-codec.js";
import type { DeleteCompleted, DeleteResult } from "./deletion.js";

/** What C# gets of a key. */
export function keyMessage(key: ConversationKey): Key {
  if ("userId" in key) return { id: { $case: "userId", value: key.userId } };
  if ("groupId" in key) return { id: { $case: "groupId", value: key.groupId } };
  return { id: { $case: "systemId", value: key.systemId } };
}

/** What C# gets of a deletion's end, for one conversation. */
export function resultMessage(result: DeleteResult): Result {
  return {
    conversation: keyMessage(result.conversation),
    outcome: result.outcome,
    error: result.error?.toMessage(),
  };
}

/** What C# gets of a deletion's end. */
export function completedMessage(completion: DeleteCompleted): DeleteCompletedMessage {
  return {
    requestId: completion.requestId,
    results: completion.results.map(resultMessage),
    code: completion.code,
    desc: clipped(completion.desc),
  };
}
