import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { thrownWords } from "../protocol/thrown.js";
import type { QueuePlace } from "./heard-until.js";
import type { Host, HostHandler } from "./host.js";
import { JobQueue } from "./job-queue.js";

declare const setTimeout: ((job: () => void, ms: number) => unknown) | undefined;
declare const clearTimeout: ((timer: unknown) => void) | undefined;
declare const performance: { now(): number } | undefined;

/** What a timer takes at most: beyond, it would fire at once. */
const longestTimerMs = 0x7fff_ffff;

/** No plugin: a browser, Node.js, or PuerTS without the Unity package. Turns come when there is something to do. */
export class StandaloneHost implements Host {
  readonly plugin = undefined;
  readonly dataFolder = undefined;
  readonly #jobs = new JobQueue();
  #handler: HostHandler | undefined;
  #turnAsked = false;
  #timerAt = Number.POSITIVE_INFINITY;
  #timer: unknown;
  #latest = 0;

  start(handler: HostHandler): number {
    this.#handler = handler;
    return 0;
  }

  pluginEpoch(): number {
    return 0;
  }

  endOfQueue(): QueuePlace {
    return { frames: 0, drain: 0 };
  }

  hasHeard(): boolean {
    return true;
  }

  undelivered(): readonly ToScript[] {
    return [];
  }

  now(): number {
    const time = typeof performance === "undefined" ? Date.now() : performance.now();
    // Date.now() can be set back by the user; the clock does not follow.
    this.#latest = Math.max(this.#latest, time);
    return this.#latest;
  }

  later(job: () => void): void {
    this.#jobs.add(job);
    this.#askForTurn();
  }

  turnAt(time: number): void {
    // Where there are no timers, what is overdue is found on the next turn that something else brings.
    if (typeof setTimeout === "undefined" || this.#handler === undefined || time >= this.#timerAt) return;
    this.#stopTimer();
    this.#timerAt = time;
    this.#timer = setTimeout(
      () => {
        // Where timers cannot be stopped, an earlier one may still come: it is not this one's end.
        if (this.#timerAt === time) this.#timerAt = Number.POSITIVE_INFINITY;
        this.#turn();
      },
      Math.min(longestTimerMs, Math.max(0, Math.ceil(time - this.now()))),
    );
  }

  needsNoTurn(): void {
    // One that is left behind would keep Node.js from ending.
    this.#stopTimer();
  }

  close(): void {
    this.#handler = undefined;
    this.#jobs.end();
    this.#stopTimer();
  }

  #stopTimer(): void {
    if (typeof clearTimeout !== "undefined" && this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #askForTurn(): void {
    if (this.#turnAsked) return;
    this.#turnAsked = true;
    void Promise.resolve().then(() => {
      this.#turnAsked = false;
      this.#turn();
    });
  }

  /** Must not throw: in a timer or a microtask that would end a process of Node.js's. */
  #turn(): void {
    try {
      this.#jobs.run((error) => this.#handler?.malformed(`a core's job failed: ${thrownWords(error)}`));
      this.#handler?.turnEnded(this.now());
    } catch (error) {
      this.#handler?.malformed(`the turn failed: ${thrownWords(error)}`);
    }
    if (!this.#jobs.isEmpty) this.#askForTurn();
  }
}
