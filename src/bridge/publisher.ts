import type { ConversationKey } from "../conversation/conversation-key.js";
import type { PluginPort } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import { type Notice, ToPlugin } from "../protocol/gen/chatbridge/v1/envelope.js";
import { protocolMajor } from "../protocol/version.js";
import { completedMessage, type DeleteCompleted, type DeleteResult, keyMessage, resultMessage } from "./deletion.js";

/** Conversations that one notice names at most, so that its frame stays well under what the plugin takes. */
const conversationsPerNotice = 1000;

/** Taken; or the session has ended and there is nobody to tell: C# settled its own calls when it ended. */
const quietCodes: ReadonlySet<number> = new Set([0, TIMResult.BRIDGE_ERR_REPLACED, TIMResult.BRIDGE_ERR_CLOSED]);

/** Tells C#'s listeners what script's listeners hear, in the same order, and the plugin what its ledger needs. */
export class Publisher {
  readonly #plugin: PluginPort | undefined;
  readonly #failed: (what: string) => void;

  constructor(plugin: PluginPort | undefined, failed: (what: string) => void) {
    this.#plugin = plugin;
    this.#failed = failed;
  }

  deleteCompleted(completion: DeleteCompleted): void {
    if (this.#plugin === undefined) return;
    this.#publish({ message: { $case: "deleteCompleted", value: completedMessage(completion) } });
  }

  conversationsDeleted(conversations: readonly ConversationKey[]): void {
    if (this.#plugin === undefined) return;
    this.#publish({
      message: { $case: "conversationsDeleted", value: { conversations: conversations.map(keyMessage) } },
    });
  }

  lateResult(requestId: number, results: readonly DeleteResult[]): void {
    if (this.#plugin === undefined) return;
    this.#publish({ message: { $case: "lateResult", value: { requestId, results: results.map(resultMessage) } } });
  }

  /** Asks the plugin's ledger for leave to carry out a C# request on a core that lives in script. 0, or why not. */
  claim(requestId: number): number {
    return this.#send({ $case: "claim", value: { requestId } }) ?? TIMResult.BRIDGE_ERR_CLOSED;
  }

  /** A core that lives in script began another login epoch. */
  epochRaised(epoch: number): void {
    this.#send({ $case: "epochRaised", value: { epoch } });
  }

  #publish(notice: Notice): void {
    const code = this.#send({ $case: "publish", value: notice });
    if (code === undefined || quietCodes.has(code)) return;
    this.#failed(`C# could not be told (${code}): ${notice.message?.$case ?? "nothing"}`);
  }

  /** Never throws: what C# cannot be told, script's callback and listeners hear all the same. Undefined: it failed. */
  #send(body: NonNullable<ToPlugin["body"]>): number | undefined {
    try {
      return this.#plugin?.send(ToPlugin.encode({ version: protocolMajor, body }).finish()) ?? 0;
    } catch (error) {
      this.#failed(`a message for C# could not be sent: ${String(error)}`);
      return undefined;
    }
  }
}

/** @internal Splits a long list of conversations so that each part fits one notice. */
export function noticeParts(conversations: readonly ConversationKey[]): readonly (readonly ConversationKey[])[] {
  const parts: ConversationKey[][] = [];
  for (let at = 0; at < conversations.length; at += conversationsPerNotice) {
    parts.push(conversations.slice(at, at + conversationsPerNotice));
  }
  return parts;
}
