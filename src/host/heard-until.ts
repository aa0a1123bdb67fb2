/** A place in the plugin's queue: behind the frame of that number, as it was at that time on the plugin's clock. */
interface Place {
  readonly frames: number;
  readonly clock: number;
}

/**
 * Up to which time script has heard all that the plugin had for it: a call that was due by then has no answer waiting, and may
 * expire. The queue is first in, first out, so that whatever waited at a time has been heard once as many frames have been
 * dispatched as stood there. An endless stream of later ones puts nothing off.
 */
export class HeardUntil {
  #dispatched = 0;
  #time = 0;
  /** The one that is waited for: left where it is until it is reached. */
  #goal: Place | undefined;
  #latest: Place = { frames: 0, clock: 0 };

  get time(): number {
    return this.#time;
  }

  /** A drain at that time has left so many frames to be dispatched, drained or not. */
  drained(clock: number, frames: number): void {
    this.#latest = { frames: this.#dispatched + frames, clock };
    this.#goal ??= this.#latest;
  }

  dispatched(frames: number): void {
    this.#dispatched += frames;
    if (this.#dispatched >= this.#latest.frames) {
      // Also where fewer came than had been said to wait: what is taken back in the queue never comes.
      this.#time = this.#latest.clock;
      this.#goal = undefined;
    } else if (this.#goal !== undefined && this.#dispatched >= this.#goal.frames) {
      this.#time = this.#goal.clock;
      this.#goal = this.#latest;
    }
  }
}
