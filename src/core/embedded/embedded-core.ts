import type { ConvInfo } from "../../conversation/conv-info.js";
import { invalidArgument } from "../../errors/bridge-error.js";
import { kindOf } from "../../errors/kind-of.js";
import { ErrorSource } from "../../protocol/gen/chatbridge/v1/error.js";
import { CoreCode } from "../core-codes.js";
import type { CoreCall, CoreContext, CoreMethod, CoreSdk } from "../core-sdk.js";
import { maxBatch } from "../max-batch.js";
import { TIMConvEvent, TIMConvType, TIMLoginStatus, TIMResult } from "../tim-types.js";
import { idOf } from "./conv-info.js";
import { conversationKey, idProblem, parsePrefixed, printPrefixed, readId } from "./conversation-id.js";
import { EmbeddedDataError, readBoolean, readObject } from "./data-error.js";
import type { EmbeddedClient } from "./embedded-client.js";
import { EmbeddedServer } from "./embedded-server.js";
import type { EmbeddedState } from "./embedded-state.js";
import { MAX_UNDER_WAY, RequestLimiter } from "./request-limiter.js";

/** What an EmbeddedCore starts with. Without any, it is a signed-in user who has no conversations. */
export interface EmbeddedCoreOptions {
  /** Who is signed in from the start. Default: whom `state` has on this client, else "player". */
  readonly userId?: string;
  /**
   * That user's conversations: the vendor's ConvInfo list, as `TIMConvGetConvList` gives it, parsed or as JSON text. The
   * list of a real account will do.
   */
  readonly conversations?: readonly ConvInfo[] | string;
  /** The server to be a client of. Default: one of its own. */
  readonly server?: EmbeddedServer;
  /** What `toJSON()` gave, to go on from; parsed, or as JSON text. Not together with `server`. */
  readonly state?: EmbeddedState | string;
  /**
   * Which of the server's clients (devices) this is; where there is none of that id, a new one. Default: the first one in
   * `state`, and always a new one on a `server`.
   */
  readonly clientId?: string;
  /** The console's "Sync Conversation Deletion Across Clients". Default: as the server has it; a new one has it off. */
  readonly syncDeletionAcrossClients?: boolean;
  /** Whether to answer 9506 beyond 5 requests a second, and 9507 beyond 1000 under way. Default false. */
  readonly enforceLimits?: boolean;
  /** Whether it is initialised and signed in from the start. Default true; false: it waits for Init and Login. */
  readonly signedIn?: boolean;
  /** The version to pass for. Below 7.1 there is no batch deletion. Default "8.0.5903". */
  readonly coreVersion?: string;
  /** What a Del event carries: ConvInfo objects, as the vendor's header says, or id strings, as some cores send. */
  readonly deletedAs?: "infos" | "ids";
  /** Milliseconds, for `enforceLimits` and, where the server is this core's own, for messages. Default `Date.now`. */
  readonly now?: () => number;
}

const DEFAULT_USER = "player";
const DEFAULT_VERSION = "8.0.5903";

interface Outcome {
  readonly code: CoreCode;
  readonly desc: string;
  readonly json: string;
}

/** One stay of this core on a Bridge. */
interface Connection {
  readonly context: CoreContext;
  /** Events in the order in which they happened, not told yet. */
  readonly events: { readonly type: TIMConvEvent; readonly json: string; readonly epoch: number }[];
  /** Session calls under way: the Bridge's epoch is ahead of who is signed in here, by these. */
  changingUser: number;
  /** The Bridge's epoch before the first of them. */
  epochBefore: number;
  telling: boolean;
  underWay: number;
}

/**
 * A chat core that lives in script, with no account and no network: for a first try, for play mode, and for tests. It
 * answers as the native core does, with the same codes, and is one client of an EmbeddedServer.
 */
export class EmbeddedCore implements CoreSdk {
  readonly name = "embedded";
  readonly behindPlugin = false;
  /** The version it passes for. */
  readonly coreVersion: string;
  /** The server that it is a client of: send messages, join groups and look at histories there. */
  readonly server: EmbeddedServer;
  /** This client on that server: who is signed in, and its local copies. */
  readonly client: EmbeddedClient;
  readonly #startsAs: string | undefined;
  readonly #deletedAs: "infos" | "ids";
  readonly #limiter: RequestLimiter | undefined;
  #holdsClient = false;
  #connection: Connection | undefined;

