/** Ends a subscription. Calling it again does nothing. */
export type Unsubscribe = () => void;

/** Listeners of one event. One that throws stops no other; one that is added meanwhile counts next time. */
export class Emitter<T> {
  readonly #listeners: { readonly listener: (event: T) => void }[] = [];
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** The same listener added twice is called twice, and each unsubscribe takes back its own. */
  add(listener: (event: T) => void): Unsubscribe {
    const entry = { listener };
    this.#listeners.push(entry);
    return () => {
      const at = this.#listeners.indexOf(entry);
      if (at !== -1) this.#listeners.splice(at, 1);
    };
  }

  emit(event: T): void {
    for (const entry of [...this.#listeners]) {
      // One unsubscribed by an earlier listener of this very event is not called any more.
      if (!this.#listeners.includes(entry)) continue;
      try {
        entry.listener(event);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
