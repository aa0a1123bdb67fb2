import type { Conversation } from "../conversation/conv-info.js";
import type { ConversationKey } from "../conversation/conversation-key.js";
import type { PluginPort } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import {
  type DeleteCompleted as DeleteCompletedMessage,
  ListSyncState,
} from "../protocol/gen/chatbridge/v1/conversation.js";
import type { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import { type Notice, ToPlugin } from "../protocol/gen/chatbridge/v1/envelope.js";
import { clipped } from "../protocol/text-codec.js";
import { thrownWords } from "../protocol/thrown.js";
import { majorOf } from "../protocol/version.js";
import type { ConnectionChanged } from "./core-events.js";
import { completedMessage, type DeleteCompleted, type DeleteResult, keyMessage, resultMessage } from "./deletion.js";
import { infoMessage } from "./info-message.js";

/** Conversations that one notice names at most, so that its frame stays well under what the plugin takes. */
const conversationsPerNotice = 1000;
/** The same, of conversations with what a list shows of them. */
const infosPerNotice = 250;

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
    // A hundred wordy answers can be more than a frame takes: what became of them matters, the words do not.
    const taken = this.#tryPublish({ message: { $case: "deleteCompleted", value: completedMessage(completion) } });
    if (taken !== TIMResult.BRIDGE_ERR_TOO_LARGE) this.#check(taken, "deleteCompleted");
    else this.#publish({ message: { $case: "deleteCompleted", value: withoutWords(completedMessage(completion)) } });
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

  conversationsAdded(conversations: readonly Conversation[]): void {
    if (this.#plugin === undefined) return;
    this.#publish({
      message: { $case: "conversationsAdded", value: { conversations: conversations.map(infoMessage) } },
    });
  }

  conversationsUpdated(conversations: readonly Conversation[]): void {
    if (this.#plugin === undefined) return;
    this.#publish({
      message: { $case: "conversationsUpdated", value: { conversations: conversations.map(infoMessage) } },
    });
  }

  listSync(state: "started" | "finished"): void {
    const value = { state: state === "started" ? ListSyncState.STARTED : ListSyncState.FINISHED };
    this.#publish({ message: { $case: "conversationListSync", value } });
  }

  /** In as many notices as it takes. An empty list takes one. */
  listReset(conversations: readonly Conversation[]): void {
    if (this.#plugin === undefined) return;
    const parts = conversations.length === 0 ? [[]] : infoParts(conversations);
    parts.forEach((part, index) => {
      const value = { conversations: part.map(infoMessage), more: index < parts.length - 1 };
      this.#publish({ message: { $case: "conversationListReset", value } });
    });
  }

  sessionChanged(kind: SessionEventKind): void {
    this.#publish({ message: { $case: "sessionChanged", value: { kind } } });
  }

  connectionChanged({ status, code, desc }: ConnectionChanged): void {
    this.#publish({ message: { $case: "connectionChanged", value: { status, code, desc: clipped(desc) } } });
  }

  /** The game's other code owns the session. */
  attach(): void {
    const code = this.#send({ $case: "attach", value: {} });
    if (code !== undefined && !quietCodes.has(code)) this.#failed(`the plugin does not know of attach (${code})`);
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
    this.#check(this.#tryPublish(notice), notice.message?.$case ?? "nothing");
  }

  #tryPublish(notice: Notice): number | undefined {
    return this.#send({ $case: "publish", value: notice });
  }

  #check(code: number | undefined, what: string): void {
    if (code === undefined || quietCodes.has(code)) return;
    this.#failed(`C# could not be told (${code}): ${what}`);
  }

  /** Never throws: what C# cannot be told, script's callback and listeners hear all the same. Undefined: it failed. */
  #send(body: NonNullable<ToPlugin["body"]>): number | undefined {
    const plugin = this.#plugin;
    if (plugin === undefined) return 0;
    try {
      return plugin.send(ToPlugin.encode({ version: majorOf(plugin.protocol), body }).finish());
    } catch (error) {
      this.#failed(`a message for C# could not be sent: ${thrownWords(error)}`);
      return undefined;
    }
  }
}

function withoutWords({ results, ...completed }: DeleteCompletedMessage): DeleteCompletedMessage {
  const wordless = results.map(({ error, ...result }) => ({
    ...result,
    error: error === undefined ? undefined : { ...error, message: "" },
  }));
  return { ...completed, results: wordless, desc: "" };
}

/** @internal Splits a long list so that each part fits one notice. */
export function infoParts(conversations: readonly Conversation[]): readonly (readonly Conversation[])[] {
  return parts(conversations, infosPerNotice);
}

/** @internal Splits a long list of conversations so that each part fits one notice. */
export function noticeParts(conversations: readonly ConversationKey[]): readonly (readonly ConversationKey[])[] {
  return parts(conversations, conversationsPerNotice);
}

function parts<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const made: T[][] = [];
  for (let at = 0; at < list.length; at += size) made.push(list.slice(at, at + size));
  return made;
}
