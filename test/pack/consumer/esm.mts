// A user's script, as the published typings see it: strict, with no library but the language's own.
/// <reference types="tim-chatbridge/csharp" />
import { type Bridge, BridgeError, connect, TIMConvType, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";

const bridge: Bridge = connect({ core: new EmbeddedCore({ userId: "me" }) });
const result: TIMResult = bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, (code: number, desc: string) => {
  const words: string = `${code} ${desc}`;
  return words;
});
export const refused: boolean = result !== TIMResult.TIM_SUCC && bridge.lastError instanceof BridgeError;
export const off: () => void = bridge.onConversationDeleted((event) => event.conversations.length);

// @ts-expect-error a conversation type is no string
bridge.ConvDelete("alice", "C2C", () => {});

// C# as script sees it.
export function askCSharp(): CS.TimChatBridge.TIMResult {
  CS.TimChatBridge.Conversations.add_Deleted((message) => {
    const id: string = message.Conversations.get_Item(0).Id;
    return id;
  });
  const why: string | undefined = CS.TimChatBridge.Conversations.LastError?.Message;
  return why === undefined
    ? CS.TimChatBridge.Conversations.ConvDelete("alice", CS.TimChatBridge.TIMConvType.kTIMConv_C2C)
    : CS.TimChatBridge.TIMResult.TIM_ERR_PARAM;
}

// As PuerTS's own typings have System.Array.
interface SystemArray {
  readonly Length: number;
  SetValue(value: unknown, index: number): void;
  SetValue(value: unknown, index1: number, index2: number): void;
}
export function askForMany(keys: SystemArray): CS.TimChatBridge.TIMResult {
  const key = CS.TimChatBridge.ConversationKey.User("alice");
  // @ts-expect-error C# takes no JavaScript array
  CS.TimChatBridge.Conversations.ConvDeleteConversationList([key], true);
  return CS.TimChatBridge.Conversations.ConvDeleteConversationList(
    keys,
    true,
    (_code, _desc, results) => results.Count,
  );
}

// What goes by reference, as PuerTS's own typings (puerts.d.ts) name it.
export function parse(notation: string): string | undefined {
  const found = puer.$ref<CS.TimChatBridge.ConversationKey | null>();
  // @ts-expect-error C# puts a key in there, and no number
  CS.TimChatBridge.ConversationKey.TryParse(notation, puer.$ref(1));
  const isKey: boolean = CS.TimChatBridge.ConversationKey.TryParse(notation, found);
  return isKey ? puer.$unref(found)?.Id : undefined;
}

// @ts-expect-error script only reads it
CS.TimChatBridge.Conversations.LastError = null;

// The vendor's wrapper has an assembly of its own.
export const listen: () => void = CS.TimChatBridge.TencentWrapper.Listen;
// @ts-expect-error the bridge's own door is not for games
CS.TimChatBridge.ScriptPort;
