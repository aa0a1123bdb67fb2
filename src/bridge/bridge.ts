import { type Conversation, readConvInfos } from "../conversation/conv-info.js";
import { type ConversationKey, keyOf, parseConversation } from "../conversation/conversation-key.js";
import type { CoreMethod, CoreResult, CoreSdk, CoreSink } from "../core/core-sdk.js";
import { type TIMConvType, TIMLoginStatus, TIMNetworkStatus, TIMResult } from "../core/tim-types.js";
import type { Host, HostHandler } from "../host/host.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import type { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { wellFormed } from "../protocol/text-codec.js";
import { messageOf, thrownWords } from "../protocol/thrown.js";
import type { Recorder } from "../recording/recorder.js";
import { type DeleteListOptions, deleteInBatches } from "./batch-deletion.js";
import {
  answerError,
  type BridgeError,
  bridgeError,
  cannotKeepHistory,
  ErrorCategory,
  ErrorSource,
  invalidArgument,
  outcomeOf,
  returnError,
} from "./bridge-error.js";
import { ConversationFeed, type ListAnswer } from "./conversation-feed.js";
import { checkedBatch, checkedList } from "./conversation-list.js";
import {
  type ConnectionChanged,
  type ConversationListReset,
  type ConversationListSync,
  type ConversationsAdded,
  type ConversationsDeleted,
  type ConversationsUpdated,
  type SessionChanged,
  sessionChangeOf,
} from "./core-events.js";
import { readRequest } from "./csharp-request.js";
import {
  batchDeletion,
  completed,
  completionOf,
  type DeleteCompleted,
  type DeleteResult,
  type Deletion,
  singleDeletion,
  unansweredError,
} from "./deletion.js";
import { Emitter, type Unsubscribe } from "./emitter.js";
import { OneByOne } from "./one-by-one.js";
import { PendingCalls, type Settlement } from "./pending-calls.js";
import { Publisher } from "./publisher.js";
import { completedSdkConfig } from "./sdk-config.js";

/** A call's end, as the vendor gives it: 0 is success. `user_data` is what the call was given. */
export type TIMCallback<UserData = unknown> = (code: number, desc: string, user_data: UserData) => void;

/** A batch's end: one result for each conversation that was asked for, in that order. */
export type ConvDeleteListCallback<UserData = unknown> = (
  code: number,
  desc: string,
  results: readonly DeleteResult[],
  user_data: UserData,
) => void;

/** The conversation list, or an empty one and why. */
export type ConvListCallback<UserData = unknown> = (
  code: number,
  desc: string,
  conversations: readonly Conversation[],
  user_data: UserData,
) => void;

/** The core answered a deletion after its deadline, when it had been settled as unknown. */
export interface LateResult {
  /** C#'s number for it; 0: script asked. */
  readonly requestId: number;
  readonly results: readonly DeleteResult[];
}

/** What has happened that no caller was told of. Each only grows. */
export interface BridgeCounters {
  /** Answers to calls that were settled already, or that nobody made; told to nobody. */
  readonly strayResults: number;
  /** Answers that came after their deadline, and were told to `onLateResult`. */
  readonly lateResults: number;
  /** Frames, events or lists that could not be read; each was told to `onError`. */
  readonly malformed: number;
  /** Events that the plugin could not keep: the list was asked for again. */
  readonly eventsLost: number;
  /** Events of a type, and connection states, that this bridge does not know. */
  readonly unknownEvents: number;
  /** Updates of conversations that had been deleted, with nothing new in them. */
  readonly updatesDropped: number;
  /** Callbacks and listeners that threw; each was told to `onError`. */
  readonly callbackErrors: number;
}

/** How a Bridge behaves. */
export interface BridgeOptions {
  /** How long the core has for an answer, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** How many calls may be under way. Default 16 384. */
  readonly maxPendingCalls?: number;
  /**
   * Batches that `deleteConversationList` starts in a second, at most, and single deletes where a core older than 7.1 has no
   * batches. Default 5, the core's own limit.
   */
  readonly batchesPerSecond?: number;
  /**
   * True: the game's other code, such as the vendor's C# SDK, initialises the core and signs users in, and the bridge joins
   * that session. `Init`, `Uninit`, `Login` and `Logout` are refused. That code must tell of each change of user with
   * `CoreSession.NotifySession`. Default false: this bridge owns the session.
   */
  readonly attach?: boolean;
  /** Hears what went wrong where no caller can be told: a callback that threw, a frame that cannot be read. Default: the console. */
  readonly onError?: (error: unknown) => void;
}

