export type { ConvInfo, VendorMessage } from "./conversation/conv-info.js";
export { CoreCode } from "./core/core-codes.js";
export { parseConvInfoList, textOf } from "./core/embedded/conv-info.js";
export type { StoredConversation, StoredMessage } from "./core/embedded/conversation-store.js";
export { EmbeddedDataError } from "./core/embedded/data-error.js";
export type { EmbeddedClient } from "./core/embedded/embedded-client.js";
export { EmbeddedCore, type EmbeddedCoreOptions } from "./core/embedded/embedded-core.js";
export { EmbeddedServer, type EmbeddedServerOptions } from "./core/embedded/embedded-server.js";
export type {
  ClientState,
  EmbeddedState,
  GroupState,
  LocalCopyState,
  MissedDeletion,
  UserState,
} from "./core/embedded/embedded-state.js";