  /** Throws an EmbeddedDataError that names the option, or the place in the list or state, that is wrong. */
  constructor(options: EmbeddedCoreOptions = {}) {
    const checked = readOptions(options);
    this.coreVersion = checked.coreVersion;
    this.#deletedAs = checked.deletedAs;
    this.#limiter = checked.enforceLimits ? new RequestLimiter(checked.now) : undefined;
    this.server = options.server ?? serverOf(options, checked.now);
    const clientId = options.clientId ?? (options.state === undefined ? undefined : this.server.clients[0]?.clientId);
    const known = this.server.clients.find((client) => client.clientId === clientId);
    if (known?.attached === true) {
      throw new EmbeddedDataError(
        "options.clientId",
        `is ${JSON.stringify(clientId)}, which another EmbeddedCore holds`,
      );
    }
    const userId = options.userId ?? known?.signedInAs ?? known?.users[0] ?? DEFAULT_USER;
    // Last of all that can fail, so that a server that was given is not changed by a core that never came to be.
    if (options.conversations !== undefined) this.server.importConversations(userId, options.conversations);
    if (options.syncDeletionAcrossClients !== undefined) {
      this.server.syncDeletionAcrossClients = options.syncDeletionAcrossClients;
    }
    this.client = known ?? this.server.client(clientId);
    this.#startsAs = checked.signedIn ? userId : undefined;
    this.#start();
  }

  open(context: CoreContext): void {
    if (this.#connection !== undefined) {
      throw invalidArgument(
        "connect(): this EmbeddedCore serves another bridge already. Close that one, or make another EmbeddedCore on the same server.",
      );
    }
    // After close(), as when a game is started again on the same device.
    if (!this.#holdsClient) this.#start();
    this.#connection = {
      context,
      events: [],
      changingUser: 0,
      epochBefore: 0,
      telling: false,
      underWay: 0,
    };
  }

  send(call: CoreCall): number {
    const connection = this.#connection;
    if (connection === undefined) return TIMResult.TIM_ERR_SDKUNINIT;
    const refusal = this.#refusalOf(call.method);
    if (refusal !== TIMResult.TIM_SUCC) return refusal;
    this.#answerLater(connection, call, this.#begin(connection, ownCopy(call.method)));
    return TIMResult.TIM_SUCC;
  }

