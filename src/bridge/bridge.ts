import { type Conversation, readConvInfos, readDeletedKeys } from "../conversation/conv-info.js";
import { type ConversationKey, keyOf, parseConversation } from "../conversation/conversation-key.js";
import type { CoreMethod, CoreResult, CoreSdk, CoreSink } from "../core/core-sdk.js";
import { TIMConvEvent, type TIMConvType, TIMResult } from "../core/tim-types.js";
import type { Host, HostHandler } from "../host/host.js";
import { Outcome } from "../protocol/gen/chatbridge/v1/conversation.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { type DeleteListOptions, deleteInBatches } from "./batch-deletion.js";
import {
  type BridgeError,
  bridgeError,
  callbackError,
  ErrorCategory,
  invalidArgument,
  returnError,
} from "./bridge-error.js";
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
import { PendingCalls, type Settlement } from "./pending-calls.js";
import { noticeParts, Publisher } from "./publisher.js";

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

/** Conversations are gone from this client's list, deleted here or on another client. */
export interface ConversationsDeleted {
  readonly conversations: readonly ConversationKey[];
}

/** The core answered a deletion after its deadline, when it had been settled as unknown. */
export interface LateResult {
  /** C#'s number for it; 0: script asked. */
  readonly requestId: number;
  readonly results: readonly DeleteResult[];
}

/** What has happened that no caller was told of. Each only grows. */
export interface BridgeCounters {
  /** Answers to calls that were settled already, or that nobody made. */
  readonly strayResults: number;
  /** Answers that came after their deadline, and were told to `onLateResult`. */
  readonly lateResults: number;
  /** Frames, events or lists that could not be read; each was told to `onError`. */
  readonly malformed: number;
  /** Events that the plugin could not keep. */
  readonly eventsLost: number;
  /** Callbacks and listeners that threw; each was told to `onError`. */
  readonly callbackErrors: number;
}

/** How a Bridge behaves. */
export interface BridgeOptions {
  /** How long the core has for an answer, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** How many calls may be under way. Default 16 384. */
  readonly maxPendingCalls?: number;
  /** Batches that `deleteConversationList` starts in a second, at most. Default 5, the core's own limit. */
  readonly batchesPerSecond?: number;
  /** Hears what went wrong where no caller can be told: a callback that threw, a frame that cannot be read. Default: the console. */
  readonly onError?: (error: unknown) => void;
}

const maxListIds = 100;

/**
 * The bridge: deletes conversations on whatever core it was connected to, exactly once or with a clear word that it did
 * not happen. Made by `connect()`. Everything runs on the script's own thread; callbacks and events come on the
 * bridge's turn, once a game frame in Unity, in the order in which the core reported, and never inside a call.
 */
export class Bridge {
  readonly #core: CoreSdk;
  readonly #host: Host;
  readonly #pending: PendingCalls;
  readonly #publisher: Publisher;
  readonly #options: Required<Omit<BridgeOptions, "onError">> & Pick<BridgeOptions, "onError">;
  readonly #deleted = new Emitter<ConversationsDeleted>((error) => this.#callbackFailed(error));
  readonly #completed = new Emitter<DeleteCompleted>((error) => this.#callbackFailed(error));
  readonly #late = new Emitter<LateResult>((error) => this.#callbackFailed(error));
  readonly #counters = { strayResults: 0, lateResults: 0, malformed: 0, eventsLost: 0, callbackErrors: 0 };
  #timers: { readonly at: number; readonly job: () => void }[] = [];
  #epoch: number;
  #open = true;
  #lastError: BridgeError | undefined;

