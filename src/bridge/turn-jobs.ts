import type { ErrorReporter } from "./error-reporter.js";

interface Job {
  readonly at: number;
  readonly run: () => void;
}

/** Jobs that wait for a turn of their own, such as the next batch of a long deletion. */
export class TurnJobs {
  readonly #turnAt: (time: number) => void;
  readonly #reporter: ErrorReporter;
  #waiting: Job[] = [];
  #ended = false;
  #runningOut = false;

  constructor(turnAt: (time: number) => void, reporter: ErrorReporter) {
    this.#turnAt = turnAt;
    this.#reporter = reporter;
  }

  /** When the earliest is due. */
  get next(): number {
    return Math.min(...this.#waiting.map((job) => job.at));
  }

  /** Runs `run` on the first turn at or after that time; once ended, as soon as can be. Returns what takes it back. */
  at(time: number, run: () => void): () => void {
    const job: Job = { at: time, run };
    this.#waiting.push(job);
    if (this.#ended) this.#runOut();
    else this.#turnAt(time);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== job);
    };
  }

  runDue(now: number): void {
    const due = this.#waiting.filter((job) => job.at <= now);
    this.#waiting = this.#waiting.filter((job) => job.at > now);
    this.#run(due);
  }

  /** Another user is signed in: what waits its turn was asked for by the earlier one, and ends now. */
  runAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#run(waiting);
  }

  /** There are no more turns. What a long deletion has not begun when the bridge closes ends too, as not sent. */
  end(): void {
    this.#ended = true;
    this.#runOut();
  }

  #run(jobs: readonly Job[]): void {
    for (const job of jobs) this.#reporter.guard(job.run);
  }

  #runOut(): void {
    if (this.#runningOut) return;
    this.#runningOut = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) this.#reporter.guard(job.run);
    this.#runningOut = false;
  }
}
