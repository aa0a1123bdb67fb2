/** Field 6 of Recording, length-delimited: what stands before each frame. One byte, as for any field up to 15. */
const framesTag = (6 << 3) | 2;

/** The newest encoded frames, as many as a fixed number of bytes holds, in the very form in which a Recording has them. */
export class FrameRing {
  readonly #ring: Uint8Array;
  #start = 0;
  #used = 0;
  #count = 0;
  #dropped = 0;

  constructor(capacity: number) {
    this.#ring = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** How many gave way to newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether a frame can be held at all. */
  fits(frame: Uint8Array): boolean {
    return 1 + varint(frame.length).length + frame.length <= this.#ring.length;
  }

  /** Takes a frame that fits. The oldest make room. */
  push(frame: Uint8Array): void {
    const length = varint(frame.length);
    const needed = 1 + length.length + frame.length;
    while (this.#ring.length - this.#used < needed) this.#dropOldest();
    this.#write([framesTag]);
    this.#write(length);
    this.#write(frame);
    this.#count++;
  }

  /** The frames, oldest first, as Recording's field. */
  bytes(): Uint8Array {
    const head = this.#ring.subarray(this.#start, this.#start + this.#used);
    const bytes = new Uint8Array(this.#used);
    bytes.set(head);
    bytes.set(this.#ring.subarray(0, this.#used - head.length), head.length);
    return bytes;
  }

  #write(bytes: ArrayLike<number>): void {
    const end = (this.#start + this.#used) % this.#ring.length;
    const untilWrap = Math.min(bytes.length, this.#ring.length - end);
    const view = Uint8Array.from(bytes);
    this.#ring.set(view.subarray(0, untilWrap), end);
    this.#ring.set(view.subarray(untilWrap), 0);
    this.#used += bytes.length;
  }

  #dropOldest(): void {
    let at = 1;
    let length = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = this.#ring[(this.#start + at++) % this.#ring.length] as number;
      length |= (byte & 0x7f) << shift;
      more = byte > 0x7f;
    }
    this.#start = (this.#start + at + length) % this.#ring.length;
    this.#used -= at + length;
    this.#count--;
    this.#dropped++;
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}
