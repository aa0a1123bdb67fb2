import type { ConvInfo } from "tim-chatbridge";

/** A ConvInfo list of C2C conversations with these userIDs. */
export function users(...ids: string[]): ConvInfo[] {
  return ids.map((conv_id) => ({ conv_id, conv_type: 1 }));
}

/** A ConvInfo list of group conversations with these groupIDs. */
export function groups(...ids: string[]): ConvInfo[] {
  return ids.map((conv_id) => ({ conv_id, conv_type: 2 }));
}

/** The messages' names and conversations, for comparing what two sides saw. */
export function digest(messages: readonly { readonly name: string; readonly message: unknown }[]): unknown[] {
  return messages
    .filter(({ name }) => name === "DeleteCompleted" || name === "ConversationsDeleted")
    .map(({ name, message }) => {
      const { results, conversations } = message as {
        results?: { conversation: unknown; outcome: unknown }[];
        conversations?: unknown[];
      };
      return [name, results?.map(({ conversation }) => conversation) ?? conversations];
    });
}
