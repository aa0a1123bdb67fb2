/** How many conversations one `TIMConvDeleteConversationList` may name. */
export const maxBatch = 100;
