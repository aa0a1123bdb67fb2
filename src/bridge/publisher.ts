import type { Conversation } from "../conversation/conv-info.js";
import type { ConversationKey } from "../conversation/conversation-key.js";
import type { PluginPort } from "../core/core-sdk.js";
import { TIMResult } from "../core/tim-types.js";
import { bridgeError, ErrorCategory } from "../errors/bridge-error.js";
import {
  type DeleteCompleted as DeleteCompletedMessage,
  ListSyncState,
  Outcome,
  type Result,
} from "../protocol/gen/chatbridge/v1/conversation.js";
import type { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import { type Notice, ToPlugin } from "../protocol/gen/chatbridge/v1/envelope.js";
import { clipped } from "../protocol/text-codec.js";
import { thrownWords } from "../protocol/thrown.js";
import { majorOf } from "../protocol/version.js";
import type { ConnectionChanged } from "./core-events.js";
import type { DeleteCompleted, DeleteResult } from "./deletion.js";
import { completedMessage, keyMessage, resultMessage } from "./deletion-messages.js";
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

  /** Whatever fails: a request of C#'s must not wait for ever. What cannot be told as it is, is told as unknown. */
  deleteCompleted(completion: DeleteCompleted): void {
    if (this.#plugin === undefined) return;
    const notice = (value: DeleteCompletedMessage): Notice => ({ message: { $case: "deleteCompleted", value } });
    const told = this.#tryWithFewerWords(
      () => notice(completedMessage(completion)),
      () => {
        const message = completedMessage(completion);
        return notice({ ...message, results: message.results.map(withoutWords), desc: "" });
      },
    );
    if (this.#check(told, "deleteCompleted")) return;
    this.#tryPublish(() => notice(completedMessage(untold(completion))));
  }

  conversationsDeleted(conversations: readonly ConversationKey[]): void {
    if (this.#plugin === undefined) return;
    this.#publish({
      message: { $case: "conversationsDeleted", value: { conversations: conversations.map(keyMessage) } },
    });
  }

  lateResult(requestId: number, results: readonly DeleteResult[]): void {
    if (this.#plugin === undefined) return;
    const notice = (its: Result[]): Notice => ({
      message: { $case: "lateResult", value: { requestId, results: its } },
    });
    const told = this.#tryWithFewerWords(
      () => notice(results.map(resultMessage)),
      () => notice(results.map(resultMessage).map(withoutWords)),
    );
    this.#check(told, "lateResult");
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
    this.#check(
      this.#send(() => ({ $case: "attach", value: {} })),
      "attach",
    );
  }

  /**
   * Why the game's C# lets script delete nothing on a core that lives in script: its veto (C#: Conversations.DeletionsAllowed), or it
   * is changing the user (C#: CoreSession.BeginUserChange). A plugin that is there no more, or cannot be asked, forbids nothing.
   */
  whyNotDelete(): TIMResult | undefined {
    const code = this.#send(() => ({ $case: "claim", value: { requestId: 0 } }));
    return code === TIMResult.BRIDGE_ERR_VETOED || code === TIMResult.BRIDGE_ERR_USER_CHANGING ? code : undefined;
  }

  /** Asks the plugin's ledger for leave to carry out a C# request on a core that lives in script. 0, or why not. */
  claim(requestId: number): number {
    const code = this.#send(() => ({ $case: "claim", value: { requestId } }));
    if (typeof code === "number") return code;
    this.#failed(code);
    return TIMResult.BRIDGE_ERR_CLOSED;
  }

  /** A core that lives in script began another login epoch. */
  epochRaised(epoch: number): void {
    const code = this.#send(() => ({ $case: "epochRaised", value: { epoch } }));
    if (typeof code === "string") this.#failed(code);
  }

  #publish(notice: Notice): void {
    this.#check(
      this.#tryPublish(() => notice),
      notice.message?.$case ?? "nothing",
    );
  }

  /** A hundred wordy answers can be more than a frame takes: what became of them matters, the words do not. */
  #tryWithFewerWords(worded: () => Notice, wordless: () => Notice): number | string {
    const told = this.#tryPublish(worded);
    return told === TIMResult.BRIDGE_ERR_TOO_LARGE ? this.#tryPublish(wordless) : told;
  }

  #tryPublish(notice: () => Notice): number | string {
    return this.#send(() => ({ $case: "publish", value: notice() }));
  }

  /** Whether it was taken, or there is nobody to tell. */
  #check(told: number | string, what: string): boolean {
    if (typeof told === "number" && quietCodes.has(told)) return true;
    this.#failed(typeof told === "string" ? told : `C# could not be told (${told}): ${what}`);
    return false;
  }

  /** Never throws: what C# cannot be told, script's callback and listeners hear all the same. Words: it failed. */
  #send(body: () => NonNullable<ToPlugin["body"]>): number | string {
    const plugin = this.#plugin;
    if (plugin === undefined) return 0;
    try {
      return plugin.send(ToPlugin.encode({ version: majorOf(plugin.protocol), body: body() }).finish());
    } catch (error) {
      return `a message for C# could not be sent: ${thrownWords(error)}`;
    }
  }
}

function withoutWords({ error, ...result }: Result): Result {
  return { ...result, error: error === undefined ? undefined : { ...error, message: "" } };
}

/** The same deletion's end where C# cannot be told what it was. */
function untold({ requestId, results }: DeleteCompleted): DeleteCompleted {
  const error = bridgeError(
    TIMResult.BRIDGE_ERR_INTERNAL,
    ErrorCategory.OTHER,
    "the result of the deletion could not be told to C#; script's log says why. It may be deleted: list the conversations to see.",
  ).withOutcome(Outcome.UNKNOWN);
  return {
    requestId,
    results: results.map(({ conversation }) => ({ conversation, outcome: Outcome.UNKNOWN, error })),
    code: error.code,
    desc: error.message,
  };
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
