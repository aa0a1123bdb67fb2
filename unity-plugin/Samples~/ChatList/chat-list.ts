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
   * Lists what is there now. Call it at the start, and when the game hears of a message: that brings a row back. Rejects
   * with a BridgeError where there is no list to be had; the rows stay as they are then.
   */
  async refresh(): Promise<void> {
    const conversations = await this.#bridge.getConversationList();
    this.model.showAll(conversations.map((one) => ({ conversation: one.key, title: titleOf(one) })));
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
}

function titleOf({ info }: Conversation): string {
  const name = info["conv_show_name"];
  return typeof name === "string" && name !== "" ? name : info.conv_id;
}