/** @internal BridgeOptions, checked and complete. */
export type BridgeSettings = Required<Omit<BridgeOptions, "onError">> & Pick<BridgeOptions, "onError">;

/** @internal Checks what the caller chose: before a host is opened, for an open takes the plugin from another bridge. */
export function bridgeSettings({
  timeoutMs,
  maxPendingCalls,
  batchesPerSecond,
  attach,
  onError,
}: BridgeOptions): BridgeSettings {
  if (attach !== undefined && typeof attach !== "boolean") {
    throw invalidArgument(`connect(): attach is a ${typeof attach}; give true or false, or leave it out.`);
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw invalidArgument(`connect(): onError is a ${typeof onError}; give a function, or leave it out.`);
  }
  return {
    timeoutMs: positive("timeoutMs", timeoutMs ?? 30_000),
    maxPendingCalls: positive("maxPendingCalls", maxPendingCalls ?? 16_384),
    batchesPerSecond: positive("batchesPerSecond", batchesPerSecond ?? 5),
    attach: attach ?? false,
    ...(onError === undefined ? {} : { onError }),
  };
}

/**
 * The bridge: deletes conversations on whatever core it was connected to, exactly once or with a clear word that it did
 * not happen. Made by `connect()`. Everything runs on the script's own thread; callbacks and events come on the
 * bridge's turn, once a game frame in Unity, in the order in which the core reported, and never inside a call; only
 * `close()` and what begins a new login epoch (`Init`, `Uninit`, `Login`, `Logout`) settle what they end before they
 * return, or, called from inside a callback, as soon as that callback has returned.
 */
