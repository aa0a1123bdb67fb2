import { TIMResult } from "../core/tim-types.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import {
  type BridgeError as BridgeErrorMessage,
  ErrorCategory,
  ErrorSource,
} from "../protocol/gen/chatbridge/v1/error.js";
import { clipped } from "../protocol/text-codec.js";

export { ErrorCategory, ErrorSource };

/**
 * The one error type of the bridge. Promise forms reject with it; for calls that return a TIMResult it is
 * `bridge.lastError`; every failed conversation of a deletion carries one.
 */
export class BridgeError extends Error {
  override readonly name = "BridgeError";

  constructor(
    /** Who says so: the bridge, the core function's return value, or the core's callback. */
    readonly source: ErrorSource,
    /** The raw code of that source: a TIMResult (return value), a TIMErrorCode (callback), or one of the bridge's own. */
    readonly code: number,
    /** What kind of trouble it is. */
    readonly category: ErrorCategory,
    message: string,
    /** What became of the conversation, where the error is about a deletion; "unspecified" where it is not. */
    readonly outcome: Outcome = Outcome.UNSPECIFIED,
  ) {
    super(message);
  }

  /** Whether the same call can succeed later. Nothing is ever retried behind the caller's back. */
  get retryable(): boolean {
    return retryableCategories.has(this.category);
  }

  /** @internal The same error, about a conversation that ended so. */
  withOutcome(outcome: Outcome): BridgeError {
    return new BridgeError(this.source, this.code, this.category, this.message, outcome);
  }

  /** @internal */
  toMessage(): BridgeErrorMessage {
    return {
      source: this.source,
      code: this.code,
      category: this.category,
      retryable: this.retryable,
      message: clipped(this.message),
    };
  }
}

/** @internal A core of a module of its own, such as the embedded one, brings its own copy of the class. */
export function isBridgeError(error: unknown): error is BridgeError {
  return error instanceof Error && error.name === "BridgeError";
}

const retryableCategories: ReadonlySet<ErrorCategory> = new Set([
  ErrorCategory.NOT_INITIALIZED,
  ErrorCategory.NOT_LOGGED_IN,
  ErrorCategory.NETWORK,
  ErrorCategory.TIMEOUT,
  ErrorCategory.BUSY,
  ErrorCategory.SESSION_ENDED,
  ErrorCategory.STORAGE,
  ErrorCategory.SERVER,
  ErrorCategory.CANCELLED,
]);

/** @internal A core older than 7.1 was asked to keep the history. */
export function cannotKeepHistory(call: string): BridgeError {
  return bridgeError(
    TIMResult.BRIDGE_ERR_UNSUPPORTED,
    ErrorCategory.UNSUPPORTED,
    `${call} was refused: this core has no batch deletion (TIMConvDeleteConversationList came with 7.1), and deleting one by ` +
      "one always clears the history. Nothing was deleted. Use a later core, or clear the history.",
  );
}

/** @internal The caller's own mistake: TIM_ERR_PARAM, as the core would say, with words. */
export function invalidArgument(message: string): BridgeError {
  return bridgeError(TIMResult.TIM_ERR_PARAM, ErrorCategory.INVALID_ARGUMENT, message);
}

/** @internal */
export function bridgeError(code: number, category: ErrorCategory, message: string): BridgeError {
  return new BridgeError(ErrorSource.BRIDGE, code, category, message);
}

const seeList = "It may have been carried out: list the conversations to see.";

/** @internal What an answer other than success says, by who gave it. */
export function answerError(source: ErrorSource, code: number, desc: string, call: string): BridgeError {
  if (source === ErrorSource.SDK_CALLBACK || source === ErrorSource.UNSPECIFIED) return callbackError(code, desc, call);
  const { category, message } = returnError(code, call);
  // Not the words for a refusal, which say that nothing was deleted: the core had been called.
  if (source === ErrorSource.BRIDGE) {
    return new BridgeError(
      source,
      code,
      category,
      `${call} was handed to the core. ${clipped(desc)} (${code}). ${seeList}`,
    );
  }
  return new BridgeError(source, code, category, desc === "" ? message : `${message} ${clipped(desc)}`);
}

/** @internal What a core's callback said. Codes: TIMErrorCode.h of the vendor's 8.0 headers. */
export function callbackError(code: number, desc: string, call: string): BridgeError {
  const [category, hint] = describeErrorCode(code);
  const words = desc === "" ? "" : `: ${clipped(desc)}`;
  return new BridgeError(ErrorSource.SDK_CALLBACK, code, category, `${call} failed with code ${code}${words}. ${hint}`);
}

/** @internal What a non-zero return value means: the core's TIMResult, or the plugin's refusal. */
export function returnError(code: number, call: string): BridgeError {
  const known = returnCodes.get(code);
  const source = code <= -1000 ? ErrorSource.BRIDGE : ErrorSource.SDK_RETURN;
  const [category, hint] = known ?? [ErrorCategory.OTHER, "The core gives no reason."];
  const name = (TIMResult as Record<number, string | undefined>)[code] ?? "an unknown value";
  return new BridgeError(source, code, category, `${call} was refused: ${name} (${code}). ${hint}`);
}

const {
  INVALID_ARGUMENT: invalid,
  NOT_INITIALIZED: notInitialized,
  NOT_LOGGED_IN: notLoggedIn,
  NOT_FOUND: notFound,
  PERMISSION: permission,
  NETWORK: network,
  TIMEOUT: timeout,
  BUSY: busy,
  SESSION_ENDED: sessionEnded,
  UNSUPPORTED: unsupported,
  PROTOCOL: protocol,
  STORAGE: storage,
  SERVER: server,
  CANCELLED: cancelled,
  OTHER: other,
} = ErrorCategory;

