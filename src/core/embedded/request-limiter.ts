/** The vendor's limit on requests a second. */
const REQUESTS_PER_SECOND = 5;
const WINDOW_MS = 1000;

/** The vendor's limit on requests under way. */
export const MAX_UNDER_WAY = 1000;

/** Keeps the vendor's limit on the frequency of requests, over any one second. */
export class RequestLimiter {
  readonly #now: () => number;
  #taken: number[] = [];

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one request's place; false: there is none, and the request must be refused. */
  take(): boolean {
    const now = this.#now();
    this.#taken = this.#taken.filter((time) => now - time < WINDOW_MS);
    if (this.#taken.length >= REQUESTS_PER_SECOND) return false;
    this.#taken.push(now);
    return true;
  }
}
