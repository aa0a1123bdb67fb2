import type { CoreCall, CoreContext, CoreMethod, CoreResult, CoreSdk } from "../../../src/core/core-sdk.js";
import { SessionEventKind } from "../../../src/protocol/gen/chatbridge/v1/core.js";
import { ErrorSource } from "../../../src/protocol/gen/chatbridge/v1/error.js";

/** A core that does what the test orders, and nothing of its own accord. */
export class ScriptedCore implements CoreSdk {
  readonly name = "scripted";
  readonly behindPlugin: boolean;
  readonly calls: CoreCall[] = [];
  /** Calls that the bridge has given up. */
  readonly abandoned: number[] = [];
  /** What send returns, or throws. Default: 0. */
  onSend: (call: CoreCall) => number = () => 0;
  closed = 0;
  context: CoreContext | undefined;

  constructor(options: { behindPlugin?: boolean } = {}) {
    this.behindPlugin = options.behindPlugin ?? false;
  }

  get last(): CoreCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error("the core has not been called");
    return call;
  }

  methods(): CoreMethod[] {
    return this.calls.map((call) => call.method);
  }

  open(context: CoreContext): void {
    this.context = context;
  }

  send(call: CoreCall): number {
    this.calls.push(call);
    return this.onSend(call);
  }

  abandon(callId: number): void {
    this.abandoned.push(callId);
  }

  close(): void {
    this.closed++;
  }

  /** Answers a call, the last one unless told otherwise; again and late too, as often as the test likes. */
  answer(result: Partial<CoreResult> = {}, call: CoreCall = this.last): void {
    this.context?.sink.result({
      callId: call.callId,
      source: ErrorSource.SDK_CALLBACK,
      code: 0,
      desc: "",
      json: "",
      ...result,
    });
  }

  /** Answers a batch: every id deleted, but for those that have a code. */
  answerBatch(codes: Readonly<Record<string, number>> = {}, call: CoreCall = this.last): void {
    if (call.method.name !== "ConvDeleteConversationList") throw new Error(`${call.method.name} is no batch`);
    const results = call.method.convIds.map((id) => operationResult(id, codes[id] ?? 0));
    this.answer({ json: JSON.stringify(results) }, call);
  }

  event(type: number, json: string): void {
    this.context?.sink.conversationEvent(type, json);
  }

  network(status: number, code = 0, desc = ""): void {
    this.context?.sink.networkStatus(status, code, desc);
  }

  lose(count: number): void {
    this.context?.sink.eventsLost(count);
  }

  raiseEpoch(epoch?: number, kind = SessionEventKind.KICKED_OFFLINE): void {
    this.context?.sink.epochRaised(epoch, kind);
  }
}

export function operationResult(id: string, code: number, info = code === 0 ? "" : `no ${code}`): object {
  return {
    conversation_operation_result_conversation_id: id,
    conversation_operation_result_result_code: code,
    conversation_operation_result_result_info: info,
  };
}
