import type { PluginPort } from "../../../src/core/core-sdk.js";
import { HeardUntil, type QueuePlace } from "../../../src/host/heard-until.js";
import type { Host, HostHandler } from "../../../src/host/host.js";
import { JobQueue } from "../../../src/host/job-queue.js";
import { ToScript } from "../../../src/protocol/gen/chatbridge/v1/envelope.js";
import { type Plain, readMessage, writeMessage } from "./protobufjs-root.js";

/** A host whose clock and turns the test moves by hand, and which can play the plugin. */
export class ManualHost implements Host {
  readonly plugin: PluginPort | undefined;
  /** What script sent to the plugin, as protobufjs reads it. */
  readonly sent: Plain[] = [];
  /** What the plugin answers to a frame. Default: taken. */
  answer: (frame: Plain) => number = () => 0;
  readonly turnsAskedFor: number[] = [];
  closed = 0;
  #handler: HostHandler | undefined;
  readonly #jobs = new JobQueue();
  readonly #epoch: number;
  #clock = 1000;
  #sequence = 0;
  readonly #heard = new HeardUntil();
  /** In hand, or still on their way. */
  #waiting = 0;

  constructor(options: { plugin?: boolean; epoch?: number } = {}) {
    this.#epoch = options.epoch ?? 0;
    this.plugin = options.plugin === true ? { protocol: 1000, send: (bytes) => this.#take(bytes) } : undefined;
  }

  get notices(): Plain[] {
    return this.sent.filter((frame) => frame.publish !== undefined).map((frame) => frame.publish);
  }

  /** The game's data folder. */
  dataFolder: string | undefined;
  /** What the plugin's epoch is, where it is ahead of script's. */
  pluginsOwnEpoch = 0;

  pluginEpoch(): number {
    return this.pluginsOwnEpoch;
  }

  endOfQueue(): QueuePlace {
    return this.#heard.placeBehind(this.#waiting);
  }

  hasHeard(place: QueuePlace): boolean {
    return this.#heard.hasHeard(place);
  }

  undelivered(): readonly ToScript[] {
    return [];
  }

  start(handler: HostHandler): number {
    this.#handler = handler;
    return this.#epoch;
  }

  now(): number {
    return this.#clock;
  }

  later(job: () => void): void {
    this.#jobs.add(job);
  }

  needsNoTurn(): void {}

  turnAt(time: number): void {
    this.turnsAskedFor.push(time);
  }

  close(): void {
    this.closed++;
    this.#handler = undefined;
    this.#jobs.end();
  }

  /** One turn: what waits for later, then what is overdue. */
  turn(): void {
    this.#jobs.run((error) => {
      throw error;
    });
    this.#handler?.turnEnded(this.#clock);
  }

  advance(ms: number): void {
    this.#clock += ms;
    this.turn();
  }

  /** Delivers a ToScript frame that protobufjs wrote. */
  deliver(frame: object): void {
    this.#sequence++;
    const bytes = writeMessage("ToScript", { version: 1, sequence: this.#sequence, ...frame });
    this.#waiting++;
    this.#handler?.frame(ToScript.decode(bytes));
    this.#waiting--;
    this.#heard.dispatched();
  }

  loseSession(reason: "replaced" | "closed"): void {
    this.#handler?.lost(reason);
  }

  #take(bytes: Uint8Array): number {
    const frame = readMessage("ToPlugin", bytes);
    const code = this.answer(frame);
    this.sent.push({ ...frame, code });
    return code;
  }
}