  close(): void {
    this.#connection = undefined;
    if (!this.#holdsClient) return;
    this.client.detach();
    this.client.uninit();
    this.#holdsClient = false;
  }

  /** The whole state, the server's and all its clients', as plain JSON; `state` takes it. */
  toJSON(): EmbeddedState {
    return this.server.toJSON();
  }

  #start(): void {
    if (this.client.attached) {
      throw invalidArgument(
        `connect(): another EmbeddedCore holds client ${this.client.clientId} now. Close that one first.`,
      );
    }
    if (this.#startsAs === undefined) {
      this.client.uninit();
    } else {
      this.client.init();
      this.client.signIn(this.#startsAs);
    }
    // Only now: what it starts with is no news.
    this.client.attach((type, conversations) => this.#happened(type, conversations));
    this.#holdsClient = true;
  }

  /** What the C function returns where it refuses its arguments. */
  #refusalOf(method: CoreMethod): TIMResult {
    switch (method.name) {
      case "ConvDelete": {
        const { convId, convType } = method;
        const deletable = convType === TIMConvType.kTIMConv_C2C || convType === TIMConvType.kTIMConv_Group;
        return typeof convId === "string" && convId !== "" && deletable ? TIMResult.TIM_SUCC : TIMResult.TIM_ERR_PARAM;
      }
      case "ConvDeleteConversationList": {
        if (!this.#hasBatchDeletion()) return TIMResult.BRIDGE_ERR_UNSUPPORTED;
        const { convIds, clearMessage } = method;
        if (!Array.isArray(convIds) || typeof clearMessage !== "boolean") return TIMResult.TIM_ERR_PARAM;
        return convIds.length === 0 ? TIMResult.TIM_ERR_JSON : TIMResult.TIM_SUCC;
      }
      case "Login":
        return typeof method.userId === "string" && method.userId !== "" ? TIMResult.TIM_SUCC : TIMResult.TIM_ERR_PARAM;
      case "Init":
        return Number.isSafeInteger(method.sdkAppId) && method.sdkAppId > 0
          ? TIMResult.TIM_SUCC
          : TIMResult.TIM_ERR_PARAM;
      case "ConvGetConvList":
      case "Uninit":
      case "Logout":
      case "GetLoginStatus":
      case "GetSdkVersion":
        return TIMResult.TIM_SUCC;
      default:
        return TIMResult.BRIDGE_ERR_UNSUPPORTED;
    }
  }

  /** Does what the C function does before it returns; gives what is done, and answered, later. */
  #begin(connection: Connection, method: CoreMethod): () => Outcome {
    switch (method.name) {
      case "ConvDelete":
        return this.#whileSignedIn(
          "",
          this.#limited(connection, "", () => this.#convDelete(method)),
        );
      case "ConvDeleteConversationList":
        return this.#whileSignedIn(
          "[]",
          this.#limited(connection, "[]", () => this.#convDeleteList(method)),
        );
      case "ConvGetConvList":
        return this.#whileSignedIn("[]", () => {
          const list = this.client.conversations();
          return { code: CoreCode.Succ, desc: list.length === 0 ? "no conversation" : "", json: JSON.stringify(list) };
        });
      case "Init":
        this.client.init();
        return () => answer(CoreCode.Succ, "");
      case "Uninit":
        this.client.uninit();
        return () => answer(CoreCode.Succ, "");
      case "Login": {
        const initialised = this.client.initialised;
        return () => {
          if (!initialised || !this.client.initialised) return answer(CoreCode.NotInitialized, "not initialized");
          if (idProblem(method.userId) !== undefined) return answer(CoreCode.InvalidParameters, "invalid user_id");
          this.client.signIn(method.userId);
          return answer(CoreCode.Succ, "");
        };
      }
      case "Logout":
        return this.#whileSignedIn("", () => {
          this.client.signOut();
          return answer(CoreCode.Succ, "");
        });
      case "GetLoginStatus": {
        const { kTIMLoginStatus_Logined, kTIMLoginStatus_UnLogined } = TIMLoginStatus;
        const status = this.client.signedInAs === undefined ? kTIMLoginStatus_UnLogined : kTIMLoginStatus_Logined;
        return () => ({ code: CoreCode.Succ, desc: "", json: String(status) });
      }
      case "GetSdkVersion":
        return () => ({ code: CoreCode.Succ, desc: "", json: JSON.stringify(this.coreVersion) });
    }
  }

  /** Binds work to the user who is signed in now: as anyone else it is not done. `nothing` is its json then. */
  #whileSignedIn(nothing: string, work: () => Outcome): () => Outcome {
    const refusal = this.#refusalNow(nothing);
    if (refusal !== undefined) return () => refusal;
    const { session } = this.client;
    return () => {
      if (this.client.session === session) return work();
      return (
        this.#refusalNow(nothing) ?? {
          code: CoreCode.NotLoggedIn,
          desc: "asked for in an earlier login",
          json: nothing,
        }
      );
    };
  }

  #refusalNow(json: string): Outcome | undefined {
    if (!this.client.initialised) return { code: CoreCode.NotInitialized, desc: "not initialized", json };
    if (this.client.signedInAs === undefined) return { code: CoreCode.NotLoggedIn, desc: "not login", json };
    return undefined;
  }

  /** Counts a request against the vendor's limits, if that was asked for. One that gets no further takes no place. */
  #limited(connection: Connection, json: string, work: () => Outcome): () => Outcome {
    if (this.#limiter === undefined || this.#refusalNow(json) !== undefined) return work;
    if (connection.underWay >= MAX_UNDER_WAY) {
      return () => ({ code: CoreCode.RequestOverload, desc: "too many requests under way", json });
    }
    if (this.#limiter.take()) return work;
    return () => ({ code: CoreCode.RequestFrequency, desc: "more than 5 requests a second", json });
  }

  #convDelete(method: Extract<CoreMethod, { name: "ConvDelete" }>): Outcome {
    const { convId, convType } = method;
    if (idProblem(convId) !== undefined) return answer(CoreCode.InvalidParameters, "invalid conv_id");
    const [deleted] = this.server.deleteOn(this.client, [{ convId, convType }], true);
    return deleted === true ? answer(CoreCode.Succ, "") : answer(CoreCode.InvalidConversation, "invalid conversation");
  }

  #convDeleteList(method: Extract<CoreMethod, { name: "ConvDeleteConversationList" }>): Outcome {
    const { convIds, clearMessage } = method;
    if (convIds.length > maxBatch || convIds.some((id) => typeof id !== "string")) {
      return { code: CoreCode.InvalidParameters, desc: "conversation_id_array is invalid", json: "[]" };
    }
    const parsed = convIds.map(parsePrefixed);
    const distinct = new Map(parsed.flatMap((id) => (id === undefined ? [] : [[conversationKey(id), id]])));
    const deletions = this.server.deleteOn(this.client, [...distinct.values()], clearMessage);
    const deleted = new Set([...distinct.keys()].filter((_, index) => deletions[index]));
    const results = convIds.map((text, index) => {
      const id = parsed[index];
      const done = id !== undefined && deleted.has(conversationKey(id));
      const failure = id === undefined ? CoreCode.InvalidParameters : CoreCode.InvalidConversation;
      const why = id === undefined ? "invalid conversation id" : "invalid conversation";
      return {
        conversation_operation_result_conversation_id: text,
        conversation_operation_result_result_code: done ? CoreCode.Succ : failure,
        conversation_operation_result_result_info: done ? "" : why,
      };
    });
    const json = JSON.stringify(results);
    return deleted.size > 0
      ? { code: CoreCode.Succ, desc: "", json }
      : { code: CoreCode.BatchAllFailed, desc: "none of the conversations was deleted", json };
  }

  #hasBatchDeletion(): boolean {
    const [major = 0, minor = 0] = this.coreVersion.split(".").map(Number);
    return major > 7 || (major === 7 && minor >= 1);
  }

  #answerLater(connection: Connection, call: CoreCall, work: () => Outcome): void {
    const changing = beginsEpoch(call.method) ? 1 : 0;
    if (connection.changingUser === 0) connection.epochBefore = call.epoch;
    connection.changingUser += changing;
    connection.underWay++;
    connection.context.later(() => {
      connection.underWay--;
      if (this.#connection !== connection) return;
      // What happened before this call was carried out is told before its answer, and what it did after.
      this.#tell(connection);
      connection.changingUser -= changing;
      const outcome = work();
      connection.context.sink.result({ callId: call.callId, source: ErrorSource.SDK_CALLBACK, ...outcome });
      this.#tell(connection);
    });
  }

  #happened(type: TIMConvEvent, conversations: readonly ConvInfo[]): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const epoch = connection.changingUser > 0 ? connection.epochBefore : connection.context.currentEpoch();
    connection.events.push({ type, json: this.#eventJson(type, conversations), epoch });
    if (connection.telling) return;
    connection.telling = true;
    connection.context.later(() => {
      connection.telling = false;
      this.#tell(connection);
    });
  }

  #tell(connection: Connection): void {
    while (this.#connection === connection) {
      const event = connection.events.shift();
      if (event === undefined) return;
      connection.context.sink.conversationEvent(event.type, event.json, event.epoch);
    }
  }

  #eventJson(type: TIMConvEvent, conversations: readonly ConvInfo[]): string {
    if (type === TIMConvEvent.kTIMConvEvent_Start || type === TIMConvEvent.kTIMConvEvent_Finish) return "";
    const asIds = type === TIMConvEvent.kTIMConvEvent_Del && this.#deletedAs === "ids";
    return JSON.stringify(asIds ? conversations.map((info) => printPrefixed(idOf(info))) : conversations);
  }
}

