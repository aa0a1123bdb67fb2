// What the chat list shows and what may be pressed: no engine, no bridge, no plugin. ChatListModel.cs is the same in C#.
import { type ConversationKey, type DeleteResult, Outcome, toConvID } from "tim-chatbridge";

/** One row of the list. */
export interface ChatRow {
  readonly conversation: ConversationKey;
  readonly title: string;
  readonly selected: boolean;
  /** Its deletion is under way: it cannot be selected, and stays until the core says that it is gone. */
  readonly deleting: boolean;
  /** Why its deletion did not happen; "" where there is nothing to say. */
  readonly note: string;
}

/** What the player is asked before anything is deleted. */
export interface Confirmation {
  readonly conversations: readonly ConversationKey[];
  readonly question: string;
  readonly warning: string;
}

/** The buttons of the confirmation. */
export type Choice = "delete history" | "keep history" | "cancel";

/** What is to be carried out once the player has confirmed. */
export interface Order {
  readonly conversations: readonly ConversationKey[];
  readonly clearMessage: boolean;
}

/** What must be understood before the button is pressed: a deletion cannot be undone. */
export const warning =
  "Their messages will be gone for good, here and on the server. To take them off the list only, keep the history.";

/** The rows, the selection and the open question of a chat list. */
export class ChatListModel {
  readonly #changed: () => void;
  readonly #rows = new Map<string, ChatRow>();
  #confirmation: Confirmation | undefined;

  /** `changed` is called whenever there is something new to draw. */
  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  /** In the order in which they came. */
  get rows(): readonly ChatRow[] {
    return [...this.#rows.values()];
  }

  /** What the player is being asked; undefined while nothing is. */
  get confirmation(): Confirmation | undefined {
    return this.#confirmation;
  }

  /** Adds a row, or gives the one that is there its new title. */
  show(conversation: ConversationKey, title: string): void {
    const before = this.#rows.get(toConvID(conversation));
    this.#put({ selected: false, deleting: false, note: "", ...before, conversation, title });
    this.#changed();
  }

  /** Exactly these are there now: rows that are not among them go. */
  showAll(conversations: readonly { readonly conversation: ConversationKey; readonly title: string }[]): void {
    const listed = new Set(conversations.map(({ conversation }) => toConvID(conversation)));
    this.remove(this.rows.map((row) => row.conversation).filter((key) => !listed.has(toConvID(key))));
    for (const { conversation, title } of conversations) this.show(conversation, title);
  }

  /** The rows of these conversations go, and so does a question that is about no other. */
  remove(conversations: readonly ConversationKey[]): void {
    for (const conversation of conversations) this.#rows.delete(toConvID(conversation));
    const asked = this.#confirmation?.conversations.filter((key) => this.#rows.has(toConvID(key)));
    if (asked !== undefined) this.#confirmation = confirmationOf(asked);
    this.#changed();
  }

  /** A press on a row: selects it, or no longer. */
  toggle(conversation: ConversationKey): void {
    const row = this.#rows.get(toConvID(conversation));
    if (row === undefined || row.deleting || this.#confirmation !== undefined) return;
    this.#put({ ...row, selected: !row.selected, note: "" });
    this.#changed();
  }

  /** The delete button: asks about what is selected. Nothing is deleted yet. */
  askToDelete(): void {
    if (this.#confirmation !== undefined) return;
    this.#confirmation = confirmationOf(this.rows.filter((row) => row.selected).map((row) => row.conversation));
    this.#changed();
  }

  /** A button of the confirmation. Returns what is to be carried out: undefined where the player thought better of it. */
  answer(choice: Choice): Order | undefined {
    const asked = this.#confirmation;
    this.#confirmation = undefined;
    if (asked === undefined || choice === "cancel") {
      this.#changed();
      return undefined;
    }
    for (const conversation of asked.conversations) {
      this.#update(conversation, { selected: false, deleting: true, note: "" });
    }
    this.#changed();
    return { conversations: asked.conversations, clearMessage: choice === "delete history" };
  }

  /** How a deletion ended. The rows of what is gone go with the core's event; this says why the others stay. */
  ended(results: readonly DeleteResult[]): void {
    for (const { conversation, outcome, error } of results) {
      this.#update(conversation, { deleting: false, note: noteOf(outcome, error?.message) });
    }
    this.remove(results.filter(({ outcome }) => outcome === Outcome.DELETED).map(({ conversation }) => conversation));
  }

  /** None of these was accepted for deletion. */
  refused(conversations: readonly ConversationKey[], why: string): void {
    for (const conversation of conversations) {
      this.#update(conversation, { deleting: false, note: noteOf(Outcome.NOT_SENT, why) });
    }
    this.#changed();
  }

  #put(row: ChatRow): void {
    this.#rows.set(toConvID(row.conversation), row);
  }

  #update(conversation: ConversationKey, change: Partial<ChatRow>): void {
    const row = this.#rows.get(toConvID(conversation));
    if (row !== undefined) this.#put({ ...row, ...change });
  }
}

function confirmationOf(conversations: readonly ConversationKey[]): Confirmation | undefined {
  if (conversations.length === 0) return undefined;
  const what = conversations.length === 1 ? "this conversation" : `these ${conversations.length} conversations`;
  return { conversations, question: `Delete ${what}?`, warning };
}

function noteOf(outcome: Outcome, why = ""): string {
  switch (outcome) {
    case Outcome.DELETED:
      return "";
    case Outcome.UNKNOWN:
      return `Perhaps deleted: the core has not answered. ${why}`.trim();
    default:
      return `Not deleted. ${why}`.trim();
  }
}
