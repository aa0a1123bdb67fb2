/** Numbers that look random and are the same for the same seeds. (sfc32) */
export class Random {
  #a;
  #b;
  #c;
  #counter = 1;

  /** Two seeds: the run's, and the number of the part of it that is to be played alone. */
  constructor(seed, part) {
    [this.#a, this.#b, this.#c] = [seed | 0, Math.floor(seed / 2 ** 32) ^ 0x9e3779b9, part | 0];
    for (let i = 0; i < 16; i++) this.#next();
  }

  /** A whole number from 0 to `end` - 1. */
  below(end) {
    return Math.floor((this.#next() / 2 ** 32) * end);
  }

  /** A whole number from `first` to `last`. */
  between(first, last) {
    return first + this.below(last - first + 1);
  }

  chance(probability) {
    return this.#next() < probability * 2 ** 32;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** Picks from `[weight, value]` pairs. */
  weighted(pairs) {
    let at = this.below(pairs.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of pairs) {
      if (at < weight) return value;
      at -= weight;
    }
    throw new Error("no weights");
  }

  bytes(length) {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  #next() {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }
}
