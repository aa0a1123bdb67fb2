/** A place in the plugin's queue: behind all that waited there at some time. */
export interface QueuePlace {
  /** All frames up to it, those that were heard before included. */
  readonly frames: number;
  /** The last drain before it was looked at. */
  readonly drain: number;
}

interface Drained extends QueuePlace {
  /** On the plugin's clock. */
  readonly clock: number;
}

/**
 * Up to where script has heard what the plugin had for it: a call that was due by that time has no answer waiting, and may
 * expire. The queue is first in, first out, so that whatever waited at a time has been heard once as many frames have been
 * dispatched as stood there. An endless stream of later ones puts nothing off.
 */
export class HeardUntil {
  #dispatched = 0;
  #time = 0;
  /** The latest drain of which all has been heard, and all that it left behind. */
  #drainHeard = 0;
  /** The one that is waited for: left where it is until it is reached. */
  #goal: Drained | undefined;
  #latest: Drained = { frames: 0, drain: 0, clock: 0 };

  get time(): number {
    return this.#time;
  }

  /** A drain at that time has left so many frames to be dispatched, drained or not. */
  drained(clock: number, frames: number): void {
    this.#latest = { frames: this.#dispatched + frames, drain: this.#latest.drain + 1, clock };
    this.#goal ??= this.#latest;
  }

  /** One more frame has been dealt with. */
  dispatched(): void {
    this.#dispatched++;
    this.settle();
  }

  /** All that was drained has been dealt with: also where that was nothing. */
  settle(): void {
    if (this.#dispatched >= this.#latest.frames) {
      // Also where fewer came than had been said to wait: what is taken back in the queue never comes.
      this.#reached(this.#latest);
      this.#goal = undefined;
    } else if (this.#goal !== undefined && this.#dispatched >= this.#goal.frames) {
      this.#reached(this.#goal);
      this.#goal = this.#latest;
    }
  }

  /** Behind so many frames that have not been dealt with. */
  placeBehind(frames: number): QueuePlace {
    return { frames: this.#dispatched + frames, drain: this.#latest.drain };
  }

  /** Whether all that stood before it has been dealt with, or never came. */
  hasHeard({ frames, drain }: QueuePlace): boolean {
    return this.#dispatched >= frames || this.#drainHeard > drain;
  }

  #reached({ clock, drain }: Drained): void {
    this.#time = clock;
    this.#drainHeard = drain;
  }
}
