import { TIMResult } from "../core/tim-types.js";
import { ErrorCategory } from "../protocol/gen/chatbridge/v1/error.js";

const {
  INVALID_ARGUMENT: invalid,
  NOT_INITIALIZED: notInitialized,
  NOT_LOGGED_IN: notLoggedIn,
  PERMISSION: permission,
  BUSY: busy,
  SESSION_ENDED: sessionEnded,
  UNSUPPORTED: unsupported,
  PROTOCOL: protocol,
  CANCELLED: cancelled,
  OTHER: other,
} = ErrorCategory;

/** @internal What a non-zero return value means, the core's or the plugin's: the kind of trouble, and what to do. */
export const returnCodes: ReadonlyMap<number, readonly [ErrorCategory, string]> = new Map([
  [TIMResult.TIM_ERR_SDKUNINIT, [notInitialized, "Call Init first."]],
  [TIMResult.TIM_ERR_NOTLOGIN, [notLoggedIn, "Log in first."]],
  [TIMResult.TIM_ERR_JSON, [invalid, "The core could not read its JSON argument."]],
  [TIMResult.TIM_ERR_PARAM, [invalid, "The core refused an argument: check the id and the conversation type."]],
  [TIMResult.TIM_ERR_CONV, [invalid, "The core refused the conversation."]],
  [TIMResult.TIM_ERR_GROUP, [invalid, "The core refused the group."]],
  [
    TIMResult.BRIDGE_ERR_REPLACED,
    [sessionEnded, "A later connect() took over the plugin: this bridge is out of service. Use the later bridge."],
  ],
  [TIMResult.BRIDGE_ERR_CLOSED, [sessionEnded, "The plugin's session is closed: connect() again."]],
  [TIMResult.BRIDGE_ERR_BAD_FRAME, [protocol, "Script and plugin are not of one release: update both."]],
  [TIMResult.BRIDGE_ERR_TOO_LARGE, [invalid, "The call is larger than the plugin takes."]],
  [TIMResult.BRIDGE_ERR_WRONG_VERSION, [protocol, "Script and plugin speak different versions: update both."]],
  [TIMResult.BRIDGE_ERR_BAD_ID, [invalid, "The plugin refused an id: empty, too long, with NUL inside, or not UTF-8."]],
  [TIMResult.BRIDGE_ERR_BAD_TYPE, [invalid, "The plugin refused the conversation type: only C2C and Group."]],
  [TIMResult.BRIDGE_ERR_BAD_COUNT, [invalid, "The plugin refused the list: 1 to 100 ids."]],
  [
    TIMResult.BRIDGE_ERR_STALE_EPOCH,
    [
      sessionEnded,
      "The signed-in user changed after this was asked for; nothing was deleted. Ask again only if the user who is signed in now wants it.",
    ],
  ],
  [
    TIMResult.BRIDGE_ERR_NOT_QUEUED,
    [
      cancelled,
      "A signal stopped it, or the C# request behind it had expired, before the core was asked; nothing was deleted.",
    ],
  ],
  [
    TIMResult.BRIDGE_ERR_BUSY,
    [
      busy,
      "Too many calls are under way, or were given up and never answered by the core: wait for some to end. Where none does, Uninit or close.",
    ],
  ],
  [TIMResult.BRIDGE_ERR_BAD_CALL_ID, [protocol, "The plugin refused the call's number."]],
  [
    TIMResult.BRIDGE_ERR_LIBRARY_MISSING,
    [unsupported, "The native library libImSDK cannot be loaded: add the vendor's library for this platform."],
  ],
  [TIMResult.BRIDGE_ERR_UNSUPPORTED, [unsupported, "This core lacks that function: it needs a later version."]],
  [TIMResult.BRIDGE_ERR_WRONG_THREAD, [invalid, "Call on the main thread only."]],
  [TIMResult.BRIDGE_ERR_INTERNAL, [other, "The plugin failed inside; see its log. Nothing was deleted."]],
  [
    TIMResult.BRIDGE_ERR_NOT_OWNER,
    [
      permission,
      "This bridge has joined a session (attach) that the game's other code owns: that code initialises the core and signs users in, and tells the bridge with CoreSession.BeginUserChange.",
    ],
  ],
  [
    TIMResult.BRIDGE_ERR_USER_CHANGING,
    [
      sessionEnded,
      "Init, Uninit, Login or Logout is under way: whose conversations these would be is not certain; nothing was deleted. Ask in that call's callback; where script did not make it, or it broke off (-1016), when onSessionChanged has told of its end, or 30 s later; and only if the user who is signed in then wants it.",
    ],
  ],
  [
    TIMResult.BRIDGE_ERR_VETOED,
    [
      permission,
      "The game has switched deletions off (Conversations.DeletionsAllowed): ask when it has switched them on again.",
    ],
  ],
]);
