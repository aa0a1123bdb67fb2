import type { CoreMethod, CoreResult } from "../core/core-sdk.js";
import { TIMConvEvent, TIMLoginStatus, TIMNetworkStatus, TIMResult } from "../core/tim-types.js";
import { returnError } from "../errors/answer-errors.js";
import { type BridgeError, ErrorSource } from "../errors/bridge-error.js";
import type { QueuePlace } from "../host/heard-until.js";
import { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { BridgeContext } from "./bridge-context.js";
import type { TIMCallback } from "./callbacks.js";
import type { ConversationFeed } from "./conversation-feed.js";
import { type ConnectionChanged, type SessionChanged, sessionChangeOf } from "./core-events.js";
import type { CSharpRequests } from "./csharp-requests.js";
import type { Deleter } from "./deleter.js";
import type { Settlement } from "./pending-calls.js";
import type { SessionCall, SignedInUser } from "./signed-in-user.js";
import { unansweredError } from "./unanswered-error.js";

/** The plugin takes no higher one from script. */
const highestEpoch = 0x7fff_ffff;

/** Whether the plugin has to be told of a new login epoch, or counted it itself. */
type PluginKnows = "tell the plugin" | "the plugin knows";

/** Who is signed in: the calls that change it, the core's word that it has changed, and the login epochs that follow. */
export class LoginSession {
  readonly changed;
  readonly connection;
  readonly #context: BridgeContext;
  readonly #feed: ConversationFeed;
  readonly #deleter: Deleter;
  readonly #requests: CSharpRequests;
  readonly #user: SignedInUser;
  /** How often the user had changed when the feed last heard of it. */
  #changesFed = 0;
  /** Changes that came while a session call was under way: to be told when it has ended. */
  #changesHeld: SessionEventKind[] = [];
  /** Those of them that came before a call's answer that has signed somebody in or out. */
  #signOffsBefore: SessionEventKind[] = [];
  /** Of the session calls that were under way together, the last that has signed somebody in or out. */
  #lastSigned: SessionCall | undefined;
  /** A change that the plugin has counted and script has not heard of: until it has, it is as if a session call were under way. */
  #unheard: { readonly change: SessionCall; readonly before: QueuePlace } | undefined;

  constructor(context: BridgeContext, feed: ConversationFeed, deleter: Deleter, requests: CSharpRequests) {
    this.#context = context;
    this.#user = context.user;
    this.#requests = requests;
    this.#feed = feed;
    this.#deleter = deleter;
    this.changed = context.newEmitter<SessionChanged>();
    this.connection = context.newEmitter<ConnectionChanged>();
  }

  /** Whether the conversation list that the core would give now is certain to be that of whoever is signed in. */
  get mayList(): boolean {
    return (
      this.#user.isCertain && this.#user.mayBeThere && this.#context.calls.refusal("ConvGetConvList") === undefined
    );
  }

  /** Init, Uninit, Login or Logout. Returns why it was refused. */
  call(name: string, method: CoreMethod, callback: TIMCallback<undefined> | undefined): BridgeError | undefined {
    const { calls, core, deliveries, host, reporter, settings } = this.#context;
    if (settings.attach) return returnError(TIMResult.BRIDGE_ERR_NOT_OWNER, name);
    const asked = calls.epoch;
    const call = this.#user.began(method);
    const settled = (settlement: Settlement): void => {
      // Also where another change is under way as yet: what C# asks for from here on knows of this one.
      if (this.#user.isUnderWay(call)) this.#requests.userWasChanging();
      if (this.#user.ended(call, settlement)) this.#hasSigned(call);
      this.#user.callbackIsDue();
      // In the core's order: what was kept back came before this answer.
      this.#releaseIfCertain();
      const { code, desc } = settlement.kind === "answered" ? settlement.result : unanswered(name, settlement);
      deliveries.deliver(() => {
        this.#user.callbackHasCome();
        reporter.guard(() => callback?.(code, desc, undefined));
      });
    };
    const refusal = calls.start(name, method, false, settled, { late: (result) => this.#endedLate(call, result) });
    const reachedTheCore = refusal === undefined || refusal.source === ErrorSource.SDK_RETURN;
    const counted = reachedTheCore ? asked + 1 : asked;
    // The plugin counts at its own door, before it calls the core, and may know of a change that script has not heard of.
    const plugins = core.behindPlugin ? host.pluginEpoch() : 0;
    if (plugins > counted) this.#awaitUnheard();
    if (refusal !== undefined) this.#user.refused(call);
    this.#raiseEpoch(Math.max(counted, plugins), "tell the plugin");
    this.#releaseIfCertain();
    return refusal;
  }

  /** Changes of user that wait since before this script connected: until it has heard of them it may not delete. */
  connected(): void {
    const { core, host } = this.#context;
    if (core.behindPlugin && !host.hasHeard(host.endOfQueue())) this.#awaitUnheard();
  }

  /** The bridge closes: C#, which lives on, is told of changes of user that nobody else will tell of. */
  closing(): void {
    const { calls, host, publisher } = this.#context;
    const isChange = ({ body }: ToScript): boolean =>
      body?.$case === "result"
        ? body.value.code === 0 && calls.changesUser(body.value.callId)
        : body?.$case === "event" && body.value.event?.$case === "session";
    if (host.undelivered().some(isChange)) publisher.sessionChanged(SessionEventKind.NOTIFIED);
  }

  /** Before each frame, and at each turn's end: a change that was waited for may have been heard. */
  releaseWhatIsHeard(): void {
    if (this.#unheard === undefined || !this.#context.host.hasHeard(this.#unheard.before)) return;
    this.#user.refused(this.#unheard.change);
    this.#unheard = undefined;
    this.#releaseIfCertain();
  }

  /**
   * Invariant 3, for conversation events: what came for one user is not heard as another's. The epoch goes up when a session call is
   * handed to the core, and the user changes when the core has carried it out: what comes between is of neither for certain.
   * Where it is not heard, the list is asked for as soon as it can be told whose it is. Where the core knows no epoch, it is
   * the epoch now.
   */
  admits(type: number, epoch: number | undefined): boolean {
    const now = this.#context.calls.epoch;
    const { kTIMConvEvent_Start, kTIMConvEvent_Finish } = TIMConvEvent;
    const namesNobody = type === kTIMConvEvent_Start || type === kTIMConvEvent_Finish;
    if ((epoch ?? now) >= now && (namesNobody || this.#user.isCertain)) return true;
    this.#context.reporter.counters.staleEvents++;
    this.#feed.eventsLost();
    return false;
  }

  /** The core, or the game's C#, says that the user has changed without a call of this bridge's. */
  raised(epoch: number, kind: SessionEventKind, plugin: PluginKnows = "tell the plugin"): void {
    this.#user.changedByItself();
    // Those whose calls it ends are called back before it is told: until it is, it is as if a session call were under way.
    const untold = this.#user.began({ name: "Logout" });
    this.#raiseEpoch(epoch, plugin);
    this.#changesHeld.push(kind === SessionEventKind.CARRIED_OUT ? SessionEventKind.NOTIFIED : kind);
    this.#context.deliveries.whenHeard(() => {
      this.#user.refused(untold);
      this.#releaseIfCertain();
    });
  }

  networkStatus(status: number, code: number, desc: string): void {
    const { deliveries, publisher, reporter } = this.#context;
    if (TIMNetworkStatus[status] === undefined) {
      reporter.counters.unknownEvents++;
      return;
    }
    const event: ConnectionChanged = { status, code, desc };
    publisher.connectionChanged(event);
    deliveries.deliver(() => this.connection.emit(event));
    if (status === TIMNetworkStatus.kTIMConnected) this.#feed.listIfDue();
  }

  /**
   * Its caller was told that nobody knows, and now the user has changed: what was asked for before ends, and what was heard since its
   * deadline may be of either.
   */
  #endedLate(call: SessionCall, result: CoreResult): void {
    const { calls, host, publisher, reporter } = this.#context;
    reporter.counters.strayResults++;
    if (this.#user.ended(call, { kind: "answered", result })) {
      // Another change, of which script has not heard: until it has, nothing may go on in the epoch that takes both in.
      if (host.pluginEpoch() > calls.epoch) this.#awaitUnheard();
      const epoch = Math.min(calls.epoch + 1, highestEpoch);
      publisher.epochRaised(epoch);
      this.raised(Math.max(epoch, host.pluginEpoch()), SessionEventKind.CARRIED_OUT, "the plugin knows");
      this.#feed.eventsLost();
    }
    this.#releaseIfCertain();
  }

  #hasSigned(call: SessionCall): void {
    if (call.number > (this.#lastSigned?.number ?? 0)) this.#lastSigned = call;
    const isSignOff = (kind: SessionEventKind): boolean => kind !== SessionEventKind.NOTIFIED;
    this.#signOffsBefore.push(...this.#changesHeld.filter(isSignOff));
    this.#changesHeld = this.#changesHeld.filter((kind) => !isSignOff(kind));
  }

  /**
   * Whether sign-offs that came while session calls were under way were those of whoever is signed in now. Where nobody is, the last
   * call's own callback says so. Where somebody is, the core alone can tell: its sign-off may have come before its callback did.
   */
  #judgeSignOffs(): void {
    const signed = this.#lastSigned;
    const signOffs = this.#signOffsBefore;
    this.#lastSigned = undefined;
    this.#signOffsBefore = [];
    if (signed === undefined || signOffs.length === 0) return;
    if (signed.userId === null) this.#outlived(signOffs);
    else this.#askWhetherSignedIn(signOffs);
  }

  #awaitUnheard(): void {
    if (this.#unheard !== undefined) this.#user.refused(this.#unheard.change);
    this.#unheard = { change: this.#user.began({ name: "Logout" }), before: this.#context.host.endOfQueue() };
  }

  #askWhetherSignedIn(signOffs: readonly SessionEventKind[]): void {
    const heard = (settlement: Settlement): void => {
      if (saysSignedIn(settlement)) this.#outlived(signOffs);
      else this.#changesHeld.push(...signOffs);
      this.#releaseIfCertain();
    };
    const refusal = this.#context.calls.start("GetLoginStatus", { name: "GetLoginStatus" }, false, heard);
    if (refusal !== undefined) this.#changesHeld.push(...signOffs);
  }

  #outlived(signOffs: readonly SessionEventKind[]): void {
    this.#context.reporter.counters.staleEvents += signOffs.length;
  }

  /** The core has no session call any more: what waited for that is told, and the list asked for. */
  #releaseIfCertain(): void {
    if (!this.#user.isCertain) return;
    if (this.#user.changes !== this.#changesFed) {
      this.#changesFed = this.#user.changes;
      this.#feed.userChanged();
    }
    this.#judgeSignOffs();
    for (const kind of this.#changesHeld.splice(0)) this.#tell(kind);
    this.#feed.listIfDue();
  }

  #tell(kind: SessionEventKind): void {
    const change = sessionChangeOf(kind);
    if (change === undefined) return;
    // What C# has asked for by now it asked for before it was told. Where the change is a sign-off, nobody is there to delete as.
    if (kind === SessionEventKind.NOTIFIED) this.#requests.userWasChanging();
    this.#context.publisher.sessionChanged(kind);
    this.#context.deliveries.deliver(() => this.changed.emit({ kind: change }));
  }

  /** Invariant 3: what one user asked for never runs, nor is heard, as another's. */
  #raiseEpoch(epoch: number, plugin: PluginKnows): void {
    const { calls, core, host, jobs, publisher } = this.#context;
    if (epoch <= calls.epoch) return;
    calls.enterEpoch(epoch);
    if (!core.behindPlugin && plugin === "tell the plugin") {
      publisher.epochRaised(epoch);
      // The plugin may have counted further, for a change of its own that script has not heard of yet.
      const plugins = host.pluginEpoch();
      if (plugins > epoch) this.#awaitUnheard();
      calls.enterEpoch(Math.max(epoch, plugins));
    }
    this.#feed.newEpoch();
    this.#deleter.endUnsent(TIMResult.BRIDGE_ERR_STALE_EPOCH);
    calls.endEarlierEpochs();
    jobs.runAll();
  }
}

function saysSignedIn(settlement: Settlement): boolean {
  if (settlement.kind !== "answered") return false;
  const { code, json } = settlement.result;
  return code === 0 && json.trim() === String(TIMLoginStatus.kTIMLoginStatus_Logined);
}

function unanswered(
  name: string,
  settlement: Exclude<Settlement, { kind: "answered" }>,
): { readonly code: number; readonly desc: string } {
  const error = unansweredError(name, settlement, "It may have taken effect, now or later.");
  return { code: error.code, desc: error.message };
}
