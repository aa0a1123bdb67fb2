import type { Conversation } from "../conversation/conv-info.js";
import type { ConversationInfo } from "../protocol/gen/chatbridge/v1/conversation.js";
import { clipped } from "../protocol/text-codec.js";
import { keyMessage } from "./deletion-messages.js";

/** A name that a list shows is cut here, so that many fit one frame. */
const longestName = 256;
const largestUInt32 = 0xffff_ffff;

/** What C# gets of a conversation. What the core gives in another type than the vendor's counts as not given. */
export function infoMessage({ key, info }: Conversation): ConversationInfo {
  const name: unknown = info.conv_show_name;
  return {
    conversation: keyMessage(key),
    showName: typeof name === "string" ? clipped(name.slice(0, longestName)) : "",
    unreadNum: Math.min(count(info.conv_unread_num), largestUInt32),
    activeTime: count(info.conv_active_time),
    isPinned: info.conv_is_pinned === true,
  };
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
