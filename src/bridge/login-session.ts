import type { CoreMethod, CoreResult } from "../core/core-sdk.js";
import { TIMConvEvent, TIMNetworkStatus, TIMResult } from "../core/tim-types.js";
import { returnError } from "../errors/answer-errors.js";
import { type BridgeError, ErrorSource } from "../errors/bridge-error.js";
import { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { BridgeContext } from "./bridge-context.js";
import type { TIMCallback } from "./callbacks.js";
import type { ConversationFeed } from "./conversation-feed.js";
import { type ConnectionChanged, type SessionChanged, sessionChangeOf } from "./core-events.js";
import type { Deleter } from "./deleter.js";
import { unansweredError } from "./deletion.js";
import type { Settlement } from "./pending-calls.js";
import { type SessionCall, SignedInUser } from "./signed-in-user.js";

/** Whether the plugin has to be told of a new login epoch, or counted it itself. */
type PluginKnows = "tell the plugin" | "the plugin knows";

/** Who is signed in: the calls that change it, the core's word that it has changed, and the login epochs that follow. */
export class LoginSession {
  readonly changed;
  readonly connection;
  readonly #context: BridgeContext;
  readonly #feed: ConversationFeed;
  readonly #deleter: Deleter;
  readonly #user = new SignedInUser();
  /** How often the user had changed when the feed last heard of it. */
  #changesFed = 0;
  /** Changes that came while a session call was under way: to be told when it has ended. */
  #changesHeld: SessionEventKind[] = [];

  constructor(context: BridgeContext, feed: ConversationFeed, deleter: Deleter) {
    this.#context = context;
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
      if (this.#user.ended(call, settlement)) this.#dropSignOffs();
      this.#userMayBeCertain();
      const { code, desc } = settlement.kind === "answered" ? settlement.result : unanswered(name, settlement);
      deliveries.deliver(() => reporter.guard(() => callback?.(code, desc, undefined)));
    };
    const refusal = calls.start(name, method, false, settled, { late: (result) => this.#endedLate(call, result) });
    if (refusal !== undefined) this.#user.refused(call);
    const reachedTheCore = refusal === undefined || refusal.source === ErrorSource.SDK_RETURN;
    // The plugin counts at its own door, before it calls the core, and may know of a change that script has not heard of.
    const plugins = core.behindPlugin ? host.pluginEpoch() : 0;
    this.#raiseEpoch(Math.max(reachedTheCore ? asked + 1 : asked, plugins), "tell the plugin");
    this.#userMayBeCertain();
    return refusal;
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
    this.#raiseEpoch(epoch, plugin);
    this.#user.changedByItself();
    this.#changesHeld.push(kind);
    this.#userMayBeCertain();
  }

  /** The core lives in script, but the game's C# may tell of a change of user all the same. */
  besidesCoreInScript(frame: ToScript): void {
    const event = frame.body?.$case === "event" ? frame.body.value.event : undefined;
    if (event?.$case === "session") this.raised(frame.epoch, event.value.kind, "the plugin knows");
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

  /** Its caller was told that nobody knows, and what was heard since may be of either user. */
  #endedLate(call: SessionCall, result: CoreResult): void {
    this.#context.reporter.counters.strayResults++;
    if (this.#user.ended(call, { kind: "answered", result })) this.#feed.eventsLost();
    this.#userMayBeCertain();
  }

  /** Whoever was kicked offline before is not who is signed in now: the call's own callback says how things are. */
  #dropSignOffs(): void {
    const kept = this.#changesHeld.filter((kind) => kind === SessionEventKind.NOTIFIED);
    this.#context.reporter.counters.staleEvents += this.#changesHeld.length - kept.length;
    this.#changesHeld = kept;
  }

  #userMayBeCertain(): void {
    if (!this.#user.isCertain) return;
    if (this.#user.changes !== this.#changesFed) {
      this.#changesFed = this.#user.changes;
      this.#feed.userChanged();
    }
    for (const kind of this.#changesHeld.splice(0)) this.#tell(kind);
    this.#feed.listIfDue();
  }

  #tell(kind: SessionEventKind): void {
    const change = sessionChangeOf(kind);
    if (change === undefined) return;
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
      calls.enterEpoch(Math.max(epoch, host.pluginEpoch()));
    }
    this.#feed.newEpoch();
    this.#deleter.endUnsent(TIMResult.BRIDGE_ERR_STALE_EPOCH);
    calls.endEarlierEpochs();
    jobs.runAll();
  }
}

function unanswered(
  name: string,
  settlement: Exclude<Settlement, { kind: "answered" }>,
): { readonly code: number; readonly desc: string } {
  const error = unansweredError(name, settlement, "It may have taken effect, now or later.");
  return { code: error.code, desc: error.message };
}