const returnCodes: ReadonlyMap<number, readonly [ErrorCategory, string]> = new Map([
  [TIMResult.TIM_ERR_SDKUNINIT, [notInitialized, "Call Init first."]],
  [TIMResult.TIM_ERR_NOTLOGIN, [notLoggedIn, "Log in first."]],
  [TIMResult.TIM_ERR_JSON, [invalid, "The core could not read its JSON argument."]],
  [TIMResult.TIM_ERR_PARAM, [invalid, "The core refused an argument: check the id and the conversation type."]],
  [TIMResult.TIM_ERR_CONV, [invalid, "The core refused the conversation."]],
  [TIMResult.TIM_ERR_GROUP, [invalid, "The core refused the group."]],
  [
    TIMResult.BRIDGE_ERR_REPLACED,
    [sessionEnded, "A later connect() took over the plugin: this bridge is out of service."],
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
    [sessionEnded, "The signed-in user changed after this was asked for; nothing was deleted. Ask again."],
  ],
  [
    TIMResult.BRIDGE_ERR_NOT_QUEUED,
    [cancelled, "The C# request behind it was cancelled or expired; nothing was deleted."],
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
      "This bridge has joined a session (attach) that the game's other code owns: that code initialises the core and signs users in, and tells the bridge with CoreSession.NotifySession.",
    ],
  ],
  [TIMResult.BRIDGE_ERR_VETOED, [permission, "The game has switched deletions off (Conversations.DeletionsAllowed)."]],
]);

const again = "Try again later.";
const exactCodes: ReadonlyMap<number, readonly [ErrorCategory, string]> = new Map([
  [6003, [other, "No conversation of the batch was deleted: see each result."]],
  [6004, [notFound, "There is no such conversation on this client: check the id and its type."]],
  [6012, [timeout, "The server did not answer in time; list the conversations to see what became of it."]],
  [6013, [notInitialized, "Initialise the core first."]],
  [6014, [notLoggedIn, "Log in first."]],
  [6015, [busy, "The same operation is in progress."]],
  [6017, [invalid, "The core refused a parameter: check the id, its prefix and its type."]],
  [6019, [storage, "The core's database failed."]],
  [6022, [storage, "The core could not read or write its files."]],
  [6027, [invalid, "The core could not read its JSON argument."]],
  [6200, [network, "There is no network."]],
  [6201, [network, "The network was lost before the answer came; list the conversations to see what became of it."]],
  [7002, [invalid, "The identifier is not valid."]],
  [7003, [invalid, "A userID is at most 32 bytes of printable ASCII."]],
  [7008, [busy, `Too many requests. ${again}`]],
  [7013, [permission, "The plan does not include this."]],
  [8501, [invalid, "A groupID is at most 48 bytes of printable ASCII."]],
  [9506, [busy, `The core takes at most 5 requests a second. ${again}`]],
  [9507, [busy, `Too many requests are under way. ${again}`]],
  [9520, [timeout, "The server did not answer in time; list the conversations to see what became of it."]],
  [9524, [timeout, "The network was lost before the answer came; list the conversations to see what became of it."]],
  [10007, [permission, "The user may not do that in this group."]],
  [10010, [notFound, "The group is gone."]],
  [10015, [invalid, "The groupID is not valid."]],
  [20018, [server, "The server could not delete the roaming messages."]],
  // Web SDK
  [2024, [notLoggedIn, "Log in first."]],
  [2500, [notFound, "The conversation is not on this client, or the server refused it."]],
  [2503, [invalid, "The conversation id is not valid."]],
  [2800, [network, "There is no network."]],
  [2801, [timeout, "The request timed out; list the conversations to see what became of it."]],
  [2805, [network, "There is no network."]],
  [
    2903,
    [other, "The SDK failed inside and does not say what it did; list the conversations to see what became of it."],
  ],
  [2996, [busy, `Too many requests. ${again}`]],
  [2999, [notLoggedIn, "The SDK is not ready: wait for its login to end."]],
  [3000, [notLoggedIn, "A login is under way: wait for it to end."]],
]);

/** Codes of a request that left the client, or may have, and was not answered: the server may have carried it out. */
const unconfirmedCodes: ReadonlySet<number> = new Set([6012, 6201, 9520, 9524, 2801, 2903]);

/** @internal What became of a conversation whose deletion ended with this error. */
export function outcomeOf(error: BridgeError): Outcome {
  switch (error.source) {
    case ErrorSource.SDK_CALLBACK:
      return unconfirmedCodes.has(error.code) ? Outcome.UNKNOWN : Outcome.FAILED;
    case ErrorSource.SDK_RETURN:
      return Outcome.FAILED;
    default:
      return Outcome.NOT_SENT;
  }
}

/** @internal The kind of trouble that a TIMErrorCode stands for, and what to do. */
export function describeErrorCode(code: number): readonly [ErrorCategory, string] {
  const exact = exactCodes.get(code);
  if (exact !== undefined) return exact;
  if (code >= 9506 && code <= 9525) return [network, `The connection failed. ${again}`];
  if (code >= 50001 && code <= 50005) return [server, `The recent-contact server failed. ${again}`];
  return [other, "See the vendor's error code page."];
}
