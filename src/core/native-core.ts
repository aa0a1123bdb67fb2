import { bridgeError, ErrorCategory, invalidArgument } from "../errors/bridge-error.js";
import type {
  ConversationEvent,
  CoreCall as CoreCallMessage,
  CoreEvent,
  CoreResult as CoreResultMessage,
} from "../protocol/gen/chatbridge/v1/core.js";
import { ToPlugin, type ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { decodeForDisplay, decodeUtf8, encodeUtf8 } from "../protocol/text-codec.js";
import { thrownWords } from "../protocol/thrown.js";
import { majorOf } from "../protocol/version.js";
import type { CoreCall, CoreContext, CoreMethod, CoreSdk } from "./core-sdk.js";
import { TIMResult } from "./tim-types.js";

/** The vendor's libImSDK, behind the C# plugin: every native build of a game. */
export class NativeCore implements CoreSdk {
  readonly name = "native";
  readonly behindPlugin = true;
  #context: CoreContext | undefined;

  open(context: CoreContext): void {
    // Which of the two an answer is for, nobody could tell; and whoever closes first would close it for both.
    if (this.#context !== undefined) {
      throw invalidArgument(
        "connect(): this NativeCore serves another bridge already. Close that one, or leave `core` out: each bridge has its own then.",
      );
    }
    if (context.plugin === undefined) {
      throw bridgeError(
        TIMResult.BRIDGE_ERR_UNSUPPORTED,
        ErrorCategory.UNSUPPORTED,
        "connect(): `plugin` is false, and the native core is behind the C# plugin. Leave `plugin` out, or give a core that " +
          'lives in script, such as EmbeddedCore from "tim-chatbridge/embedded-core": connect({ core: new EmbeddedCore(), plugin: false }).',
      );
    }
    this.#context = context;
  }

  send(call: CoreCall): number {
    const plugin = this.#context?.plugin;
    if (plugin === undefined) return TIMResult.BRIDGE_ERR_CLOSED;
    const coreCall: CoreCallMessage = {
      callId: call.callId,
      epoch: call.epoch,
      originRequestId: call.originRequestId,
      method: encodeMethod(call.method),
    };
    return plugin.send(
      ToPlugin.encode({ version: majorOf(plugin.protocol), body: { $case: "coreCall", value: coreCall } }).finish(),
    );
  }

  abandon(callId: number): void {
    const plugin = this.#context?.plugin;
    plugin?.send(
      ToPlugin.encode({ version: majorOf(plugin.protocol), body: { $case: "cancel", value: { callId } } }).finish(),
    );
  }

  receive(frame: ToScript): void {
    const sink = this.#context?.sink;
    if (sink === undefined) return;
    switch (frame.body?.$case) {
      case "result":
        this.#result(frame.body.value);
        break;
      case "event":
        this.#event(frame.body.value, frame.epoch);
        break;
      case "lost":
        sink.eventsLost(frame.body.value.count);
        break;
    }
  }

  close(): void {
    this.#context = undefined;
  }

  #result(result: CoreResultMessage): void {
    const sink = this.#context?.sink;
    let json = "";
    let jsonProblem: string | undefined;
    try {
      json = decodeUtf8(result.json);
    } catch (error) {
      // The code still stands: the call is settled with it, without the details.
      jsonProblem = thrownWords(error);
      sink?.malformed(`the core's answer to call ${result.callId} has no readable JSON: ${jsonProblem}`);
    }
    sink?.result({
      callId: result.callId,
      source: result.source,
      code: result.code,
      desc: decodeForDisplay(result.desc),
      json,
      ...(jsonProblem === undefined ? {} : { jsonProblem }),
    });
  }

  #event(event: CoreEvent, epoch: number): void {
    const sink = this.#context?.sink;
    switch (event.event?.$case) {
      case "conversation":
        this.#conversationEvent(event.event.value, epoch);
        break;
      case "session":
        sink?.epochRaised(epoch, event.event.value.kind);
        break;
      case "network": {
        const { status, code, desc } = event.event.value;
        sink?.networkStatus(status, code, decodeForDisplay(desc));
        break;
      }
      default:
        sink?.malformed("an event of a kind that this script does not know");
    }
  }

  #conversationEvent(event: ConversationEvent, epoch: number): void {
    const sink = this.#context?.sink;
    let json: string;
    try {
      json = decodeUtf8(event.json);
    } catch (error) {
      sink?.malformed(`conversation event ${event.type} is not UTF-8: ${thrownWords(error)}`);
      // What it said only the list can tell.
      sink?.eventsLost(1);
      return;
    }
    sink?.conversationEvent(event.type, json, epoch);
  }
}

function encodeMethod(method: CoreMethod): NonNullable<CoreCallMessage["method"]> {
  switch (method.name) {
    case "ConvDelete":
      return { $case: "convDelete", value: { convId: encodeUtf8(method.convId), convType: method.convType } };
    case "ConvDeleteConversationList":
      return {
        $case: "convDeleteList",
        value: { convIds: method.convIds.map(encodeUtf8), clearMessage: method.clearMessage },
      };
    case "ConvGetConvList":
      return { $case: "convGetConvList", value: {} };
    case "Init":
      return {
        $case: "init",
        value: { sdkAppId: method.sdkAppId, jsonSdkConfig: encodeUtf8(method.jsonSdkConfig) },
      };
    case "Uninit":
      return { $case: "uninit", value: {} };
    case "Login":
      return { $case: "login", value: { userId: encodeUtf8(method.userId), userSig: encodeUtf8(method.userSig) } };
    case "Logout":
      return { $case: "logout", value: {} };
    case "GetLoginStatus":
      return { $case: "getLoginStatus", value: {} };
    case "GetSdkVersion":
      return { $case: "getSdkVersion", value: {} };
  }
}
