/** The kind of a conversation. Source: `TIMConvType` in TIMCloudDef.h. */
export enum TIMConvType {
  /** Not a conversation. Refused. */
  kTIMConv_Invalid = 0,
  /** One-to-one: the id is the other side's userID. */
  kTIMConv_C2C = 1,
  /** Group or topic: the id is its groupID or topicID. */
  kTIMConv_Group = 2,
  /** System notifications. The native core refuses it; the Web SDK has `@TIM#SYSTEM`. */
  kTIMConv_System = 3,
}

/**
 * What a call returns at once. `TIM_SUCC` means that exactly one callback follows, later; anything else means that none
 * ever does and that nothing was begun. Source: `TIMResult` in TIMCloudDef.h; the values from -1001 down are the
 * bridge's own (`SendResult` in error.proto). Those that are a callback's code, too, say of a call that the core had been given
 * that nobody knows what became of it.
 */
export enum TIMResult {
  /** Accepted. */
  TIM_SUCC = 0,
  /** The core is not initialised. */
  TIM_ERR_SDKUNINIT = -1,
  /** Nobody is signed in. */
  TIM_ERR_NOTLOGIN = -2,
  /** The core could not read the JSON that it was given. */
  TIM_ERR_JSON = -3,
  /** An argument is wrong. */
  TIM_ERR_PARAM = -4,
  /** The conversation is wrong. */
  TIM_ERR_CONV = -5,
  /** The group is wrong. */
  TIM_ERR_GROUP = -6,
  /** A later `connect()` took over the plugin. Also a callback's code, where that ended the call. */
  BRIDGE_ERR_REPLACED = -1001,
  /** The bridge is closed. Also a callback's code, where that ended the call. */
  BRIDGE_ERR_CLOSED = -1002,
  /** The plugin did not understand the frame. Also a callback's code, where the core's answer cannot be read. */
  BRIDGE_ERR_BAD_FRAME = -1003,
  /** The call is larger than the plugin takes. */
  BRIDGE_ERR_TOO_LARGE = -1004,
  /** Script and plugin speak different versions. */
  BRIDGE_ERR_WRONG_VERSION = -1005,
  /** The plugin's own check refused an id. */
  BRIDGE_ERR_BAD_ID = -1006,
  /** The plugin's own check refused a conversation type. */
  BRIDGE_ERR_BAD_TYPE = -1007,
  /** The plugin's own check refused the number of ids. */
  BRIDGE_ERR_BAD_COUNT = -1008,
  /** The signed-in user changed after this was asked for. Also a callback's code, where that ended the call. */
  BRIDGE_ERR_STALE_EPOCH = -1009,
  /** A `signal` stopped it, or the C# request behind it had expired, before the core was asked. */
  BRIDGE_ERR_NOT_QUEUED = -1010,
  /** Too many calls are under way. */
  BRIDGE_ERR_BUSY = -1011,
  /** The plugin refused the call's number. */
  BRIDGE_ERR_BAD_CALL_ID = -1012,
  /** The core's native library cannot be loaded. */
  BRIDGE_ERR_LIBRARY_MISSING = -1013,
  /** This core cannot do that. */
  BRIDGE_ERR_UNSUPPORTED = -1014,
  /** Not on the main thread. */
  BRIDGE_ERR_WRONG_THREAD = -1015,
  /** The plugin failed inside. Also a callback's code, where the call broke off inside the core. */
  BRIDGE_ERR_INTERNAL = -1016,
  /** The game has switched deletions off. */
  BRIDGE_ERR_VETOED = -1017,
  /** Never returned: the code that a callback gets where the core has not answered in time. */
  BRIDGE_ERR_UNANSWERED = -1018,
  /** The game's other code owns the session: it initialises the core and signs users in. */
  BRIDGE_ERR_NOT_OWNER = -1019,
  /** `Init`, `Uninit`, `Login` or `Logout` is under way: whose conversations a deletion would take is not certain; nothing was deleted. */
  BRIDGE_ERR_USER_CHANGING = -1020,
}

/** What a conversation event reports. Source: `TIMConvEvent` in TIMCloudCallback.h. */
export enum TIMConvEvent {
  /** Conversations are new, or back. */
  kTIMConvEvent_Add = 0,
  /** Conversations are gone. */
  kTIMConvEvent_Del = 1,
  /** Conversations changed. */
  kTIMConvEvent_Update = 2,
  /** The core began to fetch the list. */
  kTIMConvEvent_Start = 3,
  /** The core has fetched the list. */
  kTIMConvEvent_Finish = 4,
}

/** Whether somebody is signed in. Source: `TIMLoginStatus` in TIMCloudDef.h. */
export enum TIMLoginStatus {
  /** Somebody is. */
  kTIMLoginStatus_Logined = 1,
  /** The core is signing somebody in. */
  kTIMLoginStatus_Logining = 2,
  /** Nobody is. */
  kTIMLoginStatus_UnLogined = 3,
  /** The core is signing somebody out. */
  kTIMLoginStatus_Logouting = 4,
}

/** The core's connection to its server. Source: `TIMNetworkStatus` in TIMCloudDef.h. */
export enum TIMNetworkStatus {
  /** Connected. */
  kTIMConnected = 0,
  /** Not connected. */
  kTIMDisconnected = 1,
  /** Connecting. */
  kTIMConnecting = 2,
  /** It tried, and failed. */
  kTIMConnectFailed = 3,
}
