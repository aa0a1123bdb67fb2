import { ErrorCategory } from "../protocol/gen/chatbridge/v1/error.js";

const {
  INVALID_ARGUMENT: invalid,
  NOT_INITIALIZED: notInitialized,
  NOT_LOGGED_IN: notLoggedIn,
  NOT_FOUND: notFound,
  PERMISSION: permission,
  NETWORK: network,
  TIMEOUT: timeout,
  BUSY: busy,
  STORAGE: storage,
  SERVER: server,
  OTHER: other,
} = ErrorCategory;

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

/** @internal The kind of trouble that a TIMErrorCode stands for, and what to do. Codes: TIMErrorCode.h of the vendor's 8.0 headers. */
export function describeErrorCode(code: number): readonly [ErrorCategory, string] {
  const exact = exactCodes.get(code);
  if (exact !== undefined) return exact;
  if (code >= 9506 && code <= 9525) return [network, `The connection failed. ${again}`];
  if (code >= 50001 && code <= 50005) return [server, `The recent-contact server failed. ${again}`];
  return [other, "See the vendor's error code page."];
}
