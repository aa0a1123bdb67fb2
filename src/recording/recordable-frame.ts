import type { ConversationInfo, Key, Result } from "../protocol/gen/chatbridge/v1/conversation.js";
import type {
  ConvDelete,
  ConvDeleteList,
  CoreCall,
  CoreEvent,
  CoreResult,
} from "../protocol/gen/chatbridge/v1/core.js";
import type { Notice, Request, ToPlugin, ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { Pseudonyms } from "./pseudonyms.js";
import { idKindOf, recordableJson } from "./recordable-json.js";

/** Session calls whose answers are remembered as such: far more than can be under way. */
const rememberedCalls = 1024;

const nothing = new Uint8Array(0);

/** A frame as it may be recorded. */
interface Recordable<Frame> {
  readonly frame: Frame;
  /** Whether its size would say something about what is left out. */
  readonly hideSize: boolean;
}

/**
 * Invariant 12: makes, of what crosses, what may be recorded of it. Built field by field, so that what is not named here
 * is not recorded. Without pseudonyms ids and words are kept as they are; a UserSig and a configuration never.
 */
export class RecordableFrames {
  readonly #pseudonyms: Pseudonyms | undefined;
  /** Calls whose answer can speak of what was left out of the call. */
  readonly #sessionCalls = new Set<number>();

  constructor(pseudonyms: Pseudonyms | undefined) {
    this.#pseudonyms = pseudonyms;
  }

  /** "login": nothing of it. */
  sent({ version, body }: ToPlugin): Recordable<ToPlugin> | "login" {
    switch (body?.$case) {
      case "coreCall": {
        const { method, callId } = body.value;
        const secret = method?.$case === "login" || method?.$case === "init";
        if (secret) this.#remember(callId);
        if (method?.$case === "login") return "login";
        return { frame: { version, body: { $case: "coreCall", value: this.#coreCall(body.value) } }, hideSize: secret };
      }
      case "publish":
        return shown({ version, body: { $case: "publish", value: this.#notice(body.value) } });
      case "cancel":
      case "claim":
      case "epochRaised":
      case "attach":
      case undefined:
        return shown({ version, body });
    }
  }

  received({ version, sequence, epoch, body }: ToScript): Recordable<ToScript> {
    const head = { version, sequence, epoch };
    switch (body?.$case) {
      case "result": {
        const hideSize = this.#sessionCalls.has(body.value.callId);
        return { frame: { ...head, body: { $case: "result", value: this.#result(body.value, hideSize) } }, hideSize };
      }
      case "event":
        return shown({ ...head, body: { $case: "event", value: this.#event(body.value) } });
      case "request":
        return shown({ ...head, body: { $case: "request", value: this.#request(body.value) } });
      case "lost":
      case undefined:
        return shown({ ...head, body });
    }
  }

  #remember(callId: number): void {
    this.#sessionCalls.delete(callId);
    this.#sessionCalls.add(callId);
    if (this.#sessionCalls.size <= rememberedCalls) return;
    for (const oldest of this.#sessionCalls) {
      this.#sessionCalls.delete(oldest);
      return;
    }
  }

  #coreCall({ callId, epoch, originRequestId, method }: CoreCall): CoreCall {
    const head = { callId, epoch, originRequestId };
    switch (method?.$case) {
      case "convDelete":
        return { ...head, method: { $case: "convDelete", value: this.#convDelete(method.value) } };
      case "convDeleteList":
        return { ...head, method: { $case: "convDeleteList", value: this.#convDeleteList(method.value) } };
      case "init": {
        const sdkAppId = this.#pseudonyms === undefined ? method.value.sdkAppId : undefined;
        return { ...head, method: { $case: "init", value: { sdkAppId, jsonSdkConfig: nothing } } };
      }
      case "login":
        throw new Error("a login is never recorded");
      case "convGetConvList":
      case "uninit":
      case "logout":
      case "getLoginStatus":
      case "getSdkVersion":
      case undefined:
        return { ...head, method };
    }
  }

  #convDelete({ convId, convType }: ConvDelete): ConvDelete {
    return { convType, convId: convId && (this.#pseudonyms?.ofBareBytes(idKindOf(convType), convId) ?? convId) };
  }

  #convDeleteList({ convIds, clearMessage }: ConvDeleteList): ConvDeleteList {
    return { clearMessage, convIds: convIds.map((id) => this.#pseudonyms?.ofPrefixedBytes(id) ?? id) };
  }

  #result({ callId, source, code, desc, json }: CoreResult, secret: boolean): CoreResult {
    const head = { callId, source, code };
    if (secret) return { ...head, desc: nothing, json: nothing };
    return { ...head, desc: this.#wordBytes(desc), json: recordableJson(json, this.#pseudonyms) };
  }

  #event({ event }: CoreEvent): CoreEvent {
    switch (event?.$case) {
      case "conversation": {
        const { type, json } = event.value;
        return { event: { $case: "conversation", value: { type, json: recordableJson(json, this.#pseudonyms) } } };
      }
      case "network": {
        const { status, code, desc } = event.value;
        return { event: { $case: "network", value: { status, code, desc: this.#wordBytes(desc) } } };
      }
      case "session":
      case undefined:
        return { event };
    }
  }

  #request({ requestId, method }: Request): Request {
    switch (method?.$case) {
      case "convDelete":
        return { requestId, method: { $case: "convDelete", value: this.#convDelete(method.value) } };
      case "convDeleteList":
        return { requestId, method: { $case: "convDeleteList", value: this.#convDeleteList(method.value) } };
      case undefined:
        return { requestId, method };
    }
  }

  #notice({ message }: Notice): Notice {
    switch (message?.$case) {
      case "deleteCompleted": {
        const { requestId, results, code, desc } = message.value;
        const value = { requestId, results: this.#results(results), code, desc: this.#words(desc) };
        return { message: { $case: "deleteCompleted", value } };
      }
      case "conversationsDeleted": {
        const conversations = message.value.conversations.map((key) => this.#key(key));
        return { message: { $case: "conversationsDeleted", value: { conversations } } };
      }
      case "lateResult": {
        const { requestId, results } = message.value;
        return { message: { $case: "lateResult", value: { requestId, results: this.#results(results) } } };
      }
      case "conversationsAdded": {
        const conversations = this.#infos(message.value.conversations);
        return { message: { $case: "conversationsAdded", value: { conversations } } };
      }
      case "conversationsUpdated": {
        const conversations = this.#infos(message.value.conversations);
        return { message: { $case: "conversationsUpdated", value: { conversations } } };
      }
      case "conversationListReset": {
        const { conversations, more } = message.value;
        return {
          message: { $case: "conversationListReset", value: { conversations: this.#infos(conversations), more } },
        };
      }
      case "connectionChanged": {
        const { status, code, desc } = message.value;
        return { message: { $case: "connectionChanged", value: { status, code, desc: this.#words(desc) } } };
      }
      case "conversationListSync":
      case "sessionChanged":
      case undefined:
        return { message };
    }
  }

  #results(results: readonly Result[]): Result[] {
    return results.map(({ conversation, outcome, error }) => ({
      conversation: conversation && this.#key(conversation),
      outcome,
      error: error && {
        source: error.source,
        code: error.code,
        category: error.category,
        retryable: error.retryable,
        message: this.#words(error.message),
      },
    }));
  }

  #infos(infos: readonly ConversationInfo[]): ConversationInfo[] {
    return infos.map(({ conversation, unreadNum, activeTime, isPinned }) => ({
      conversation: conversation && this.#key(conversation),
      showName: "",
      unreadNum,
      activeTime,
      isPinned,
    }));
  }

  #key(key: Key): Key {
    const pseudonyms = this.#pseudonyms;
    if (pseudonyms === undefined) return key;
    switch (key.id?.$case) {
      case "userId":
        return { id: { $case: "userId", value: pseudonyms.ofBare("user", key.id.value) } };
      case "groupId":
        return { id: { $case: "groupId", value: pseudonyms.ofBare("group", key.id.value) } };
      case "systemId":
        return { id: { $case: "systemId", value: pseudonyms.ofBare("id", key.id.value) } };
      case undefined:
        return key;
    }
  }

  /** An id can stand in any words. */
  #words(words: string): string {
    return this.#pseudonyms === undefined ? words : "";
  }

  #wordBytes(words: Uint8Array): Uint8Array {
    return this.#pseudonyms === undefined ? words : nothing;
  }
}

function shown<Frame>(frame: Frame): Recordable<Frame> {
  return { frame, hideSize: false };
}