  /** @internal Made by `connect()`. */
  constructor(core: CoreSdk, host: Host, options: BridgeOptions = {}) {
    this.#core = core;
    this.#host = host;
    this.#options = {
      timeoutMs: positive("timeoutMs", options.timeoutMs ?? 30_000),
      maxPendingCalls: positive("maxPendingCalls", options.maxPendingCalls ?? 16_384),
      batchesPerSecond: positive("batchesPerSecond", options.batchesPerSecond ?? 5),
      ...(options.onError === undefined ? {} : { onError: options.onError }),
    };
    this.#pending = new PendingCalls(this.#options.maxPendingCalls);
    this.#publisher = new Publisher(host.plugin, (what) => this.#malformed(what));
    core.open({ sink: this.#sink(), later: (job) => host.later(job), plugin: host.plugin });
    this.#epoch = host.start(this.#handler());
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
   * Deletes up to 100 conversations. Maps `TIMConvDeleteConversationList` (core 7.1 and later).
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
      const keys = checkedList(conversations);
      if (keys.length > maxListIds) {
        throw new Error(
          `${keys.length} conversations are more than the ${maxListIds} of one call; use deleteConversationList for any number`,
        );
      }
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
    return this.#refusable("ConvGetConvList", callback, () =>
      this.#call("ConvGetConvList", { name: "ConvGetConvList" }, true, (settlement) => {
        if (settlement.kind !== "answered") {
          const error = unansweredError("ConvGetConvList", settlement);
          callback(error.code, error.message, [], user_data as UserData);
          return;
        }
        const { code, desc, json } = settlement.result;
        const list = readConvInfos(json);
        for (const problem of list.problems) this.#malformed(`the core's conversation list: ${problem}`);
        callback(code, desc, list.items, user_data as UserData);
      }),
    );
  }

  /**
   * Initialises the core. Maps `TIMInit`. Begins a new login epoch. Not needed on an EmbeddedCore, or where the game's
   * other code has initialised the core.
   */
  Init(sdk_app_id: number, json_sdk_config = "", callback?: TIMCallback<undefined>): TIMResult {
    return this.#refusable("Init", callback, () => {
      if (!Number.isSafeInteger(sdk_app_id) || sdk_app_id <= 0) {
        throw new Error(
          `sdk_app_id is ${String(sdk_app_id)}; give the SDKAppID of the console, a positive whole number`,
        );
      }
      return this.#sessionCall(
        "Init",
        { name: "Init", sdkAppId: sdk_app_id, jsonSdkConfig: json_sdk_config },
        callback,
      );
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
    try {
      if (!this.#open) throw returnError(TIMResult.BRIDGE_ERR_CLOSED, "deleteConversationList");
      keys = checkedList(conversations);
      if (typeof options?.clearMessage !== "boolean") {
        throw new Error("clearMessage is missing: say true to clear the history for good or false to keep it");
      }
    } catch (error) {
      throw this.#remember(asBridgeError("deleteConversationList", error));
    }
    const epoch = this.#epoch;
    return deleteInBatches(keys, options, {
      minimumGapMs: 1000 / this.#options.batchesPerSecond,
      now: () => this.#host.now(),
      at: (time, job) => this.#at(time, job),
      start: (batch, settled) => {
        const deletion = batchDeletion(batch, options.clearMessage, 0);
        const result = this.#delete(deletion, epoch, settled);
        if (result === TIMResult.TIM_SUCC) return;
        const error = this.#lastError ?? returnError(result, deletion.call);
        settled(completed(deletion, Outcome.NOT_SENT, error));
      },
      reportFailed: (error) => this.#callbackFailed(error),
    });
  }

  /** The conversation list. Rejects with a BridgeError. */
  async getConversationList(): Promise<readonly Conversation[]> {
    const [code, desc, conversations] = await this.#promised<[number, string, readonly Conversation[]]>(
      "getConversationList",
      (settle) => this.ConvGetConvList((...answer) => settle([answer[0], answer[1], answer[2]])),
    );
    if (code !== 0)
      throw code <= -1000
        ? bridgeError(code, ErrorCategory.TIMEOUT, desc)
        : callbackError(code, desc, "ConvGetConvList");
    return conversations;
  }

  /** Hears of every conversation that is gone, whoever deleted it. The core's deletion event. */
  onConversationDeleted(listener: (event: ConversationsDeleted) => void): Unsubscribe {
    return this.#deleted.add(listener);
  }

  /** Hears of every deletion's end, whoever asked for it, script or C#. */
  onDeleteCompleted(listener: (event: DeleteCompleted) => void): Unsubscribe {
    return this.#completed.add(listener);
  }

  /** Hears of answers that came after their deadline. */
  onLateResult(listener: (event: LateResult) => void): Unsubscribe {
    return this.#late.add(listener);
  }

  /**
   * Ends the bridge. Calls under way settle at once: what the core had been given ends as unknown. Nothing is called
   * back afterwards. Closing twice does nothing.
   */
  close(): void {
    this.#shutDown();
  }

  /** Registers a deletion, hands it to the core, and sees to its completion. */
  #delete(deletion: Deletion, epoch: number, settled: (done: DeleteCompleted) => void): TIMResult {
    return this.#call(
      deletion.call,
      deletion.method,
      true,
      (settlement) => {
        const done = completionOf(deletion, settlement);
        // C# first, and then script: both sides hear in one order even if a callback asks for more from inside.
        this.#publisher.deleteCompleted(done);
        this.#guard(() => settled(done));
        this.#completed.emit(done);
      },
      { epoch, requestId: deletion.requestId, late: (result) => this.#lateAnswer(deletion, result) },
    );
  }

  #lateAnswer(deletion: Deletion, result: CoreResult): void {
    const { requestId, results } = completionOf(deletion, { kind: "answered", result });
    this.#counters.lateResults++;
    this.#publisher.lateResult(requestId, results);
    this.#late.emit({ requestId, results });
  }

  #sessionCall(name: string, method: CoreMethod, callback: TIMCallback<undefined> | undefined): TIMResult {
    const asked = this.#epoch;
    const result = this.#call(name, method, false, (settlement) => {
      if (settlement.kind === "answered") callback?.(settlement.result.code, settlement.result.desc, undefined);
      else {
        const error = unansweredError(name, settlement);
        callback?.(error.code, error.message, undefined);
      }
    });
    // The plugin counts the same at its door, before it calls the core, whatever the core then returns.
    if (result > TIMResult.BRIDGE_ERR_REPLACED) this.#raiseEpoch(asked + 1);
    return result;
  }

  /** Invariant 1: register first, then send; whoever takes the entry out settles. */
  #call(
    name: string,
    method: CoreMethod,
    endsWithEpoch: boolean,
    settle: (settlement: Settlement) => void,
    more: { epoch?: number; requestId?: number; late?: (result: CoreResult) => void } = {},
  ): TIMResult {
    if (!this.#open) return this.#refuse(returnError(TIMResult.BRIDGE_ERR_CLOSED, name));
    const epoch = more.epoch ?? this.#epoch;
    if (epoch !== this.#epoch) return this.#refuse(returnError(TIMResult.BRIDGE_ERR_STALE_EPOCH, name));
    const callId = this.#pending.add({
      epoch,
      deadline: this.#host.now() + this.#options.timeoutMs,
      endsWithEpoch,
      settle: (settlement) => this.#guard(() => settle(settlement)),
      ...(more.late === undefined ? {} : { late: more.late }),
    });
    if (callId === undefined) return this.#refuse(returnError(TIMResult.BRIDGE_ERR_BUSY, name));
    let result: number;
    try {
      result = this.#core.send({ callId, epoch, originRequestId: more.requestId ?? 0, method });
    } catch (error) {
      // It may have reached the core before it threw: that is no refusal.
      this.#host.later(() => this.#pending.take(callId)?.settle({ kind: "threw", error }));
      return TIMResult.TIM_SUCC;
    }
    if (result !== 0) {
      this.#pending.take(callId);
      return this.#refuse(returnError(result, name));
    }
    this.#host.turnAt(this.#pending.nextDeadline);
    return TIMResult.TIM_SUCC;
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
    // Behind the plugin the ledger is asked at the P/Invoke; a core in script asks here. A no means that C# has settled it.
    if (!this.#core.behindPlugin && !this.#publisher.claim(deletion.requestId)) return;
    const result = this.#delete(deletion, frame.epoch, () => {});
    if (result === TIMResult.TIM_SUCC || result === TIMResult.BRIDGE_ERR_NOT_QUEUED) return;
    const error = this.#lastError ?? returnError(result, deletion.call);
    const refusedByBridge = result <= TIMResult.BRIDGE_ERR_REPLACED;
    this.#complete(completed(deletion, refusedByBridge ? Outcome.NOT_SENT : Outcome.FAILED, error));
  }

  #complete(done: DeleteCompleted): void {
    this.#publisher.deleteCompleted(done);
    this.#completed.emit(done);
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
        if (expired === undefined) this.#counters.strayResults++;
        else expired.late?.(result);
      },
      conversationEvent: (type, json) => this.#conversationEvent(type, json),
      epochRaised: (epoch) => this.#raiseEpoch(epoch),
      eventsLost: (count) => {
        this.#counters.eventsLost += count;
      },
      malformed: (what) => this.#malformed(what),
    };
  }

  #handler(): HostHandler {
    return {
      frame: (frame) => {
        if (frame.body?.$case === "request") this.#requestFromCSharp(frame);
        else this.#core.receive?.(frame);
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

  #conversationEvent(type: number, json: string): void {
    if (type !== TIMConvEvent.kTIMConvEvent_Del) return;
    const { items, problems } = readDeletedKeys(json);
    for (const problem of problems) this.#malformed(`the core's deletion event: ${problem}`);
    for (const conversations of noticeParts(items)) {
      this.#publisher.conversationsDeleted(conversations);
      this.#deleted.emit({ conversations });
    }
  }

  /** Invariant 3: what one user asked for never runs, nor is heard, as another's. */
  #raiseEpoch(epoch: number): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    if (!this.#core.behindPlugin) this.#publisher.epochRaised(epoch);
    this.#pending.endEpochsBefore(epoch);
  }

  #turnEnded(): void {
    const now = this.#host.now();
    const due = this.#timers.filter((timer) => timer.at <= now);
    this.#timers = this.#timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.job();
    this.#pending.expire(now);
    const next = Math.min(this.#pending.nextDeadline, ...this.#timers.map((timer) => timer.at));
    if (this.#open && next !== Number.POSITIVE_INFINITY) this.#host.turnAt(next);
  }

  #at(time: number, job: () => void): void {
    this.#timers.push({ at: time, job });
    this.#host.turnAt(time);
  }

  #shutDown(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pending.close();
    // What a long deletion has not begun ends here too, as not sent.
    for (let timer = this.#timers.shift(); timer !== undefined; timer = this.#timers.shift()) timer.job();
    this.#core.close();
    this.#host.close();
  }

  /** Turns a mistake of the caller's into a TIMResult and `lastError`. */
  #refusable(name: string, callback: unknown, call: () => TIMResult): TIMResult {
    try {
      if (callback !== undefined && callback !== null && typeof callback !== "function") {
        throw new Error(`the callback is a ${typeof callback}, not a function`);
      }
      return call();
    } catch (error) {
      return this.#refuse(asBridgeError(name, error));
    }
  }

  #refuse(error: BridgeError): TIMResult {
    this.#remember(error);
    return error.code;
  }

  #remember(error: BridgeError): BridgeError {
    const notSent = error.withOutcome(Outcome.NOT_SENT);
    this.#lastError = notSent;
    return notSent;
  }

  #promised<T>(name: string, start: (settle: (value: T) => void) => TIMResult): Promise<T> {
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
  const words = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
  console.error(`[tim-chatbridge] ${words}`);
}

function asBridgeError(name: string, error: unknown): BridgeError {
  if (isBridgeError(error)) return error;
  return invalidArgument(`${name}: ${error instanceof Error ? error.message : String(error)}. Nothing was deleted.`);
}

function isBridgeError(error: unknown): error is BridgeError {
  return error instanceof Error && error.name === "BridgeError";
}

function checkedList(conversations: unknown): readonly ConversationKey[] {
  if (!Array.isArray(conversations)) throw new Error("the conversations are not an array");
  if (conversations.length === 0) throw new Error("the list of conversations is empty");
  return conversations.map((entry: string | ConversationKey, index) => {
    try {
      const key = parseConversation(entry);
      if ("systemId" in key) throw new Error(`${key.systemId} cannot be deleted in a batch on this core`);
      return key;
    } catch (error) {
      throw new Error(`conversation ${index}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

function positive(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw invalidArgument(`connect(): ${name} is ${String(value)}; give a number above 0.`);
}
