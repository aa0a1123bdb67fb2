import { systemConversationID } from "../conversation/conversation-key.js";
import { decodeUtf8, encodeUtf8, TextCodecError } from "../protocol/text-codec.js";

/** What an id names, as far as it can be told. */
export type IdKind = "user" | "group" | "id";

/** The notations that name their kind. */
const prefixes: readonly (readonly [string, IdKind])[] = [
  ["c2c_", "user"],
  ["group_", "group"],
  ["C2C", "user"],
  ["GROUP", "group"],
];

const pseudonym = /^(?:user|group|id)#[1-9][0-9]*$/;

/** Ids are remembered up to this many characters; then those not met for longest are forgotten. */
const rememberedCharacters = 1 << 18;

/**
 * Gives each id a name that says nothing of it (`user#1`), and the same id the same name. A number is never given twice:
 * an id that was forgotten meanwhile gets a new one.
 */
export class Pseudonyms {
  readonly #keepPseudonyms: boolean;
  readonly #names = new Map<string, string>();
  readonly #given: Record<IdKind, number> = { user: 0, group: 0, id: 0 };
  #characters = 0;

  /** `keepPseudonyms`: what has the form of a pseudonym is one already. */
  constructor(keepPseudonyms = false) {
    this.#keepPseudonyms = keepPseudonyms;
  }

  /** For a bare id of a known kind. An empty one hides nothing, and the system conversation is nobody's. */
  ofBare(kind: IdKind, id: string): string {
    if (id === "" || id === systemConversationID || (this.#keepPseudonyms && pseudonym.test(id))) return id;
    const key = `${kind}:${id}`;
    const known = this.#names.get(key);
    const name = known ?? `${kind}#${++this.#given[kind]}`;
    if (known === undefined) this.#characters += key.length;
    // Put behind all others: it was met last.
    else this.#names.delete(key);
    this.#names.set(key, name);
    this.#forget();
    return name;
  }

  /** For an id in a notation that names its kind, which stays. */
  ofPrefixed(id: string): string {
    const [prefix, kind] = prefixes.find(([text]) => id.startsWith(text)) ?? ["", "id"];
    return prefix + this.ofBare(kind, id.slice(prefix.length));
  }

  ofBareBytes(kind: IdKind, id: Uint8Array): Uint8Array {
    return encodeUtf8(this.ofBare(kind, readable(id)));
  }

  ofPrefixedBytes(id: Uint8Array): Uint8Array {
    return encodeUtf8(this.ofPrefixed(readable(id)));
  }

  #forget(): void {
    for (const key of this.#names.keys()) {
      if (this.#characters <= rememberedCharacters) return;
      this.#characters -= key.length;
      this.#names.delete(key);
    }
  }
}

/** The id's text; for bytes that are no text, something that no text is. */
function readable(id: Uint8Array): string {
  try {
    return decodeUtf8(id);
  } catch (error) {
    if (error instanceof TextCodecError) return `\uD800${Array.from(id, (byte) => String.fromCharCode(byte)).join("")}`;
    throw error;
  }
}
