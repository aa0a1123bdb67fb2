import type { CoreSdk } from "../core/core-sdk.js";
import type { Host } from "../host/host.js";
import type { BridgeSettings } from "./bridge-options.js";
import { CoreCalls } from "./core-calls.js";
import { Deliveries } from "./deliveries.js";
import { Emitter } from "./emitter.js";
import { ErrorReporter } from "./error-reporter.js";
import { Publisher } from "./publisher.js";
import { SignedInUser } from "./signed-in-user.js";
import { TurnJobs } from "./turn-jobs.js";

/** What the parts of one bridge share. */
export class BridgeContext {
  readonly core: CoreSdk;
  readonly host: Host;
  readonly settings: BridgeSettings;
  readonly reporter: ErrorReporter;
  readonly deliveries = new Deliveries();
  readonly jobs: TurnJobs;
  readonly publisher: Publisher;
  readonly user = new SignedInUser();
  readonly calls: CoreCalls;

  constructor(core: CoreSdk, host: Host, settings: BridgeSettings) {
    this.core = core;
    this.host = host;
    this.settings = settings;
    this.reporter = new ErrorReporter(settings.onError);
    this.jobs = new TurnJobs((time) => host.turnAt(time), this.reporter);
    this.publisher = new Publisher(host.plugin, (what) => this.reporter.malformed(what));
    this.calls = new CoreCalls(core, host, settings, this.reporter, this.user, () => this.publisher.whyNotDelete());
  }

  newEmitter<T>(): Emitter<T> {
    return new Emitter((error) => this.reporter.callbackFailed(error));
  }
}
