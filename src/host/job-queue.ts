/** Jobs for later turns, in the order asked. */
export class JobQueue {
  #jobs: (() => void)[] = [];
  #running: readonly (() => void)[] = [];
  #ended = false;

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  add(job: () => void): void {
    if (!this.#ended) this.#jobs.push(job);
  }

  /** Runs what waits now. What these jobs ask for waits for the next turn. */
  run(failed: (error: unknown) => void): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#running = jobs;
    for (const job of jobs) {
      // One of them may have ended the queue.
      if (this.#running !== jobs) return;
      try {
        job();
      } catch (error) {
        failed(error);
      }
    }
  }

  /** Forgets what waits, and what of the current run has not been reached, and takes nothing more. */
  end(): void {
    this.#ended = true;
    this.#jobs = [];
    this.#running = [];
  }
}
