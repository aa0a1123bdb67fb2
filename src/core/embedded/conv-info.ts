import type { ConvInfo, VendorMessage } from "../../conversation/conv-info.js";
import { kindOf } from "../../errors/kind-of.js";
import { TIMConvType } from "../tim-types.js";
import { type ConversationId, conversationKey, readId } from "./conversation-id.js";
import { EmbeddedDataError, parseJson, readArray, readBoolean, readInteger, readObject } from "./data-error.js";

/** Which conversation `info` is about. */
export function idOf(info: ConvInfo): ConversationId {
  return { convId: info.conv_id, convType: info.conv_type };
}

/** Whether `value` is one of the conversation types that a list can hold. */
function isListedType(value: unknown): boolean {
  return (
    value === TIMConvType.kTIMConv_C2C || value === TIMConvType.kTIMConv_Group || value === TIMConvType.kTIMConv_System
  );
}

/** Reads one ConvInfo. The fields that EmbeddedCore works with are checked, the others kept unseen. */
export function readConvInfo(value: unknown, path: string): ConvInfo {
  const object = readObject(value, path);
  const field = (name: string) => object[name];
  const at = (name: string) => `${path}.${name}`;
  if (field("conv_id") === undefined) {
    throw new EmbeddedDataError(at("conv_id"), "is missing; it is the bare userID or groupID");
  }
  readId(field("conv_id"), at("conv_id"));
  const type = field("conv_type");
  if (!isListedType(type)) {
    const shown = typeof type === "number" ? String(type) : kindOf(type);
    throw new EmbeddedDataError(at("conv_type"), `is ${shown}; 1 (C2C), 2 (group) or 3 (system) was expected`);
  }
  const showName = field("conv_show_name");
  if (showName !== undefined && typeof showName !== "string") {
    throw new EmbeddedDataError(at("conv_show_name"), `is ${kindOf(showName)}; a string was expected`);
  }
  for (const name of ["conv_unread_num", "conv_active_time"]) {
    if (field(name) !== undefined) readInteger(field(name), at(name), 0);
  }
  for (const name of ["conv_is_pinned", "conv_is_has_lastmsg"]) {
    if (field(name) !== undefined) readBoolean(field(name), at(name));
  }
  const last = field("conv_last_msg");
  if (last !== undefined && last !== null) readObject(last, at("conv_last_msg"));
  return object as ConvInfo;
}

/**
 * Reads the vendor's conversation list, as `TIMConvGetConvList` gives it: an array of ConvInfo, parsed or as JSON text.
 * Fields that EmbeddedCore does not know are kept and returned as they came (numbers as JavaScript reads them, so whole
 * numbers beyond 2^53 lose their last digits). Throws an EmbeddedDataError that names the index and field at fault.
 */
export function parseConvInfoList(list: unknown, path = "conversations"): ConvInfo[] {
  const seen = new Map<string, number>();
  return readArray(parseJson(list, path), path).map((value, index) => {
    const info = readConvInfo(value, `${path}[${index}]`);
    const key = conversationKey(idOf(info));
    const first = seen.get(key);
    if (first !== undefined) {
      throw new EmbeddedDataError(`${path}[${index}].conv_id`, `is the same conversation as ${path}[${first}]`);
    }
    seen.set(key, index);
    return info;
  });
}

/** The last message that `info` carries, if it does. */
export function lastMessageOf(info: ConvInfo): VendorMessage | undefined {
  return info.conv_is_has_lastmsg === false ? undefined : (info.conv_last_msg ?? undefined);
}

/** The ConvInfo of a conversation that has just come into being. */
export function newConvInfo(id: ConversationId): ConvInfo {
  return { conv_id: id.convId, conv_type: id.convType, conv_show_name: id.convId, conv_unread_num: 0 };
}

/** `info` after `message`, which its owner has read or not. */
export function withMessage(info: ConvInfo, message: VendorMessage, unread: boolean): ConvInfo {
  return {
    ...info,
    conv_active_time: message.message_server_time ?? 0,
    conv_unread_num: (info.conv_unread_num ?? 0) + (unread ? 1 : 0),
    conv_is_has_lastmsg: true,
    conv_last_msg: message,
  };
}

/** `info` of a conversation that has left the list with its history kept: should it return, it starts unread and unpinned. */
export function withoutListState(info: ConvInfo): ConvInfo {
  const reset: { conv_unread_num?: number; conv_is_pinned?: boolean } = {};
  if (info.conv_unread_num !== undefined) reset.conv_unread_num = 0;
  if (info.conv_is_pinned !== undefined) reset.conv_is_pinned = false;
  return { ...info, ...reset };
}

/** A text on its way to those who get it. */
export interface SentText {
  readonly sender: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** Counts all messages of the server. */
  readonly seq: number;
}

/** The vendor's Message object for a text, as the owner of conversation `id` sees it. */
export function textMessage(id: ConversationId, message: SentText, fromSelf: boolean): VendorMessage {
  const seconds = Math.floor(message.timeMs / 1000);
  return {
    message_msg_id: `embedded-${message.seq}`,
    message_seq: message.seq,
    message_conv_id: id.convId,
    message_conv_type: id.convType,
    message_sender: message.sender,
    message_client_time: seconds,
    message_server_time: seconds,
    message_is_from_self: fromSelf,
    message_elem_array: [{ elem_type: 0, text_elem_content: message.text }],
  };
}

/** The text of a message, its text elements joined; "" where it has none. */
export function textOf(message: VendorMessage): string {
  const elements = Array.isArray(message.message_elem_array) ? message.message_elem_array : [];
  return elements
    .map((element: unknown) => {
      const content =
        typeof element === "object" && element !== null
          ? (element as { readonly text_elem_content?: unknown }).text_elem_content
          : undefined;
      return typeof content === "string" ? content : "";
    })
    .join("");
}
