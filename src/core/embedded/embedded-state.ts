import type { VendorMessage } from "../../conversation/conv-info.js";
import type { TIMConvType } from "../tim-types.js";
import { idOf, readConvInfo } from "./conv-info.js";
import { conversationKey, readId } from "./conversation-id.js";
import type { StoredConversation, StoredMessage } from "./conversation-store.js";
import {
  EmbeddedDataError,
  parseJson,
  readArray,
  readBoolean,
  readExactObject,
  readInteger,
  readObject,
} from "./data-error.js";

/** The version of `EmbeddedState` that this release writes, and the only one that it reads. */
export const EMBEDDED_STATE_VERSION = 1;

/** One user's conversations on the server. */
export interface UserState {
  readonly userId: string;
  /** In the list's order. */
  readonly conversations: readonly StoredConversation[];
}

/** One group on the server. */
export interface GroupState {
  readonly groupId: string;
  /** userIDs, in the order in which they joined. */
  readonly members: readonly string[];
}

/** A deletion on another client that this one was not signed in to see. */
export interface MissedDeletion {
  readonly convId: string;
  readonly convType: TIMConvType;
  /** Whether the history was cleared. */
  readonly clearMessage: boolean;
}

/** What one client holds for one user who has signed in on it. */
export interface LocalCopyState {
  readonly userId: string;
  /** In the list's order. */
  readonly conversations: readonly StoredConversation[];
  /** Carried out when this user next signs in here. */
  readonly missedDeletions: readonly MissedDeletion[];
}

/** One client: a device, or one installation of the game on it. */
export interface ClientState {
  readonly clientId: string;
  /** Whether its core is initialised. */
  readonly initialised: boolean;
  /** The userID that is signed in; null: nobody. */
  readonly signedInAs: string | null;
  readonly copies: readonly LocalCopyState[];
}

/** The whole of an EmbeddedServer, its clients included, as plain JSON. */
export interface EmbeddedState {
  /** EMBEDDED_STATE_VERSION. */
  readonly version: number;
  /** The console's "Sync Conversation Deletion Across Clients". */
  readonly syncDeletionAcrossClients: boolean;
  /** The number that the next message gets; above all that are used. */
  readonly nextMessageSeq: number;
  readonly users: readonly UserState[];
  /** Pairs of userIDs who are friends. */
  readonly friendships: readonly (readonly [string, string])[];
  readonly groups: readonly GroupState[];
  readonly clients: readonly ClientState[];
}

/** The name of a friendship, whichever of the two is named first. */
export function friendshipKey(a: string, b: string): string {
  return JSON.stringify(a < b ? [a, b] : [b, a]);
}

/**
 * Reads a state, parsed or as JSON text. What it returns is the caller's own. Throws an EmbeddedDataError that names the
 * path of what is wrong.
 */
export function readState(value: unknown, path = "state"): EmbeddedState {
  const parsed = parseJson(value, path);
  // The version comes first: another version may have other fields, and they are not its mistake.
  const version = readObject(parsed, path)["version"];
  if (version !== EMBEDDED_STATE_VERSION) {
    throw new EmbeddedDataError(
      `${path}.version`,
      `is ${JSON.stringify(version) ?? "missing"}; this release reads version ${EMBEDDED_STATE_VERSION}`,
    );
  }
  const state = readExactObject(parsed, path, [
    "version",
    "syncDeletionAcrossClients",
    "nextMessageSeq",
    "users",
    "friendships",
    "groups",
    "clients",
  ]);
  const nextMessageSeq = readInteger(state["nextMessageSeq"], `${path}.nextMessageSeq`, 1);
  return {
    version,
    syncDeletionAcrossClients: readBoolean(state["syncDeletionAcrossClients"], `${path}.syncDeletionAcrossClients`),
    nextMessageSeq,
    users: readDistinct(
      state["users"],
      `${path}.users`,
      (user, at) => readUser(user, at, nextMessageSeq),
      (user) => user.userId,
    ),
    friendships: readDistinct(state["friendships"], `${path}.friendships`, readFriendship, ([a, b]) =>
      friendshipKey(a, b),
    ),
    groups: readDistinct(state["groups"], `${path}.groups`, readGroup, (group) => group.groupId),
    clients: readDistinct(
      state["clients"],
      `${path}.clients`,
      (client, at) => readClient(client, at, nextMessageSeq),
      (client) => client.clientId,
    ),
  };
}

function readDistinct<T>(
  value: unknown,
  path: string,
  read: (entry: unknown, at: string) => T,
  keyOf: (entry: T) => string,
): T[] {
  const seen = new Map<string, number>();
  return readArray(value, path).map((raw, index) => {
    const entry = read(raw, `${path}[${index}]`);
    const key = keyOf(entry);
    const first = seen.get(key);
    if (first !== undefined) throw new EmbeddedDataError(`${path}[${index}]`, `is the same as ${path}[${first}]`);
    seen.set(key, index);
    return entry;
  });
}

