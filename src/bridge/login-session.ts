import type { CoreMethod } from "../core/core-sdk.js";
import { TIMConvEvent, TIMNetworkStatus, TIMResult } from "../core/tim-types.js";
import { returnError } from "../errors/answer-errors.js";
import { type BridgeError, ErrorSource } from "../errors/bridge-error.js";
import type { SessionEventKind } from "../protocol/gen/chatbridge/v1/core.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { BridgeContext } from "./bridge-context.js";
import type { TIMCallback } from "./callbacks.js";
import type { ConversationFeed } from "./conversation-feed.js";
import { type ConnectionChanged, type SessionChanged, sessionChangeOf } from "./core-events.js";
import type { Deleter } from "./deleter.js";
import { unansweredError } from "./deletion.js";
import { EventGate, type UserAfter } from "./event-gate.js";
import type { Settlement } from "./pending-calls.js";

/** Whether the plugin has to be told of a new login epoch, or counted it itself. */
type PluginKnows = "tell the plugin" | "the plugin knows";

/** Who is signed in: the calls that change it, the core's word that it has changed, and the login epochs that follow. */
export class LoginSession {
  readonly changed;
  readonly connection;
  readonly #context: BridgeContext;
  readonly #feed: ConversationFeed;
  readonly #deleter: Deleter;
  readonly #gate: EventGate;
  /** Whom this bridge has signed in; null: nobody is; undefined: not known. */
  #user: string | null | undefined;

  constructor(context: BridgeContext, feed: ConversationFeed, deleter: Deleter) {
    this.#context = context;
    const { reporter } = context;
    this.#gate = new EventGate({
      keptBack: () => {
        reporter.counters.staleEvents++;
      },
      eventsLost: () => feed.eventsLost(),
      userKept: () => feed.userKept(),
      userChanged: () => feed.userChanged(),
    });
    this.#feed = feed;
    this.#deleter = deleter;
    this.changed = context.newEmitter<SessionChanged>();
    this.connection = context.newEmitter<ConnectionChanged>();
  }

  /** Init, Uninit, Login or Logout. Returns why it was refused. */
  call(name: string, method: CoreMethod, callback: TIMCallback<undefined> | undefined): BridgeError | undefined {
    const { calls, core, deliveries, host, reporter, settings } = this.#context;
    if (settings.attach) return returnError(TIMResult.BRIDGE_ERR_NOT_OWNER, name);
    const asked = calls.epoch;
    const refusal = calls.start(name, method, false, (settlement) => {
      this.#gate.ended(this.#userAfter(method, settlement));
      const { code, desc } = settlement.kind === "answered" ? settlement.result : unanswered(name, settlement);
      deliveries.deliver(() => reporter.guard(() => callback?.(code, desc, undefined)));
    });
    const reachedTheCore = refusal === undefined || refusal.source === ErrorSource.SDK_RETURN;
    // The plugin counts at its own door, before it calls the core, and may know of a change that script has not heard of.
    const plugins = core.behindPlugin ? host.pluginEpoch() : 0;
    this.#raiseEpoch(Math.max(reachedTheCore ? asked + 1 : asked, plugins), "tell the plugin");
    if (refusal === undefined) this.#gate.began();
    else this.#gate.refused();
    return refusal;
  }

  /** Whether a conversation event of that type and epoch is heard; where the core knows no epoch, it is the epoch now. */
  admits(type: number, epoch: number | undefined): boolean {
    const now = this.#context.calls.epoch;
    const { kTIMConvEvent_Start, kTIMConvEvent_Finish } = TIMConvEvent;
    return this.#gate.admits(epoch ?? now, now, type !== kTIMConvEvent_Start && type !== kTIMConvEvent_Finish);
  }

  #userAfter(method: CoreMethod, settlement: Settlement): UserAfter {
    if (settlement.kind !== "answered") {
      this.#user = undefined;
      return "unknown";
    }
    if (settlement.result.code !== 0 || method.name === "Init") return "the same";
    const before = this.#user;
    this.#user = method.name === "Login" ? method.userId : null;
    if (this.#user === null) return "nobody";
    if (before === undefined) return "unknown";
    return before === this.#user ? "the same" : "another";
  }

  /** The core, or the game's C#, says that the user has changed without a call of this bridge's. */
  raised(epoch: number, kind: SessionEventKind, plugin: PluginKnows = "tell the plugin"): void {
    const { calls, reporter } = this.#context;
    if (epoch < calls.epoch) {
      // Whoever was kicked offline then is not who is signed in, or is being signed in, now.
      reporter.counters.staleEvents++;
      return;
    }
    const isAnother = epoch > calls.epoch;
    this.#raiseEpoch(epoch, plugin);
    if (isAnother) {
      this.#user = undefined;
      this.#gate.changed();
    }
    const change = sessionChangeOf(kind);
    if (change === undefined) return;
    this.#context.publisher.sessionChanged(kind);
    this.#context.deliveries.deliver(() => this.changed.emit({ kind: change }));
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
    if (status === TIMNetworkStatus.kTIMConnected) this.#feed.connected();
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
