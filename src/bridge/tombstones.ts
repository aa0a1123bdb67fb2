import type { Conversation, ConvInfo } from "../conversation/conv-info.js";
import { keyString } from "../conversation/conversation-key.js";

/** When something last happened in a conversation, as the core tells it. */
interface Activity {
  /** Seconds since 1970. */
  readonly time: number;
  /** The last message's id, where it is known: several messages can fall into one second. */
  readonly message?: string;
}

/** Conversations that are remembered, at most: beyond, the oldest is forgotten. */
const defaultLimit = 10_000;

/**
 * Invariant 9: conversations that the core said are gone. An Update that comes after the Del would bring a ghost back to
 * the list, so it is held against what was known of the conversation when it was deleted.
 *
 * New activity is a last message later than that: `message_server_time` of `conv_last_msg`, or, where the ConvInfo has none,
 * `conv_active_time`; in the same second, a message of another id. Where nothing was known of the conversation, the
 * device's clock at the Del stands in.
 */
export class Tombstones {
  readonly #graves = new Map<string, Activity>();
  readonly #lastSeen = new Map<string, Activity>();
  readonly #limit: number;
  readonly #now: () => number;

  /** `now` is in milliseconds since 1970. */
  constructor(now: () => number = Date.now, limit = defaultLimit) {
    this.#now = now;
    this.#limit = limit;
  }

  get size(): number {
    return this.#graves.size;
  }

  /** The core says that it is gone. */
  bury({ key, info }: Conversation): void {
    const id = keyString(key);
    const known = [activityOf(info), this.#lastSeen.get(id), this.#graves.get(id)].filter((each) => each !== undefined);
    const latest = known.reduce<Activity | undefined>(
      (a, b) => (a !== undefined && a.time >= b.time ? a : b),
      undefined,
    );
    this.#lastSeen.delete(id);
    remember(this.#graves, id, latest ?? { time: Math.floor(this.#now() / 1000) }, this.#limit);
  }

  /** The core says that it is new, or back. */
  raise({ key, info }: Conversation): void {
    this.#graves.delete(keyString(key));
    this.see({ key, info });
  }

  /** Whether what the core says of it is of before its deletion. Something new in it raises it. */
  isGhost(conversation: Conversation): boolean {
    const grave = this.#graves.get(keyString(conversation.key));
    const activity = activityOf(conversation.info);
    if (grave !== undefined && (activity === undefined || !isNewer(activity, grave))) return true;
    this.raise(conversation);
    return false;
  }

  /** Whether a list that the core gave after the deletion names it all the same, with nothing new in it. One that cannot be told is there. */
  isGhostInList(conversation: Conversation): boolean {
    if (activityOf(conversation.info) !== undefined) return this.isGhost(conversation);
    this.raise(conversation);
    return false;
  }

  /** Keeps what is known of a conversation, for the day that it is deleted. */
  see({ key, info }: Conversation): void {
    const activity = activityOf(info);
    if (activity !== undefined) remember(this.#lastSeen, keyString(key), activity, this.#limit);
  }
}

function isNewer(activity: Activity, grave: Activity): boolean {
  if (activity.time !== grave.time) return activity.time > grave.time;
  return grave.message !== undefined && activity.message !== undefined && activity.message !== grave.message;
}

function activityOf(info: ConvInfo): Activity | undefined {
  const message = info.conv_is_has_lastmsg === false ? undefined : info.conv_last_msg;
  const sent = message?.message_server_time;
  if (isTime(sent)) {
    const id: unknown = message?.message_msg_id;
    return typeof id === "string" && id !== "" ? { time: sent, message: id } : { time: sent };
  }
  const active: unknown = info.conv_active_time;
  return isTime(active) ? { time: active } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}

/** Puts it behind all others, and forgets the oldest beyond the limit. */
function remember(map: Map<string, Activity>, id: string, activity: Activity, limit: number): void {
  map.delete(id);
  map.set(id, activity);
  if (map.size <= limit) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