function readUser(value: unknown, path: string, nextSeq: number): UserState {
  const user = readExactObject(value, path, ["userId", "conversations"]);
  return {
    userId: readId(user["userId"], `${path}.userId`),
    conversations: readConversations(user["conversations"], `${path}.conversations`, nextSeq),
  };
}

function readConversations(value: unknown, path: string, nextSeq: number): StoredConversation[] {
  return readDistinct(
    value,
    path,
    (conversation, at) => readConversation(conversation, at, nextSeq),
    (conversation) => conversationKey(idOf(conversation.info)),
  );
}

function readConversation(value: unknown, path: string, nextSeq: number): StoredConversation {
  const conversation = readExactObject(value, path, ["info", "listed", "history"]);
  let newest = 0;
  return {
    info: readConvInfo(conversation["info"], `${path}.info`),
    listed: readBoolean(conversation["listed"], `${path}.listed`),
    history: readArray(conversation["history"], `${path}.history`).map((raw, index): StoredMessage => {
      const at = `${path}.history[${index}]`;
      const stored = readExactObject(raw, at, ["seq", "message"]);
      const seq = readInteger(stored["seq"], `${at}.seq`, 1);
      if (seq <= newest) throw new EmbeddedDataError(`${at}.seq`, `is ${seq}, not above ${newest} before it`);
      if (seq >= nextSeq) {
        throw new EmbeddedDataError(`${at}.seq`, `is ${seq}, not below the state's nextMessageSeq, ${nextSeq}`);
      }
      newest = seq;
      return { seq, message: readObject(stored["message"], `${at}.message`) as VendorMessage };
    }),
  };
}

function readFriendship(value: unknown, path: string): readonly [string, string] {
  const pair = readArray(value, path);
  if (pair.length !== 2) throw new EmbeddedDataError(path, `has ${pair.length} entries; two userIDs were expected`);
  const a = readId(pair[0], `${path}[0]`);
  const b = readId(pair[1], `${path}[1]`);
  if (a === b) throw new EmbeddedDataError(`${path}[1]`, "is the same user as the first");
  return [a, b];
}

function readGroup(value: unknown, path: string): GroupState {
  const group = readExactObject(value, path, ["groupId", "members"]);
  return {
    groupId: readId(group["groupId"], `${path}.groupId`),
    members: readDistinct(group["members"], `${path}.members`, readId, (member) => member),
  };
}

function readClient(value: unknown, path: string, nextSeq: number): ClientState {
  const client = readExactObject(value, path, ["clientId", "initialised", "signedInAs", "copies"]);
  const initialised = readBoolean(client["initialised"], `${path}.initialised`);
  const signedInAs = client["signedInAs"] === null ? null : readId(client["signedInAs"], `${path}.signedInAs`);
  const copies = readDistinct(
    client["copies"],
    `${path}.copies`,
    (copy, at) => readCopy(copy, at, nextSeq),
    (copy) => copy.userId,
  );
  if (signedInAs !== null && !initialised) {
    throw new EmbeddedDataError(`${path}.signedInAs`, "names a user although the client is not initialised");
  }
  if (signedInAs !== null && !copies.some((copy) => copy.userId === signedInAs)) {
    throw new EmbeddedDataError(`${path}.signedInAs`, "names a user of whom the client has no copy in `copies`");
  }
  return { clientId: readId(client["clientId"], `${path}.clientId`), initialised, signedInAs, copies };
}

function readCopy(value: unknown, path: string, nextSeq: number): LocalCopyState {
  const copy = readExactObject(value, path, ["userId", "conversations", "missedDeletions"]);
  return {
    userId: readId(copy["userId"], `${path}.userId`),
    conversations: readConversations(copy["conversations"], `${path}.conversations`, nextSeq),
    missedDeletions: readDistinct(
      copy["missedDeletions"],
      `${path}.missedDeletions`,
      readMissedDeletion,
      conversationKey,
    ),
  };
}

function readMissedDeletion(value: unknown, path: string): MissedDeletion {
  const missed = readExactObject(value, path, ["convId", "convType", "clearMessage"]);
  const convType = readInteger(missed["convType"], `${path}.convType`, 1);
  if (convType > 2)
    throw new EmbeddedDataError(`${path}.convType`, `is ${convType}; 1 (C2C) or 2 (group) was expected`);
  return {
    convId: readId(missed["convId"], `${path}.convId`),
    convType,
    clearMessage: readBoolean(missed["clearMessage"], `${path}.clearMessage`),
  };
}