export class Bridge {
  readonly #core: CoreSdk;
  readonly #host: Host;
  readonly #pending: PendingCalls;
  readonly #publisher: Publisher;
  readonly #options: BridgeSettings;
  readonly #recorder: Recorder | undefined;
  readonly #feed: ConversationFeed;
  readonly #oneByOne: OneByOne;
  readonly #completed = new Emitter<DeleteCompleted>((error) => this.#callbackFailed(error));
  readonly #late = new Emitter<LateResult>((error) => this.#callbackFailed(error));
  readonly #session = new Emitter<SessionChanged>((error) => this.#callbackFailed(error));
  readonly #connection = new Emitter<ConnectionChanged>((error) => this.#callbackFailed(error));
  readonly #counters = {
    strayResults: 0,
    lateResults: 0,
    malformed: 0,
    eventsLost: 0,
    unknownEvents: 0,
    updatesDropped: 0,
    callbackErrors: 0,
  };
  #timers: Timer[] = [];
  readonly #deliveries: (() => void)[] = [];
  #delivering = false;
  #runningOut = false;
  #nextBatchTurn = Number.NEGATIVE_INFINITY;
  #epoch: number;
  #open = true;
  /** Found out when the core is first asked for one. */
  #lacksBatches = false;
  #lastError: BridgeError | undefined;

  /** @internal Made by `connect()`. */
  constructor(core: CoreSdk, host: Host, options: BridgeOptions = {}, recorder?: Recorder) {
    this.#core = core;
    this.#host = host;
    this.#recorder = recorder;
    this.#options = bridgeSettings(options);
    this.#pending = new PendingCalls(this.#options.maxPendingCalls);
    this.#publisher = new Publisher(host.plugin, (what) => this.#malformed(what));
    this.#feed = this.#newFeed();
    this.#oneByOne = this.#newOneByOne();
    core.open({ sink: this.#sink(), later: (job) => host.later(job), plugin: host.plugin });
    this.#epoch = host.start(this.#handler());
    if (this.#options.attach && core.behindPlugin) this.#publisher.attach();
  }

  /** Why the last call that returned other than TIM_SUCC was refused, in words. */
  get lastError(): BridgeError | undefined {
    return this.#lastError;
  }

  /** Calls that the core has not answered yet. */
  get pendingCalls(): number {
    return this.#pending.size;
  }

  /** What has happened that no caller was told of. */
  get counters(): BridgeCounters {
    return { ...this.#counters };
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
    return this.#refusable("ConvDelete", callback, () =>
      this.#delete(singleDeletion(keyOf(conv_id, conv_type), 0), this.#epoch, (done) =>
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
   * @returns as {@link ConvDelete}
   */
  ConvDeleteConversationList<UserData = undefined>(
    conversations: readonly (string | ConversationKey)[],
    clear_message: boolean,
    callback?: ConvDeleteListCallback<UserData>,
    user_data?: UserData,
  ): TIMResult {
    return this.#refusable("ConvDeleteConversationList", callback, () => {
      const keys = checkedBatch(conversations);
      if (typeof clear_message !== "boolean") {
        throw new Error("clear_message is missing: say true to clear the history for good or false to keep it");
      }
      return this.#delete(batchDeletion(keys, clear_message, 0), this.#epoch, (done) =>
        callback?.(done.code, done.desc, done.results, user_data as UserData),
      );
    });
  }

  /** Asks for the conversation list. Maps `TIMConvGetConvList`. Returns as {@link ConvDelete}. */
  ConvGetConvList<UserData = undefined>(callback: ConvListCallback<UserData>, user_data?: UserData): TIMResult {
    return this.#refusable("ConvGetConvList", callback, () => {
      if (typeof callback !== "function") throw new Error("the callback is missing: nobody would get the list");
      return this.#list((list) => callback(list.code, list.desc, list.conversations, user_data as UserData));
    });
  }

  /**
   * Initialises the core. Maps `TIMInit`. Begins a new login epoch. Not needed on an EmbeddedCore, or where the game's
   * other code has initialised the core (`attach`).
   *
   * @param json_sdk_config the vendor's configuration, a JSON object. Where it does not give `sdk_config_config_file_path` or
   *   `sdk_config_log_file_path`, the game's persistent data folder is used (C#: `CoreSession.DataFolder`).
   */
  Init(sdk_app_id: number, json_sdk_config = "", callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusable("Init", callback, () => {
      if (!Number.isSafeInteger(sdk_app_id) || sdk_app_id <= 0) {
        throw new Error(
          `sdk_app_id is ${String(sdk_app_id)}; give the SDKAppID of the console, a positive whole number`,
        );
      }
      checkText("json_sdk_config", json_sdk_config);
      const folder = this.#core.behindPlugin ? this.#host.dataFolder : undefined;
      const jsonSdkConfig = completedSdkConfig(json_sdk_config, folder);
      return this.#sessionCall("Init", { name: "Init", sdkAppId: sdk_app_id, jsonSdkConfig }, callback);
    });
  }

  /** Lets go of the core. Maps `TIMUninit`. Begins a new login epoch. */
  Uninit(callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusable("Uninit", callback, () => this.#sessionCall("Uninit", { name: "Uninit" }, callback));
  }

  /** Signs a user in. Maps `TIMLogin`. Begins a new login epoch: what an earlier user asked for never runs as this one. */
  Login(user_id: string, user_sig: string, callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusable("Login", callback, () => {
      if (typeof user_sig !== "string" || user_sig === "") {
        throw new Error("user_sig is empty; get a UserSig from your own server");
      }
      checkText("user_sig", user_sig);
      const { userId } = parseConversation({ userId: user_id }) as { readonly userId: string };
      return this.#sessionCall("Login", { name: "Login", userId, userSig: user_sig }, callback);
    });
  }

  /** Signs the user out. Maps `TIMLogout`. Begins a new login epoch. */
  Logout(callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusable("Logout", callback, () => this.#sessionCall("Logout", { name: "Logout" }, callback));
  }

  /**
   * Deletes one conversation and its history, for good. Resolves when the core says that it is deleted; rejects with a
   * BridgeError whose `outcome` says whether it was not deleted or nobody knows.
   */
  async deleteConversation(conversation: string | ConversationKey): Promise<void> {
    const done = await this.#promised<DeleteCompleted>("deleteConversation", (settle) =>
      this.#delete(singleDeletion(parseConversation(conversation), 0), this.#epoch, settle),
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
      if (!this.#open) throw returnError(TIMResult.BRIDGE_ERR_CLOSED, "deleteConversationList");
      keys = checkedList(conversations);
      // Read once: what is changed while the batches run must not reach the later ones.
      clearMessage = options?.clearMessage;
      if (typeof clearMessage !== "boolean") {
        throw new Error("clearMessage is missing: say true to clear the history for good or false to keep it");
      }
      checkListOptions(options);
    } catch (error) {
      throw this.#remember(asBridgeError("deleteConversationList", error));
    }
    const epoch = this.#epoch;
    return deleteInBatches(keys, options, {
      now: () => this.#host.now(),
      takeTurn: () => this.#takeBatchTurn(),
      at: (time, job) => this.#at(time, job),
      ended: () => {
        if (!this.#open) return returnError(TIMResult.BRIDGE_ERR_CLOSED, "deleteConversationList");
        if (epoch !== this.#epoch) return returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, "deleteConversationList");
        return this.#lacksBatches && !clearMessage ? cannotKeepHistory("deleteConversationList") : undefined;
      },
      start: (batch, isCancelled, settled) =>
        this.#delete(batchDeletion(batch, clearMessage, 0), epoch, settled, isCancelled),
      reportFailed: (error) => this.#callbackFailed(error),
    });
  }

  /** The conversation list. Rejects with a BridgeError. */
  async getConversationList(): Promise<readonly Conversation[]> {
    const { conversations, error } = await this.#promised<ListAnswer>("getConversationList", (settle) =>
      this.#list(settle),
    );
    if (error !== undefined) throw error;
    return conversations;
  }

  /** Whether somebody is signed in. Maps `TIMGetLoginStatus`. Rejects with a BridgeError. */
  getLoginStatus(): Promise<TIMLoginStatus> {
    return this.#asked("GetLoginStatus", { name: "GetLoginStatus" }, (json) => {
      if (typeof json !== "number" || TIMLoginStatus[json] === undefined) throw new Error("it is no TIMLoginStatus");
      return json;
    });
  }

  /** The core's version, such as "8.0.5903". Maps `TIMGetSDKVersion`. Rejects with a BridgeError. */
  getSdkVersion(): Promise<string> {
    return this.#asked("GetSDKVersion", { name: "GetSdkVersion" }, (json) => {
      if (typeof json !== "string") throw new Error("it is no text");
      return json;
    });
  }

  /** Hears of every conversation that is gone, whoever deleted it. The core's deletion event. */
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

  /** Hears the whole list after events were lost: the bridge asks for it by itself. */
  onConversationListReset(listener: (event: ConversationListReset) => void): Unsubscribe {
    return listen("onConversationListReset", this.#feed.reset, listener);
  }

  /** Hears that who is signed in has changed without a call of this bridge's. */
  onSessionChanged(listener: (event: SessionChanged) => void): Unsubscribe {
    return listen("onSessionChanged", this.#session, listener);
  }

  /** Hears that the core's connection has changed. `TIMSetNetworkStatusListenerCallback`. */
  onConnectionChanged(listener: (event: ConnectionChanged) => void): Unsubscribe {
    return listen("onConnectionChanged", this.#connection, listener);
  }

  /** Hears of every deletion's end, whoever asked for it, script or C#. */
  onDeleteCompleted(listener: (event: DeleteCompleted) => void): Unsubscribe {
    return listen("onDeleteCompleted", this.#completed, listener);
  }

  /** Hears of answers that came after their deadline. */
  onLateResult(listener: (event: LateResult) => void): Unsubscribe {
    return listen("onLateResult", this.#late, listener);
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
    this.#shutDown();
  }

  /** Registers a deletion, hands it to the core, and sees to its completion. Returns why it was refused. */
  #delete(
    deletion: Deletion,
    epoch: number,
    settled: (done: DeleteCompleted) => void,
    isCancelled: () => boolean = () => false,
  ): BridgeError | undefined {
    const finish = (done: DeleteCompleted): void => {
      this.#publisher.deleteCompleted(done);
      this.#deliver(() => {
        this.#guard(() => settled(done));
        this.#completed.emit(done);
      });
    };
    if (deletion.method.name === "ConvDeleteConversationList" && this.#lacksBatches) {
      return this.#deleteOneByOne(deletion, epoch, finish, isCancelled);
    }
    const refusal = this.#call(
      deletion.call,
      deletion.method,
      true,
      (settlement) => finish(completionOf(deletion, settlement)),
      { epoch, requestId: deletion.requestId, late: (result) => this.#lateAnswer(deletion, result) },
    );
    if (deletion.method.name === "ConvDeleteConversationList" && refusal?.code === TIMResult.BRIDGE_ERR_UNSUPPORTED) {
      this.#lacksBatches = true;
      return this.#deleteOneByOne(deletion, epoch, finish, isCancelled);
    }
    return refusal;
  }

  #deleteOneByOne(
    deletion: Deletion,
    epoch: number,
    finish: (done: DeleteCompleted) => void,
    isCancelled: () => boolean,
  ): BridgeError | undefined {
    if (!this.#open) return returnError(TIMResult.BRIDGE_ERR_CLOSED, deletion.call);
    if (epoch !== this.#epoch) return returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, deletion.call);
    const clears = deletion.method.name === "ConvDeleteConversationList" && deletion.method.clearMessage;
    if (!clears) return cannotKeepHistory(deletion.call);
    return this.#oneByOne.delete(deletion, epoch, this.#host.now() + this.#options.timeoutMs, finish, isCancelled);
  }

  #newOneByOne(): OneByOne {
    return new OneByOne({
      minimumGapMs: this.#minimumGapMs,
      now: () => this.#host.now(),
      at: (time, job) => this.#at(time, job),
      start: (key, { deletion, epoch, deadline, first }, settled) => {
        const single = singleDeletion(key, deletion.requestId);
        return this.#call(
          single.call,
          single.method,
          true,
          (settlement) => {
            const [result] = completionOf(single, settlement).results;
            if (result !== undefined) settled(result);
          },
          // The ledger lets a request of C#'s through once, for the first.
          {
            epoch,
            deadline,
            requestId: first ? deletion.requestId : 0,
            late: (result) => this.#lateAnswer(single, result),
          },
        );
      },
    });
  }

  #newFeed(): ConversationFeed {
    return new ConversationFeed({
      publisher: this.#publisher,
      deliver: (delivery) => this.#deliver(delivery),
      malformed: (what) => this.#malformed(what),
      report: (error) => this.#report(error),
      listenerFailed: (error) => this.#callbackFailed(error),
      unknownEvent: () => {
        this.#counters.unknownEvents++;
      },
      updateDropped: () => {
        this.#counters.updatesDropped++;
      },
      list: (settled) => this.#list(settled),
      now: () => this.#host.now(),
      at: (time, job) => this.#at(time, job),
    });
  }

  #takeBatchTurn(): number {
    const turn = Math.max(this.#host.now(), this.#nextBatchTurn);
    this.#nextBatchTurn = turn + this.#minimumGapMs;
    return turn;
  }

  get #minimumGapMs(): number {
    return 1000 / this.#options.batchesPerSecond;
  }

  /** Asks the core something of itself, in no user's name: another login epoch does not end it. */
  async #asked<T>(name: string, method: CoreMethod, read: (json: unknown) => T): Promise<T> {
    const answer = await this.#promised<CoreResult | BridgeError>(name, (settle) =>
      this.#call(name, method, false, (settlement) => {
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

  #lateAnswer(deletion: Deletion, result: CoreResult): void {
    const { requestId, results } = completionOf(deletion, { kind: "answered", result });
    this.#counters.lateResults++;
    this.#publisher.lateResult(requestId, results);
    this.#deliver(() => this.#late.emit({ requestId, results }));
  }

  #list(settled: (answer: ListAnswer) => void): BridgeError | undefined {
    return this.#call("ConvGetConvList", { name: "ConvGetConvList" }, true, (settlement) => {
      const answer = this.#readList(settlement);
      this.#deliver(() => this.#guard(() => settled(answer)));
    });
  }

  #readList(settlement: Settlement): ListAnswer {
    if (settlement.kind !== "answered") {
      return noList(unansweredError("ConvGetConvList", settlement, "Ask again."));
    }
    const { source, code, desc } = settlement.result;
    const list = readConvInfos(settlement.result);
    for (const problem of list.problems) this.#malformed(`the core's conversation list: ${problem}`);
    this.#feed.listed(list.items);
    if (code !== 0) {
      return { code, desc, conversations: list.items, error: answerError(source, code, desc, "ConvGetConvList") };
    }
    // No list must not pass for an empty one.
    if (list.unreadable !== undefined) return noList(unreadableList(list.unreadable));
    return { code, desc, conversations: list.items };
  }

  #sessionCall(
    name: string,
    method: CoreMethod,
    callback: TIMCallback<undefined> | undefined,
  ): BridgeError | undefined {
    if (this.#options.attach) return returnError(TIMResult.BRIDGE_ERR_NOT_OWNER, name);
    const asked = this.#epoch;
    const refusal = this.#call(name, method, false, (settlement) => {
      const { code, desc } = settlement.kind === "answered" ? settlement.result : sessionUnanswered(name, settlement);
      this.#deliver(() => this.#guard(() => callback?.(code, desc, undefined)));
    });
    const reachedTheCore = refusal === undefined || refusal.source === ErrorSource.SDK_RETURN;
    // The plugin counts at its own door, before it calls the core, and may know of a change that script has not heard of.
    const plugins = this.#core.behindPlugin ? this.#host.pluginEpoch() : 0;
    this.#raiseEpoch(Math.max(reachedTheCore ? asked + 1 : asked, plugins), "tell the plugin");
    return refusal;
  }

  /** Invariant 1: register first, then send; whoever takes the entry out settles. Returns why it was refused. */
  #call(
    name: string,
    method: CoreMethod,
    endsWithEpoch: boolean,
    settle: (settlement: Settlement) => void,
    more: { epoch?: number; deadline?: number; requestId?: number; late?: (result: CoreResult) => void } = {},
  ): BridgeError | undefined {
    if (!this.#open) return returnError(TIMResult.BRIDGE_ERR_CLOSED, name);
    const epoch = more.epoch ?? this.#epoch;
    if (epoch !== this.#epoch) return returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, name);
    const callId = this.#pending.add({
      epoch,
      deadline: more.deadline ?? this.#host.now() + this.#options.timeoutMs,
      endsWithEpoch,
      settle: (settlement) => {
        // First: a callback that calls again must find room.
        if (settlement.kind !== "answered") this.#abandon(callId as number);
        this.#guard(() => settle(settlement));
      },
      ...(more.late === undefined ? {} : { late: more.late }),
    });
    if (callId === undefined) return returnError(TIMResult.BRIDGE_ERR_BUSY, name);
    let result: number;
    try {
      result = this.#core.send({ callId, epoch, originRequestId: more.requestId ?? 0, method });
    } catch (error) {
      // It may have reached the core before it threw: that is no refusal.
      this.#host.later(() => this.#pending.giveUp(callId, error));
      return undefined;
    }
    if (result !== 0) {
      this.#pending.take(callId);
      return returnError(result, name);
    }
    this.#host.turnAt(this.#pending.nextDeadline);
    return undefined;
  }

  #abandon(callId: number): void {
    if (!this.#open) return;
    try {
      this.#core.abandon?.(callId);
    } catch (error) {
      this.#report(error);
    }
  }

  /** A deletion that C# asked for. It is completed under its request id, whatever becomes of it. */
  #requestFromCSharp(frame: ToScript): void {
    const request = readRequest(frame);
    if (request.kind === "malformed") {
      this.#malformed(request.problem);
      if (request.requestId === 0) return;
      const error = invalidArgument(request.problem);
      this.#complete(
        completed(
          { call: "ConvDelete", requestId: request.requestId, keys: [], method: { name: "ConvGetConvList" } },
          Outcome.NOT_SENT,
          error,
        ),
      );
      return;
    }
    const { deletion } = request;
    if (frame.epoch !== this.#epoch) {
      const error = returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, deletion.call);
      this.#complete(completed(deletion, Outcome.NOT_SENT, error));
      return;
    }
    const refusal = this.#claim(deletion) ?? this.#delete(deletion, frame.epoch, () => {});
    // Not queued: C# has settled it.
    if (refusal === undefined || refusal.code === TIMResult.BRIDGE_ERR_NOT_QUEUED) return;
    this.#complete(completed(deletion, outcomeOf(refusal), refusal));
  }

  /** Behind the plugin the ledger is asked at the P/Invoke; a core in script asks here. Returns why it may not go on. */
  #claim({ call, requestId }: Deletion): BridgeError | undefined {
    const code = this.#core.behindPlugin ? 0 : this.#publisher.claim(requestId);
    return code === 0 ? undefined : returnError(code, call);
  }

  #complete(done: DeleteCompleted): void {
    this.#publisher.deleteCompleted(done);
    this.#deliver(() => this.#completed.emit(done));
  }

  /**
   * Invariant 5: C# is told at once, script in turn. What a callback or listener brings about from inside (it closes the
   * bridge, say) is delivered after all have heard what they are hearing now, so that both sides hear in one order.
   */
  #deliver(delivery: () => void): void {
    this.#deliveries.push(delivery);
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.#deliveries.shift(); next !== undefined; next = this.#deliveries.shift()) next();
    this.#delivering = false;
  }

  #sink(): CoreSink {
    return {
      result: (result) => {
        const call = this.#pending.take(result.callId);
        if (call !== undefined) {
          call.settle({ kind: "answered", result });
          return;
        }
        const expired = this.#pending.takeExpired(result.callId);
        if (expired?.late === undefined) this.#counters.strayResults++;
        else expired.late(result);
      },
      conversationEvent: (type, json) => this.#feed.event(type, json),
      networkStatus: (status, code, desc) => this.#networkStatus(status, code, desc),
      epochRaised: (epoch, kind) => this.#sessionChanged(epoch, kind, "tell the plugin"),
      eventsLost: (count) => {
        this.#counters.eventsLost += count;
        this.#feed.eventsLost();
      },
      malformed: (what) => this.#malformed(what),
    };
  }

  #handler(): HostHandler {
    return {
      frame: (frame) => {
        if (frame.body?.$case === "request") this.#requestFromCSharp(frame);
        else if (this.#core.receive !== undefined) this.#core.receive(frame);
        else this.#besidesCoreInScript(frame);
      },
      malformed: (what) => this.#malformed(what),
      lost: (reason) => {
        this.#report(
          returnError(
            reason === "replaced" ? TIMResult.BRIDGE_ERR_REPLACED : TIMResult.BRIDGE_ERR_CLOSED,
            "the bridge",
          ),
        );
        this.#shutDown();
      },
      turnEnded: () => this.#turnEnded(),
    };
  }

  /** The core lives in script, but the game's C# may tell of a change of user all the same. */
  #besidesCoreInScript(frame: ToScript): void {
    const event = frame.body?.$case === "event" ? frame.body.value.event : undefined;
    if (event?.$case === "session") this.#sessionChanged(frame.epoch, event.value.kind, "the plugin knows");
  }

  #sessionChanged(epoch: number, kind: SessionEventKind, plugin: "tell the plugin" | "the plugin knows"): void {
    this.#raiseEpoch(epoch, plugin);
    const change = sessionChangeOf(kind);
    if (change === undefined) return;
    this.#publisher.sessionChanged(kind);
    this.#deliver(() => this.#session.emit({ kind: change }));
  }

  #networkStatus(status: number, code: number, desc: string): void {
    if (TIMNetworkStatus[status] === undefined) {
      this.#counters.unknownEvents++;
      return;
    }
    const event: ConnectionChanged = { status, code, desc };
    this.#publisher.connectionChanged(event);
    this.#deliver(() => this.#connection.emit(event));
  }

  /** Invariant 3: what one user asked for never runs, nor is heard, as another's. */
  #raiseEpoch(epoch: number, plugin: "tell the plugin" | "the plugin knows"): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    if (!this.#core.behindPlugin && plugin === "tell the plugin") {
      this.#publisher.epochRaised(epoch);
      // The plugin may have counted further, for a change of its own that script has not heard of yet.
      this.#epoch = Math.max(epoch, this.#host.pluginEpoch());
    }
    this.#feed.newEpoch();
    this.#oneByOne.end(returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, "ConvDeleteConversationList"));
    this.#pending.endEpochsBefore(this.#epoch);
    // What waits its turn was asked for by the earlier user: it ends now.
    const waiting = this.#timers;
    this.#timers = [];
    for (const timer of waiting) this.#guard(timer.job);
  }

  #turnEnded(): void {
    const now = this.#host.now();
    const due = this.#timers.filter((timer) => timer.at <= now);
    this.#timers = this.#timers.filter((timer) => timer.at > now);
    for (const timer of due) this.#guard(timer.job);
    this.#pending.expire(now);
    const next = Math.min(this.#pending.nextDeadline, ...this.#timers.map((timer) => timer.at));
    if (this.#open && next !== Number.POSITIVE_INFINITY) this.#host.turnAt(next);
  }

  #at(time: number, job: () => void): () => void {
    const timer: Timer = { at: time, job };
    this.#timers.push(timer);
    if (this.#open) this.#host.turnAt(time);
    else this.#runOut();
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** What a long deletion has not begun when the bridge closes ends too, as not sent: there are no more turns. */
  #runOut(): void {
    if (this.#runningOut) return;
    this.#runningOut = true;
    for (let timer = this.#timers.shift(); timer !== undefined; timer = this.#timers.shift()) this.#guard(timer.job);
    this.#runningOut = false;
  }

  #shutDown(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#feed.newEpoch();
    this.#oneByOne.end(returnError(TIMResult.BRIDGE_ERR_CLOSED, "ConvDeleteConversationList"));
    this.#pending.close();
    this.#runOut();
    try {
      this.#core.close();
    } catch (error) {
      this.#report(error);
    }
    this.#host.close();
  }

  /** Turns a mistake of the caller's into a TIMResult and `lastError`. */
  #refusable(name: string, callback: unknown, call: () => BridgeError | undefined): TIMResult {
    try {
      if (callback !== undefined && callback !== null && typeof callback !== "function") {
        throw new Error(`the callback is a ${typeof callback}, not a function`);
      }
      const refusal = call();
      return refusal === undefined ? TIMResult.TIM_SUCC : this.#remember(refusal).code;
    } catch (error) {
      return this.#remember(asBridgeError(name, error)).code;
    }
  }

  #remember(error: BridgeError): BridgeError {
    const refusal = error.withOutcome(outcomeOf(error));
    this.#lastError = refusal;
    return refusal;
  }

  #promised<T>(name: string, start: (settle: (value: T) => void) => BridgeError | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const result = this.#refusable(name, undefined, () => start(resolve));
      if (result !== TIMResult.TIM_SUCC) reject(this.#lastError);
    });
  }

  /** A callback that throws harms no other. */
  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#callbackFailed(error);
    }
  }

  #callbackFailed(error: unknown): void {
    this.#counters.callbackErrors++;
    this.#report(error);
  }

  #malformed(what: string): void {
    this.#counters.malformed++;
    this.#report(bridgeError(TIMResult.BRIDGE_ERR_BAD_FRAME, ErrorCategory.PROTOCOL, what));
  }

  #report(error: unknown): void {
    try {
      if (this.#options.onError !== undefined) this.#options.onError(error);
      else logError(error);
    } catch {
      // Whoever listens for errors is the last who could be told of one.
    }
  }
}

