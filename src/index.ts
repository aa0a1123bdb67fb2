export {
  type CancelSignal,
  CancelSource,
  type DeleteListOptions,
  type DeleteProgress,
} from "./bridge/batch-deletion.js";
export type { Bridge } from "./bridge/bridge.js";
export type { BridgeCounters } from "./bridge/bridge-counters.js";
export type { BridgeOptions } from "./bridge/bridge-options.js";
export type { ConvDeleteListCallback, ConvListCallback, TIMCallback } from "./bridge/callbacks.js";
export type {
  ConnectionChanged,
  ConversationListReset,
  ConversationListSync,
  ConversationsAdded,
  ConversationsDeleted,
  ConversationsUpdated,
  SessionChanged,
} from "./bridge/core-events.js";
export type { DeleteCompleted, DeleteResult, LateResult } from "./bridge/deletion.js";
export type { Unsubscribe } from "./bridge/emitter.js";
export { type ConnectOptions, connect } from "./connect.js";
export type { Conversation, ConvInfo, VendorMessage } from "./conversation/conv-info.js";
export {
  type ConversationKey,
  ConversationKeyError,
  isTopic,
  keyOf,
  parseConversation,
  sameConversation,
  systemConversationID,
  toBareId,
  toConvID,
  toWebConversationID,
} from "./conversation/conversation-key.js";
export type { CoreCall, CoreContext, CoreMethod, CoreResult, CoreSdk, CoreSink, PluginPort } from "./core/core-sdk.js";
export { NativeCore } from "./core/native-core.js";
export { TIMConvEvent, TIMConvType, TIMLoginStatus, TIMNetworkStatus, TIMResult } from "./core/tim-types.js";
export { BridgeError, ErrorCategory, ErrorSource } from "./errors/bridge-error.js";
export { Outcome } from "./protocol/gen/chatbridge/v1/conversation.js";
export { SessionEventKind } from "./protocol/gen/chatbridge/v1/core.js";
export type { RecordingOptions } from "./recording/recording-options.js";