/** The call as it was asked for: by the time it is carried out, the caller may have reused its objects. */
function ownCopy(method: CoreMethod): CoreMethod {
  return method.name === "ConvDeleteConversationList" ? { ...method, convIds: [...method.convIds] } : { ...method };
}

function answer(code: CoreCode, desc: string): Outcome {
  return { code, desc, json: "" };
}

function beginsEpoch({ name }: CoreMethod): boolean {
  return name === "Init" || name === "Uninit" || name === "Login" || name === "Logout";
}

function serverOf(options: EmbeddedCoreOptions, now: () => number): EmbeddedServer {
  return options.state === undefined ? new EmbeddedServer({ now }) : EmbeddedServer.fromJSON(options.state, { now });
}

function readOptions(options: EmbeddedCoreOptions) {
  readObject(options, "options");
  if (options.server !== undefined && options.state !== undefined) {
    throw new EmbeddedDataError(
      "options.state",
      "is given together with `server`, which has a state of its own: give one",
    );
  }
  if (options.server !== undefined && !(options.server instanceof EmbeddedServer)) {
    throw new EmbeddedDataError("options.server", `is ${kindOf(options.server)}; an EmbeddedServer was expected`);
  }
  if (options.userId !== undefined) readId(options.userId, "options.userId");
  if (options.clientId !== undefined) readId(options.clientId, "options.clientId");
  if (options.syncDeletionAcrossClients !== undefined) {
    readBoolean(options.syncDeletionAcrossClients, "options.syncDeletionAcrossClients");
  }
  const { coreVersion = DEFAULT_VERSION, deletedAs = "infos", now = Date.now } = options;
  if (!/^\d+\.\d+(\.\d+)*$/.test(coreVersion)) {
    throw new EmbeddedDataError("options.coreVersion", 'is no version; one like "8.0.5903" was expected');
  }
  if (deletedAs !== "infos" && deletedAs !== "ids") {
    throw new EmbeddedDataError("options.deletedAs", 'is neither "infos" nor "ids"');
  }
  if (typeof now !== "function") {
    throw new EmbeddedDataError("options.now", `is ${kindOf(now)}; a function that gives milliseconds was expected`);
  }
  return {
    coreVersion,
    deletedAs,
    now,
    enforceLimits: readBoolean(options.enforceLimits ?? false, "options.enforceLimits"),
    signedIn: readBoolean(options.signedIn ?? true, "options.signedIn"),
  };
}
