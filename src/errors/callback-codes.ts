import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import { ErrorCategory } from "../protocol/gen/chatbridge/v1/error.js";

/** What a callback's code says. Codes: TIMErrorCode.h of the vendor's 8.0 headers, and the Web SDK's. */
export interface CodeMeaning {
  readonly category: ErrorCategory;
  /** What is wrong and what to do. */
  readonly hint: string;
  /** What becomes of a deletion that ends with it: FAILED only where it says that the deletion was not carried out. */
  readonly outcome: Outcome.FAILED | Outcome.UNKNOWN;
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
  STORAGE: storage,
  SERVER: server,
  OTHER: other,
} = ErrorCategory;

/** It was refused, or never left the client. */
const refused = (category: ErrorCategory, hint: string): CodeMeaning => ({ category, hint, outcome: Outcome.FAILED });
/** The request left the client, or may have, or was carried out in part. */
const unclear = (category: ErrorCategory, hint: string): CodeMeaning => ({ category, hint, outcome: Outcome.UNKNOWN });

const again = "Try again later.";
const newSig = "The UserSig has expired: get a new one from your server and log in with it.";
const badSig =
  "The UserSig does not fit this user and app: make it on your server, with this userID, this SDKAppID and this app's key.";
const broken = unclear(network, "The connection broke.");
const noConnection = refused(network, `There is no connection to the server. ${again}`);
const internal = unclear(other, "The core failed inside: see the vendor's error code page.");
const serverFailed = unclear(server, "The server failed.");
const noAnswer = unclear(timeout, "The server did not answer in time.");

const meanings: ReadonlyMap<number, CodeMeaning> = new Map([
  [6001, internal],
  [6002, refused(other, "The core could not make the request: see the vendor's error code page.")],
  [6003, refused(other, "No conversation of the batch was deleted: see each result.")],
  [6004, refused(notFound, "There is no such conversation on this client: check the id and its type.")],
  [6012, noAnswer],
  [6013, refused(notInitialized, "Initialise the core first.")],
  [6014, refused(notLoggedIn, "Log in first.")],
  [6015, refused(busy, "The same operation is in progress.")],
  [6017, refused(invalid, "The core refused a parameter: check the id, its prefix and its type.")],
  [6019, unclear(storage, "The core's database failed.")],
  [6022, unclear(storage, "The core could not read or write its files.")],
  [6026, refused(notLoggedIn, "Log in first.")],
  [6027, refused(invalid, "The core could not read its JSON argument.")],
  [6200, refused(network, "There is no network.")],
  [6201, unclear(network, "The network was lost before the answer came.")],
  [6206, refused(permission, newSig)],
  [6208, unclear(notLoggedIn, "This account has signed in elsewhere, and was signed out here: log in again.")],
  [7002, refused(invalid, "The identifier is not valid.")],
  [7003, refused(invalid, "A userID is at most 32 bytes of printable ASCII.")],
  [7008, refused(busy, `Too many requests. ${again}`)],
  [7009, internal],
  [7013, refused(permission, "The plan does not include this.")],
  [7501, refused(busy, "A login is under way: wait for it to end.")],
  [7502, refused(busy, "A logout is under way: wait for it to end.")],
  [8501, refused(invalid, "A groupID is at most 48 bytes of printable ASCII.")],
  [9501, refused(other, "The core could not encrypt the request: see the vendor's error code page.")],
  [9502, internal],
  [9503, refused(notLoggedIn, "The login has not ended: wait for it.")],
  [9504, refused(other, "The core could not compress the request: see the vendor's error code page.")],
  [9505, internal],
  [9506, refused(busy, `The core takes at most 5 requests a second. ${again}`)],
  [9507, refused(busy, `Too many requests are under way. ${again}`)],
  [9508, broken],
  [9509, broken],
  [9510, noConnection],
  [9511, noConnection],
  [9512, noConnection],
  [9513, noConnection],
  [9514, broken],
  [9515, broken],
  [9516, noConnection],
  [9517, broken],
  [9518, noConnection],
  [9519, noConnection],
  [9520, noAnswer],
  [9521, broken],
  [9522, refused(invalid, "The request is larger than the core sends.")],
  [9523, noConnection],
  [9524, unclear(timeout, "The network was lost before the answer came.")],
  [9525, broken],
  [10007, refused(permission, "The user may not do that in this group.")],
  [10010, refused(notFound, "The group is gone.")],
  [10015, refused(invalid, "The groupID is not valid.")],
  [20004, serverFailed],
  [20018, unclear(server, "The server could not delete the roaming messages.")],
  [50001, refused(notFound, "The server knows no such account.")],
  [50002, refused(invalid, "The server refused a parameter: check the id, its prefix and its type.")],
  [50003, refused(permission, "Only an administrator of the app may do that.")],
  [50004, serverFailed],
  [50005, noAnswer],
  [60008, noAnswer],
  [70001, refused(permission, newSig)],
  [70002, refused(invalid, "The UserSig is empty.")],
  [70003, refused(permission, badSig)],
  [70005, refused(permission, badSig)],
  [70009, refused(permission, badSig)],
  [70013, refused(permission, badSig)],
  [70014, refused(permission, badSig)],
  [70016, refused(permission, badSig)],
  [70020, refused(permission, "There is no app of this SDKAppID: see the console.")],
  [70050, refused(busy, `Too many logins failed. ${again}`)],
  [70051, refused(permission, "This account is on the app's blocklist.")],
  [70052, refused(permission, newSig)],
  [70398, refused(permission, "The plan takes no more accounts: see the console.")],
  [70402, refused(invalid, "The server refused a parameter: check the userID.")],
  [70500, serverFailed],
  // Web SDK
  [2024, refused(notLoggedIn, "Log in first.")],
  [2500, refused(notFound, "The conversation is not on this client, or the server refused it.")],
  [2503, refused(invalid, "The conversation id is not valid.")],
  [2800, refused(network, "There is no network.")],
  [2801, unclear(timeout, "The request timed out.")],
  [2805, refused(network, "There is no network.")],
  [2903, unclear(other, "The SDK failed inside and does not say what it did.")],
  [2996, refused(busy, `Too many requests. ${again}`)],
  [2999, refused(notLoggedIn, "The SDK is not ready: wait for its login to end.")],
  [3000, refused(notLoggedIn, "A login is under way: wait for it to end.")],
]);

/** A code that is not in the table proves nothing. */
const unknownCode = unclear(other, "See the vendor's error code page.");

/** @internal What a callback's code says, where this release knows it. */
export function knownMeaning(code: number): CodeMeaning | undefined {
  return meanings.get(code);
}

/** @internal What a callback's code says. */
export function meaningOf(code: number): CodeMeaning {
  return meanings.get(code) ?? unknownCode;
}
