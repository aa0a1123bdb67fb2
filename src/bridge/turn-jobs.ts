import type { ErrorReporter } from "./error-reporter.js";

interface Job {
  readonly at: number;
  readonly run: () => void;
}

/** Jobs that wait for a turn of their own, such as the next batch of a long deletion. */
export class TurnJobs {
  readonly #turnAt: (time: number) => void;
  readonly #reporter: ErrorReporter;
  /** In the order asked. There can be as many as there are calls: each is taken out in one step, and none by position. */
  readonly #waiting = new Set<Job>();
  #ended = false;
  #runningOut = false;

  constructor(turnAt: (time: number) => void, reporter: ErrorReporter) {
    this.#turnAt = turnAt;
    this.#reporter = reporter;
  }

  /** When the earliest is due. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#waiting) next = Math.min(next, at);
    return next;
  }

  /** Runs `run` on the first turn at or after that time; once ended, as soon as can be. Returns what takes it back. */
  at(time: number, run: () => void): () => void {
    const job: Job = { at: time, run };
    this.#waiting.add(job);
    if (this.#ended) this.#runOut();
    else this.#turnAt(time);
    return () => {
      this.#waiting.delete(job);
    };
  }

  runDue(now: number): void {
    this.#run([...this.#waiting].filter((job) => job.at <= now));
  }

  /** Another user is signed in: what waits its turn was asked for by the earlier one, and ends now. */
  runAll(): void {
    this.#run([...this.#waiting]);
  }

  /** There are no more turns. What a long deletion has not begun when the bridge closes ends too, as not sent. */
  end(): void {
    this.#ended = true;
    this.#runOut();
  }

  #run(jobs: readonly Job[]): void {
    for (const job of jobs) {
      // One of them may have taken another back.
      if (this.#waiting.delete(job)) this.#reporter.guard(job.run);
    }
  }

  #runOut(): void {
    if (this.#runningOut) return;
    this.#runningOut = true;
    // What is asked for meanwhile joins them.
    for (const job of this.#waiting) {
      this.#waiting.delete(job);
      this.#reporter.guard(job.run);
    }
    this.#runningOut = false;
  }
}
