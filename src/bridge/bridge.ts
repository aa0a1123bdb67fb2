import type { Conversation } from "../conversation/conv-info.js";
import { type ConversationKey, keyOf, parseConversation } from "../conversation/conversation-key.js";
import type { CoreSdk, CoreSink } from "../core/core-sdk.js";
import { type TIMConvType, type TIMLoginStatus, TIMResult } from "../core/tim-types.js";
import { lostError } from "../errors/answer-errors.js";
import { type BridgeError, invalidArgument } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";
import type { Host, HostHandler } from "../host/host.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { wellFormed } from "../protocol/text-codec.js";
import type { Recorder } from "../recording/recorder.js";
import type { DeleteListOptions } from "./batch-deletion.js";
import { BridgeContext } from "./bridge-context.js";
import type { BridgeCounters } from "./bridge-counters.js";
import { type BridgeOptions, bridgeSettings } from "./bridge-options.js";
import type { ConvDeleteListCallback, ConvListCallback, TIMCallback } from "./callbacks.js";
import { checkedBatch, checkedList } from "./checked-conversations.js";
import { ConversationFeed, type ListAnswer } from "./conversation-feed.js";
import type {
  ConnectionChanged,
  ConversationListReset,
  ConversationListSync,
  ConversationsAdded,
  ConversationsDeleted,
  ConversationsUpdated,
  SessionChanged,
} from "./core-events.js";
import { CoreQuestions } from "./core-questions.js";
import { CSharpRequests } from "./csharp-requests.js";
import { Deleter } from "./deleter.js";
import { batchDeletion, type DeleteCompleted, type DeleteResult, type LateResult, singleDeletion } from "./deletion.js";
import type { Emitter, Unsubscribe } from "./emitter.js";
import { LoginSession } from "./login-session.js";
import { Refusals } from "./refusals.js";
import { completedSdkConfig } from "./sdk-config.js";

/**
 * The bridge: deletes conversations on whatever core it was connected to, exactly once or with a clear word that it did
 * not happen. Made by `connect()`. Everything runs on the script's own thread; callbacks and events come on the
 * bridge's turn, once a game frame in Unity, in the order in which the core reported, and never inside a call; only
 * `close()` and what begins a new login epoch (`Init`, `Uninit`, `Login`, `Logout`) settle what they end before they
 * return, or, called from inside a callback, as soon as that callback has returned.
 */
export class Bridge {
  readonly #context: BridgeContext;
  readonly #recorder: Recorder | undefined;
  readonly #refusals = new Refusals();
  readonly #deleter: Deleter;
  readonly #requests: CSharpRequests;
  readonly #questions: CoreQuestions;
  readonly #feed: ConversationFeed;
  readonly #session: LoginSession;

