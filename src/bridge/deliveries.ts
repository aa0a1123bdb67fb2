/**
 * Invariant 5: C# is told at once, script in turn. What a callback or listener brings about from inside (it closes the
 * bridge, say) is delivered after all have heard what they are hearing now, so that both sides hear in one order.
 */
export class Deliveries {
  readonly #waiting: (() => void)[] = [];
  #delivering = false;

  /** Runs `job`, which is no delivery itself: when all have heard what waits to be heard by now. */
  whenHeard(job: () => void): void {
    if (this.#delivering) this.#waiting.push(job);
    else job();
  }

  /** Runs `delivery`, which does not throw: now, or after those that came before it. */
  deliver(delivery: () => void): void {
    this.#waiting.push(delivery);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      // A stack that overflows between the guards must not silence the bridge for good.
      this.#delivering = false;
    }
  }
}
