import type { Conversation } from "../conversation/conv-info.js";
import type { ConversationKey } from "../conversation/conversation-key.js";
import type { TIMNetworkStatus } from "../core/tim-types.js";
import { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";

/** Conversations are gone from this client's list, deleted here or on another client. `TIMConvEvent_Del`. */
export interface ConversationsDeleted {
  readonly conversations: readonly ConversationKey[];
}

/** Conversations are new in this client's list, or back. `TIMConvEvent_Add`. */
export interface ConversationsAdded {
  readonly conversations: readonly Conversation[];
}

/**
 * Conversations have changed. `TIMConvEvent_Update`. Those that were deleted are left out until something new happens in
 * them.
 */
export interface ConversationsUpdated {
  readonly conversations: readonly Conversation[];
}

/** The core fetches the list from its server. `TIMConvEvent_Start`, `TIMConvEvent_Finish`. */
export interface ConversationListSync {
  readonly state: "started" | "finished";
}

/**
 * Events were lost, or came while the user was changing, and this is the whole list as the core has it now (`TIMConvGetConvList`):
 * forget the one before.
 */
export interface ConversationListReset {
  readonly conversations: readonly Conversation[];
}

/** Who is signed in has changed, or may have, and no callback of the bridge's tells of it. */
export interface SessionChanged {
  /**
   * "kicked-offline": the same user signed in elsewhere (`TIMSetKickedOfflineCallback`). "user-sig-expired":
   * `TIMSetUserSigExpiredCallback`. "notified": the game's own code said so, when it
   * began a change of user and when that was done (C#: `CoreSession.BeginUserChange`, `UserChange.Done`; `CoreSession.NotifySession`), or a
   * session call of a script that has gone, one past its deadline, or one that broke off inside the core, was carried out.
   */
  readonly kind: "kicked-offline" | "user-sig-expired" | "notified";
}

/** The core's connection to its server has changed. `TIMSetNetworkStatusListenerCallback`. */
export interface ConnectionChanged {
  readonly status: TIMNetworkStatus;
  /** The core's code for it. */
  readonly code: number;
  /** The core's words about it. */
  readonly desc: string;
}

/** @internal The change that listeners hear of; undefined: the bridge's own call, whose callback tells. */
export function sessionChangeOf(kind: SessionEventKind): SessionChanged["kind"] | undefined {
  switch (kind) {
    case SessionEventKind.KICKED_OFFLINE:
      return "kicked-offline";
    case SessionEventKind.USER_SIG_EXPIRED:
      return "user-sig-expired";
    case SessionEventKind.NOTIFIED:
      return "notified";
    default:
      return undefined;
  }
}
