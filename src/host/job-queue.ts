/** Jobs for later turns, in the order asked. */
export class JobQueue {
  #jobs: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  add(job: () => void): void {
    this.#jobs.push(job);
  }

  /** Runs what waits now. What these jobs ask for waits for the next turn. */
  run(failed: (error: unknown) => void): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) {
      try {
        job();
      } catch (error) {
        failed(error);
      }
    }
  }

  clear(): void {
    this.#jobs = [];
  }
}
