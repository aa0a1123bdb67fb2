// The chat list at work: the model, carried out by a bridge. Runs on every core, in PuerTS, in a browser and in a test.
import { type Bridge, type Conversation, Outcome, type Unsubscribe } from "tim-chatbridge";
import { ChatListModel, type Choice } from "./chat-list-model.js";

/** A chat list whose rows follow a bridge. */
export class ChatList {
  readonly model: ChatListModel;
  readonly #bridge: Bridge;
  readonly #subscriptions: readonly Unsubscribe[];

  constructor(bridge: Bridge, changed: () => void = () => {}) {
    this.#bridge = bridge;
    this.model = new ChatListModel(changed);
    this.#subscriptions = [
      // A message brings a row: a new one, or one that was deleted, with what history was kept.
      bridge.onConversationAdded(({ conversations }) => this.#show(conversations)),
      bridge.onConversationUpdated(({ conversations }) => this.#show(conversations)),
      // Events were lost: this is the whole list.
      bridge.onConversationListReset(({ conversations }) => this.#showAll(conversations)),
      // Whoever deleted them, on this client or another.
      bridge.onConversationDeleted(({ conversations }) => this.model.remove(conversations)),
      // Whoever asked for it: the C# chat list beside this one, perhaps.
      bridge.onDeleteCompleted(({ results }) => {
        this.model.ended(results);
        // The list says what became of them; where it cannot be had, the rows go on saying that nobody knows.
        if (results.some(({ outcome }) => outcome === Outcome.UNKNOWN)) this.refresh().catch(() => {});
      }),
      bridge.onLateResult(({ results }) => this.model.ended(results)),
    ];
  }

  /**
   * Lists what is there now. Call it at the start and after a login; from there on the core's events do. Rejects with a
   * BridgeError where there is no list to be had; the rows stay as they are then.
   */
  async refresh(): Promise<void> {
    this.#showAll(await this.#bridge.getConversationList());
  }

  /** A button of the confirmation: carries out what the player decided. Never rejects: rows say what went wrong. */
  async answer(choice: Choice): Promise<void> {
    const order = this.model.answer(choice);
    if (order === undefined) return;
    const { conversations, clearMessage } = order;
    try {
      // Any number of them, in batches and no faster than the core allows. Each batch's end is an onDeleteCompleted; what
      // was never handed to the core is told here alone.
      this.model.ended(await this.#bridge.deleteConversationList(conversations, { clearMessage }));
    } catch (error) {
      this.model.refused(conversations, error instanceof Error ? error.message : String(error));
    }
  }

  /** Stops listening. */
  dispose(): void {
    for (const stop of this.#subscriptions) stop();
  }

  #show(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) this.model.show(conversation.key, titleOf(conversation));
  }

  #showAll(conversations: readonly Conversation[]): void {
    this.model.showAll(conversations.map((one) => ({ conversation: one.key, title: titleOf(one) })));
  }
}

function titleOf({ info }: Conversation): string {
  const name = info["conv_show_name"];
  return typeof name === "string" && name !== "" ? name : info.conv_id;
}