declare const console: { error(...words: unknown[]): void } | undefined;

function logError(error: unknown): void {
  if (typeof console === "undefined") return;
  const words = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : thrownWords(error);
  console.error(`[tim-chatbridge] ${words}`);
}

function asBridgeError(name: string, error: unknown): BridgeError {
  if (isBridgeError(error)) return error;
  return invalidArgument(`${name}: ${messageOf(error)}. Nothing was deleted.`);
}

function isBridgeError(error: unknown): error is BridgeError {
  return error instanceof Error && error.name === "BridgeError";
}

interface Timer {
  readonly at: number;
  readonly job: () => void;
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

function sessionUnanswered(
  name: string,
  settlement: Exclude<Settlement, { kind: "answered" }>,
): { readonly code: number; readonly desc: string } {
  const error = unansweredError(name, settlement, "It may have taken effect, now or later.");
  return { code: error.code, desc: error.message };
}

function listen<T>(name: string, emitter: Emitter<T>, listener: (event: T) => void): Unsubscribe {
  if (typeof listener !== "function") {
    throw invalidArgument(`${name}: the listener is a ${typeof listener}; give a function.`);
  }
  return emitter.add(listener);
}

function checkListOptions({ onProgress, signal }: DeleteListOptions): void {
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new Error(`onProgress is a ${typeof onProgress}, not a function`);
  }
  if (signal !== undefined && typeof signal?.aborted !== "boolean") {
    throw new Error("signal is no signal; give an AbortSignal or a CancelSource's signal");
  }
}

/** Text that goes to the core as a C string. What it holds is not shown: it can be a UserSig. */
function checkText(what: string, text: unknown): void {
  if (typeof text !== "string") throw new Error(`${what} is a ${typeof text}, not a string`);
  if (text.includes("\0")) throw new Error(`${what} has a NUL character: the core would cut it there`);
  if (wellFormed(text) !== text) throw new Error(`${what} has half a character (a lone surrogate)`);
}

function positive(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw invalidArgument(`connect(): ${name} is ${String(value)}; give a number above 0.`);
}
