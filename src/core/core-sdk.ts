import type { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { ErrorSource } from "../protocol/gen/chatbridge/v1/error.js";
import type { TIMConvType } from "./tim-types.js";

/** What a core can be asked. One case for each function of the vendor's C API, named after it. */
export type CoreMethod =
  /** TIMConvDelete. `convId` is the bare userID or groupID. Clears the history on client and server, for good. */
  | { readonly name: "ConvDelete"; readonly convId: string; readonly convType: TIMConvType }
  /** TIMConvDeleteConversationList. `convIds` are prefixed: `c2c_<userID>`, `group_<groupID>`; 1 to 100 of them. */
  | { readonly name: "ConvDeleteConversationList"; readonly convIds: readonly string[]; readonly clearMessage: boolean }
  /** TIMConvGetConvList. The result's `json` is an array of ConvInfo. */
  | { readonly name: "ConvGetConvList" }
  /** TIMInit. */
  | { readonly name: "Init"; readonly sdkAppId: number; readonly jsonSdkConfig: string }
  /** TIMUninit. Has no callback: the result follows at once. */
  | { readonly name: "Uninit" }
  /** TIMLogin. */
  | { readonly name: "Login"; readonly userId: string; readonly userSig: string }
  /** TIMLogout. */
  | { readonly name: "Logout" }
  /** TIMGetLoginStatus. The result's `json` is a number, a TIMLoginStatus. Asked in no user's name. */
  | { readonly name: "GetLoginStatus" }
  /** TIMGetSDKVersion. The result's `json` is a JSON string. Asked in no user's name. */
  | { readonly name: "GetSdkVersion" };

/** One call, as the Bridge hands it to a core. The Bridge has checked ids, types and counts. */
export interface CoreCall {
  /** The Bridge's number for the call: 1 to 2^31 - 1, unique among live calls. */
  readonly callId: number;
  /** The login epoch in which the caller asked. */
  readonly epoch: number;
  /** The C# request that this call carries out; 0: script asked. */
  readonly originRequestId: number;
  readonly method: CoreMethod;
}

/** A core's answer to one call. */
export interface CoreResult {
  readonly callId: number;
  readonly source: ErrorSource;
  /** TIMErrorCode; 0 is success. */
  readonly code: number;
  readonly desc: string;
  /** The callback's `json_params`, as text; "" where there is none. */
  readonly json: string;
  /** Why `json` is empty although the core gave some. */
  readonly jsonProblem?: string;
}

/** Where a core reports to: the Bridge. Every method is called on the Bridge's turn, never inside `CoreSdk.send`. */
export interface CoreSink {
  /**
   * A call was answered. Answers to unknown or settled calls are counted, not delivered. One whose code is no 32-bit integer, or
   * whose words are no text, settles its call as unknown.
   */
  result(result: CoreResult): void;
  /**
   * The conversation event callback: `type` is a TIMConvEvent, `json` its json_conv_array. `epoch` is the login epoch in which it
   * came (`CoreContext.currentEpoch`); default: the epoch now. One of an earlier epoch, and one that comes while the core has a
   * session call, is counted and not told: the list is asked for.
   */
  conversationEvent(type: number, json: string, epoch?: number): void;
  /** The core's connection has changed: `status` is a TIMNetworkStatus. */
  networkStatus(status: number, code: number, desc: string): void;
  /**
   * A new login epoch has begun of the core's own accord (kicked offline, expired UserSig, told by the game). `epoch` is the
   * plugin's number for it; a core that lives in script counts none and gives undefined: the next one.
   */
  epochRaised(epoch: number | undefined, kind: SessionEventKind): void;
  /** Events were lost between core and Bridge: the list has to be fetched again. */
  eventsLost(count: number): void;
  /** The core sent what cannot be understood: counted and reported, nothing else happens. */
  malformed(what: string): void;
}

/** What a core may use of its surroundings. */
export interface CoreContext {
  readonly sink: CoreSink;
  /** Runs `job` on a later turn of the Bridge, in the order asked. Never runs it inside this call. */
  later(job: () => void): void;
  /** The login epoch now, for `sink.conversationEvent`. It goes up when Init, Login, Logout or Uninit is asked for. */
  currentEpoch(): number;
  /** The way to the C# plugin; undefined where none is there, or the bridge does without. */
  readonly plugin: PluginPort | undefined;
}

/** The door to the C# plugin, as NativeCore sees it. */
export interface PluginPort {
  /** The protocol agreed on at Open, 1000 * major + minor: nothing may be sent that it lacks. 0 until the session is open. */
  readonly protocol: number;
  /** Sends one encoded ToPlugin frame. Returns the core's TIMResult, or a negated SendResult. */
  send(frame: Uint8Array): number;
}

/**
 * One chat core: the native libImSDK, the embedded one, or one of a game's own. Interchangeable, and as dumb as they can
 * be: every rule is the Bridge's.
 */
export interface CoreSdk {
  /** What a game that has several may tell them apart by: "native", "embedded". The bridge reads it nowhere. */
  readonly name: string;
  /** Whether the core is libImSDK behind the plugin, so that the plugin guards its door and counts its epochs. */
  readonly behindPlugin: boolean;
  /**
   * Called before any other method, and again only after `close`: one core serves one bridge at a time. Throws a BridgeError
   * that says what is missing, or that the core is in use, and changes nothing then. Nothing
   * may be sent to the plugin in here: its session is opened afterwards.
   */
  open(context: CoreContext): void;
  /**
   * Hands one call to the core. Returns what the C function would: 0, and exactly one `sink.result` is due, on a later
   * turn; anything else, and none is. Never calls the sink before it returns. A core that raises its epoch for
   * Init, Login, Logout or Uninit does so without a word: the Bridge counts the same.
   */
  send(call: CoreCall): number;
  /**
   * The Bridge has settled this call without an answer, and goes on hearing one. What counts the calls under way counts it no
   * longer: a core that never answers a few must not end in "busy".
   */
  abandon?(callId: number): void;
  /** A frame from the plugin that is for the core (a result, an event, lost events). Only where `behindPlugin`. */
  receive?(frame: ToScript): void;
  /** Lets go of everything. No sink method is called from here on. */
  close(): void;
}
