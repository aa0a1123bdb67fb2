import { readConvInfos } from "../conversation/conv-info.js";
import type { CoreMethod, CoreResult } from "../core/core-sdk.js";
import { TIMLoginStatus, TIMResult } from "../core/tim-types.js";
import { answerError } from "../errors/answer-errors.js";
import { type BridgeError, bridgeError, ErrorCategory, isBridgeError } from "../errors/bridge-error.js";
import { thrownWords } from "../protocol/thrown.js";
import type { BridgeContext } from "./bridge-context.js";
import type { ConversationFeed, ListAnswer } from "./conversation-feed.js";
import type { Settlement } from "./pending-calls.js";
import type { Refusals } from "./refusals.js";
import { unansweredError } from "./unanswered-error.js";

/** What the core can be asked that changes nothing. */
export class CoreQuestions {
  readonly #context: BridgeContext;
  readonly #refusals: Refusals;
  readonly #listed: ConversationFeed["listed"];

  /** `listed` hears of every list, before whoever asked for it. */
  constructor(context: BridgeContext, refusals: Refusals, listed: ConversationFeed["listed"]) {
    this.#context = context;
    this.#refusals = refusals;
    this.#listed = listed;
  }

  /** The conversation list. Returns why it was refused; otherwise `settled` is called once, later. */
  list(settled: (answer: ListAnswer) => void): BridgeError | undefined {
    const { calls, deliveries, reporter } = this.#context;
    return calls.start("ConvGetConvList", { name: "ConvGetConvList" }, true, (settlement) => {
      const answer = this.#readList(settlement);
      deliveries.deliver(() => reporter.guard(() => settled(answer)));
    });
  }

  loginStatus(): Promise<TIMLoginStatus> {
    return this.#ask("GetLoginStatus", { name: "GetLoginStatus" }, (json) => {
      if (typeof json !== "number" || TIMLoginStatus[json] === undefined) throw new Error("it is no TIMLoginStatus");
      return json;
    });
  }

  sdkVersion(): Promise<string> {
    return this.#ask("GetSDKVersion", { name: "GetSdkVersion" }, (json) => {
      if (typeof json !== "string") throw new Error("it is no text");
      return json;
    });
  }

  /** Asks the core something of itself, in no user's name: another login epoch does not end it. */
  async #ask<T>(name: string, method: CoreMethod, read: (json: unknown) => T): Promise<T> {
    const answer = await this.#refusals.asPromise<CoreResult | BridgeError>(name, (settle) =>
      this.#context.calls.start(name, method, false, (settlement) => {
        if (settlement.kind !== "answered") settle(unansweredError(name, settlement, "Ask again."));
        else settle(settlement.result);
      }),
    );
    if (isBridgeError(answer)) throw answer;
    const { source, code, desc, json } = answer;
    if (code !== 0) throw answerError(source, code, desc, name);
    try {
      return read(JSON.parse(json));
    } catch (error) {
      throw bridgeError(
        TIMResult.BRIDGE_ERR_BAD_FRAME,
        ErrorCategory.PROTOCOL,
        `${name}: the core's answer cannot be read: ${thrownWords(error)}.`,
      );
    }
  }

  #readList(settlement: Settlement): ListAnswer {
    if (settlement.kind !== "answered") {
      return noList(unansweredError("ConvGetConvList", settlement, "Ask again."));
    }
    const { source, code, desc } = settlement.result;
    const list = readConvInfos(settlement.result);
    for (const problem of list.problems) this.#context.reporter.malformed(`the core's conversation list: ${problem}`);
    this.#listed(list.items);
    if (code !== 0) {
      return { code, desc, conversations: list.items, error: answerError(source, code, desc, "ConvGetConvList") };
    }
    // No list must not pass for an empty one.
    if (list.unreadable !== undefined) return noList(unreadableList(list.unreadable));
    return { code, desc, conversations: list.items };
  }
}

function noList(error: BridgeError): ListAnswer {
  return { code: error.code, desc: error.message, conversations: [], error };
}

function unreadableList(why: string): BridgeError {
  return bridgeError(
    TIMResult.BRIDGE_ERR_BAD_FRAME,
    ErrorCategory.PROTOCOL,
    `ConvGetConvList: the core's conversation list cannot be read: ${why}. Ask again.`,
  );
}