  /** @internal Made by `connect()`. */
  constructor(core: CoreSdk, host: Host, options: BridgeOptions = {}, recorder?: Recorder) {
    const context = new BridgeContext(core, host, bridgeSettings(options));
    this.#context = context;
    this.#recorder = recorder;
    this.#deleter = new Deleter(context);
    this.#requests = new CSharpRequests(context, this.#deleter);
    this.#questions = new CoreQuestions(context, this.#refusals, (conversations) => this.#feed.listed(conversations));
    this.#feed = new ConversationFeed(context, {
      mayList: () => this.#session.mayList,
      list: (settled) => this.#questions.list(settled),
    });
    this.#session = new LoginSession(context, this.#feed, this.#deleter, this.#requests);
    // The core first: one that serves another bridge refuses, and that bridge must not lose the plugin by it.
    core.open({
      sink: this.#sink(),
      later: (job) => host.later(job),
      currentEpoch: () => context.calls.epoch,
      plugin: host.plugin,
    });
    try {
      context.calls.enterEpoch(host.start(this.#handler()));
    } catch (error) {
      context.reporter.attempt(() => core.close());
      throw error;
    }
    if (context.settings.attach && core.behindPlugin) context.publisher.attach();
    this.#session.connected();
  }

  /**
   * Why the last call of this bridge's was refused: one that returned other than TIM_SUCC, or whose Promise rejected before the
   * core was asked. Undefined where it was accepted, or none has been made.
   */
  get lastError(): BridgeError | undefined {
    return this.#refusals.last;
  }

  /** Calls that the core has not answered, and that still wait for it: one that has passed its deadline does not count. */
  get pendingCalls(): number {
    return this.#context.calls.underWay;
  }

  /** What has happened that no caller was told of. */
  get counters(): BridgeCounters {
    return { ...this.#context.reporter.counters };
  }

  /**
   * Deletes one conversation and its history, on client and server, for good. Maps `TIMConvDelete`.
   *
   * @param conv_id the bare userID or groupID, without `c2c_` or `group_`
   * @param conv_type `kTIMConv_C2C` or `kTIMConv_Group`
   * @param callback gets the core's code and words, once, on a later turn
   * @param user_data is handed to the callback as it is; it never leaves script
   * @returns `TIM_SUCC`: exactly one callback follows. Anything else: none does, nothing was deleted, and `lastError`
   *   says why.
   */
  ConvDelete<UserData = undefined>(
    conv_id: string,
    conv_type: TIMConvType,
    callback?: TIMCallback<UserData>,
    user_data?: UserData,
  ): TIMResult {
    return this.#refusals.asResult("ConvDelete", callback, () =>
      this.#deleter.delete(singleDeletion(keyOf(conv_id, conv_type), 0), this.#context.calls.epoch, (done) =>
        callback?.(done.code, done.desc, user_data as UserData),
      ),
    );
  }

  /**
   * Deletes up to 100 conversations. Maps `TIMConvDeleteConversationList` (core 7.1 and later). An older core has no such
   * function: there, with `clear_message` true, the bridge deletes one by one under this one call, with one result for each
   * as ever and no faster than the core allows, and what has not had its turn at the call's deadline ends as not sent; with
   * `clear_message` false the call is refused with `BRIDGE_ERR_UNSUPPORTED`.
   *
   * @param conversations ids in any notation that names their kind (`c2c_x`, `group_x`, `C2Cx`, `GROUPx`), or keys
   * @param clear_message true clears the history on client and server, for good; false keeps it
   * @param callback gets the core's code and words for the call and one result for each conversation, in the order given;
   *   once, on a later turn
   * @param user_data is handed to the callback as it is; it never leaves script
   * @returns as {@link ConvDelete}
   */
  ConvDeleteConversationList<UserData = undefined>(
    conversations: readonly (string | ConversationKey)[],
    clear_message: boolean,
    callback?: ConvDeleteListCallback<UserData>,
    user_data?: UserData,
  ): TIMResult {
    return this.#refusals.asResult("ConvDeleteConversationList", callback, () => {
      const keys = checkedBatch(conversations);
      if (typeof clear_message !== "boolean") {
        throw new Error("clear_message is missing: say true to clear the history for good or false to keep it");
      }
      return this.#deleter.delete(batchDeletion(keys, clear_message, 0), this.#context.calls.epoch, (done) =>
        callback?.(done.code, done.desc, done.results, user_data as UserData),
      );
    });
  }

  /** Asks for the conversation list. Maps `TIMConvGetConvList`. Returns as {@link ConvDelete}. */
  ConvGetConvList<UserData = undefined>(callback: ConvListCallback<UserData>, user_data?: UserData): TIMResult {
    return this.#refusals.asResult("ConvGetConvList", callback, () => {
      if (typeof callback !== "function") throw new Error("the callback is missing: nobody would get the list");
      return this.#questions.list((list) => callback(list.code, list.desc, list.conversations, user_data as UserData));
    });
  }

  /**
   * Initialises the core. Maps `TIMInit`. Begins a new login epoch. Not needed on an EmbeddedCore, or where the game's
   * other code has initialised the core (`attach`).
   *
   * @param sdk_app_id the SDKAppID of the console, a positive whole number
   * @param json_sdk_config the vendor's configuration, a JSON object. Where it does not give `sdk_config_config_file_path` or
   *   `sdk_config_log_file_path`, the game's persistent data folder is used (C#: `CoreSession.DataFolder`).
   * @param callback gets 0 when the core is initialised, once, on a later turn; one of the bridge's own
   *   codes where nobody knows whether it is: `BRIDGE_ERR_UNANSWERED`, `BRIDGE_ERR_CLOSED`, `BRIDGE_ERR_REPLACED`,
   *   `BRIDGE_ERR_BAD_FRAME` (its answer cannot be read), `BRIDGE_ERR_INTERNAL` (it broke off inside the core)
   * @returns `TIM_SUCC`: exactly one callback follows. Anything else: none does, and `lastError` says why; with `attach`
   *   always `BRIDGE_ERR_NOT_OWNER`.
   */
  Init(sdk_app_id: number, json_sdk_config = "", callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusals.asResult("Init", callback, () => {
      if (!Number.isSafeInteger(sdk_app_id) || sdk_app_id <= 0) {
        throw new Error(
          `sdk_app_id is ${String(sdk_app_id)}; give the SDKAppID of the console, a positive whole number`,
        );
      }
      checkText("json_sdk_config", json_sdk_config);
      const folder = this.#context.core.behindPlugin ? this.#context.host.dataFolder : undefined;
      const jsonSdkConfig = completedSdkConfig(json_sdk_config, folder);
      return this.#session.call("Init", { name: "Init", sdkAppId: sdk_app_id, jsonSdkConfig }, callback);
    });
  }

  /**
   * Lets go of the core. Maps `TIMUninit`. Begins a new login epoch.
   *
   * @param callback gets 0 when the core has been let go of, once, on a later turn; otherwise as for {@link Init}
   * @returns as {@link Init}
   */
  Uninit(callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusals.asResult("Uninit", callback, () =>
      this.#session.call("Uninit", { name: "Uninit" }, callback),
    );
  }

  /**
   * Signs a user in. Maps `TIMLogin`. Begins a new login epoch: what an earlier user asked for never runs as this one.
   *
   * @param user_id the bare userID
   * @param user_sig the UserSig from the game's own server; never logged and never recorded
   * @param callback gets the core's code and words: 0 when the user is signed in, else why not (a wrong or expired UserSig,
   *   no network); otherwise as for {@link Init}
   * @returns as {@link Init}
   */
  Login(user_id: string, user_sig: string, callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusals.asResult("Login", callback, () => {
      if (typeof user_sig !== "string" || user_sig === "") {
        throw new Error("user_sig is empty; get a UserSig from your own server");
      }
      checkText("user_sig", user_sig);
      const { userId } = parseConversation({ userId: user_id }) as { readonly userId: string };
      return this.#session.call("Login", { name: "Login", userId, userSig: user_sig }, callback);
    });
  }

  /**
   * Signs the user out. Maps `TIMLogout`. Begins a new login epoch.
   *
   * @param callback gets the core's code and words: 0 when nobody is signed in any more; otherwise as for {@link Init}
   * @returns as {@link Init}
   */
  Logout(callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusals.asResult("Logout", callback, () =>
      this.#session.call("Logout", { name: "Logout" }, callback),
    );
  }

  /**
   * Deletes one conversation and its history, for good. Resolves when the core says that it is deleted; rejects with a
   * BridgeError whose `outcome` says whether it was not deleted or nobody knows.
   */
  async deleteConversation(conversation: string | ConversationKey): Promise<void> {
    const done = await this.#refusals.asPromise<DeleteCompleted>("deleteConversation", (settle) =>
      this.#deleter.delete(singleDeletion(parseConversation(conversation), 0), this.#context.calls.epoch, settle),
    );
    const error = done.results[0]?.error;
    if (error !== undefined) throw error;
  }

  /**
   * Deletes any number of conversations, in batches of 100, one after another and no faster than the core allows.
   * Resolves with one result for each, in the order given, whatever became of them; rejects only if the list itself is
   * bad, and then nothing was deleted.
   */
  async deleteConversationList(
    conversations: readonly (string | ConversationKey)[],
    options: DeleteListOptions,
  ): Promise<readonly DeleteResult[]> {
    let keys: readonly ConversationKey[];
    let clearMessage: boolean;
    try {
      const refusal = this.#context.calls.deletionRefusal("deleteConversationList");
      if (refusal !== undefined) throw refusal;
      keys = checkedList(conversations);
      // Read once: what is changed while the batches run must not reach the later ones.
      clearMessage = options?.clearMessage;
      if (typeof clearMessage !== "boolean") {
        throw new Error("clearMessage is missing: say true to clear the history for good or false to keep it");
      }
      checkListOptions(options);
    } catch (error) {
      throw this.#refusals.remember("deleteConversationList", error);
    }
    this.#refusals.accepted();
    return this.#deleter.deleteList(keys, clearMessage, options);
  }

  /** The conversation list. Rejects with a BridgeError. */
  async getConversationList(): Promise<readonly Conversation[]> {
    const { conversations, error } = await this.#refusals.asPromise<ListAnswer>("getConversationList", (settle) =>
      this.#questions.list(settle),
    );
    if (error !== undefined) throw error;
    return conversations;
  }

  /** Whether somebody is signed in. Maps `TIMGetLoginStatus`. Rejects with a BridgeError. */
  getLoginStatus(): Promise<TIMLoginStatus> {
    return this.#questions.loginStatus();
  }

  /** The core's version, such as "8.0.5903". Maps `TIMGetSDKVersion`. Rejects with a BridgeError. */
  getSdkVersion(): Promise<string> {
    return this.#questions.sdkVersion();
  }

  /** Hears of every conversation that is gone, whoever deleted it. `TIMConvEvent_Del`. */
  onConversationDeleted(listener: (event: ConversationsDeleted) => void): Unsubscribe {
    return listen("onConversationDeleted", this.#feed.deleted, listener);
  }

  /** Hears of conversations that are new in the list, or back. `TIMConvEvent_Add`. */
  onConversationAdded(listener: (event: ConversationsAdded) => void): Unsubscribe {
    return listen("onConversationAdded", this.#feed.added, listener);
  }

  /** Hears of conversations that changed, but for those that were deleted and have nothing new. `TIMConvEvent_Update`. */
  onConversationUpdated(listener: (event: ConversationsUpdated) => void): Unsubscribe {
    return listen("onConversationUpdated", this.#feed.updated, listener);
  }

  /** Hears that the core fetches the list from its server, and that it has. `TIMConvEvent_Start`, `TIMConvEvent_Finish`. */
  onConversationListSync(listener: (event: ConversationListSync) => void): Unsubscribe {
    return listen("onConversationListSync", this.#feed.sync, listener);
  }

  /**
   * Hears the whole list after events were lost, or came while the user was changing: the bridge asks for it by itself
   * (`TIMConvGetConvList`).
   */
  onConversationListReset(listener: (event: ConversationListReset) => void): Unsubscribe {
    return listen("onConversationListReset", this.#feed.reset, listener);
  }

  /**
   * Hears that who is signed in has changed without a call of this bridge's, or by one that had passed its deadline. While one of its
   * own is under way, it waits for that to end; a sign-off of whoever was there before is not told then.
   */
  onSessionChanged(listener: (event: SessionChanged) => void): Unsubscribe {
    return listen("onSessionChanged", this.#session.changed, listener);
  }

  /** Hears that the core's connection has changed. `TIMSetNetworkStatusListenerCallback`. */
  onConnectionChanged(listener: (event: ConnectionChanged) => void): Unsubscribe {
    return listen("onConnectionChanged", this.#session.connection, listener);
  }

  /** Hears of every deletion's end, whoever asked for it, script or C#. */
  onDeleteCompleted(listener: (event: DeleteCompleted) => void): Unsubscribe {
    return listen("onDeleteCompleted", this.#deleter.completed, listener);
  }

  /** Hears of answers that came after their deadline. */
  onLateResult(listener: (event: LateResult) => void): Unsubscribe {
    return listen("onLateResult", this.#deleter.late, listener);
  }

  /**
   * What has crossed between script and plugin so far: the newest frames, as a `Recording` of recording.proto. Write it
   * to a file and read it with `npx tim-chatbridge inspect FILE`. It goes on being there after `close()`. Throws a
   * BridgeError where `connect()` was not told to record.
   */
  recording(): Uint8Array {
    if (this.#recorder !== undefined) return this.#recorder.bytes();
    throw invalidArgument("recording(): nothing was recorded. Ask for it at the start: connect({ recording: {} }).");
  }

  /**
   * Ends the bridge. Calls under way settle at once (from inside a callback: as soon as that has returned): what the
   * core had been given ends as unknown. Nothing is called back afterwards. Closing twice does nothing.
   */
  close(): void {
    if (this.#context.calls.refusal("close") === undefined) this.#session.closing();
    this.#end(TIMResult.BRIDGE_ERR_CLOSED);
  }

  #end(as: TIMResult): void {
    const { calls, core, host, jobs, reporter } = this.#context;
    if (!calls.close(as)) return;
    this.#feed.newEpoch();
    this.#deleter.endUnsent(as);
    calls.endAll();
    jobs.end();
    reporter.attempt(() => core.close());
    host.close();
  }

  #sink(): CoreSink {
    const { calls, reporter } = this.#context;
    return {
      result: (result) => calls.answered(result),
      conversationEvent: (type, json, epoch) => {
        if (this.#session.admits(type, epoch)) this.#feed.event(type, json);
      },
      networkStatus: (status, code, desc) => this.#session.networkStatus(status, code, desc),
      epochRaised: (epoch, kind) => this.#session.raised(epoch ?? calls.epoch + 1, kind),
      eventsLost: (count) => {
        reporter.counters.eventsLost += count;
        this.#feed.eventsLost();
      },
      malformed: (what) => reporter.malformed(what),
    };
  }

  #handler(): HostHandler {
    const { core, reporter } = this.#context;
    return {
      frame: (frame) => {
        this.#session.releaseWhatIsHeard();
        if (frame.body?.$case === "request") this.#requests.receive(frame);
        else if (core.behindPlugin) core.receive?.(frame);
        else this.#heardBesideCoreInScript(frame);
      },
      malformed: (what) => reporter.malformed(what),
      framesLost: () => {
        // Of a core in script, no events come in frames.
        if (core.behindPlugin) this.#feed.eventsLost();
      },
      lost: (reason) => {
        reporter.report(lostError(reason));
        this.#end(reason === "replaced" ? TIMResult.BRIDGE_ERR_REPLACED : TIMResult.BRIDGE_ERR_CLOSED);
      },
      turnEnded: (heardUntil) => this.#turnEnded(heardUntil),
    };
  }

  /** The core lives in script, but the game's C# may tell of a change of user all the same. */
  #heardBesideCoreInScript({ body, epoch }: ToScript): void {
    const event = body?.$case === "event" ? body.value.event : undefined;
    if (event?.$case === "session") this.#session.raised(epoch, event.value.kind, "the plugin knows");
  }

  #turnEnded(heardUntil: number): void {
    const { calls, host, jobs } = this.#context;
    this.#session.releaseWhatIsHeard();
    jobs.runDue(host.now());
    calls.expire(heardUntil);
    const next = Math.min(calls.nextDeadline, jobs.next);
    if (next === Number.POSITIVE_INFINITY) host.needsNoTurn();
    else host.turnAt(next);
  }
}

function listen<T>(name: string, emitter: Emitter<T>, listener: (event: T) => void): Unsubscribe {
  if (typeof listener !== "function") {
    throw invalidArgument(`${name}: the listener is ${kindOf(listener)}; give a function.`);
  }
  return emitter.add(listener);
}

function checkListOptions({ onProgress, signal }: DeleteListOptions): void {
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new Error(`onProgress is ${kindOf(onProgress)}, not a function`);
  }
  if (signal !== undefined && typeof signal?.aborted !== "boolean") {
    throw new Error("signal is no signal; give an AbortSignal or a CancelSource's signal");
  }
}

/** Text that goes to the core as a C string. What it holds is not shown: it can be a UserSig. */
function checkText(what: string, text: unknown): void {
  if (typeof text !== "string") throw new Error(`${what} is ${kindOf(text)}, not a string`);
  if (text.includes("\0")) throw new Error(`${what} has a NUL character: the core would cut it there`);
  if (wellFormed(text) !== text) throw new Error(`${what} has half a character (a lone surrogate)`);
}
