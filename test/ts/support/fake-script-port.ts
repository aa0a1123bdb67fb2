import { type Plain, readMessage, writeMessage } from "./protobufjs-root.js";

interface Globals {
  CS?: unknown;
  scriptEnv?: unknown;
}

const globals = globalThis as Globals;

/** C#'s side of the crossing as PuerTS shows it: a class with static methods, and real frames behind it. */
export class FakePlugin {
  /** What Open returns. Default: the next session. */
  open: (min: number, max: number) => number = () => this.sessions.push("open");
  readonly sessions: ("open" | "closed")[] = [];
  readonly opened: [number, number][] = [];
  readonly environments: [number, unknown][] = [];
  readonly sent: Plain[] = [];
  readonly drains: number[] = [];
  /** What Send returns. */
  answer: (frame: Plain) => number = () => 0;
  /** A sum of Capability values. */
  capabilities = 1;
  clock = 5000;
  epoch = 0;
  state = 1;
  /** Overrides the next drained batch, byte for byte. */
  nextBatch: Uint8Array | undefined;
  onDrain: () => void = () => {};
  #wake: (() => void) | undefined;
  #waking = false;
  /** Only the first Drain of a wake gives frames. */
  #gives = false;
  #queue: Uint8Array[] = [];
  #sequence = 0;
  #lastBuffer: ArrayBuffer | undefined;

  constructor() {
    const plugin = this;
    globals.CS = {
      TimChatBridge: {
        // biome-ignore lint/complexity/noStaticOnlyClass: PuerTS shows a C# static class so.
        ScriptPort: class {
          static Capabilities(): number {
            return plugin.capabilities;
          }
          static Open(min: number, max: number): number {
            plugin.opened.push([min, max]);
            return plugin.open(min, max);
          }
          static SetEnvironment(session: number, environment: unknown): void {
            plugin.environments.push([session, environment]);
          }
          static SetWake(_session: number, wake: () => void): void {
            plugin.#wake = wake;
          }
          static Send(_session: number, frame: Uint8Array): number {
            const message = readMessage("ToPlugin", frame);
            plugin.sent.push(message);
            return plugin.answer(message);
          }
          static Drain(_session: number, maxBytes: number): ArrayBuffer {
            return plugin.#drain(maxBytes);
          }
          static Close(session: number): void {
            plugin.sessions[session - 1] = "closed";
          }
        },
      },
    };
  }

  /** Takes CS away again, as outside PuerTS. */
  remove(): void {
    delete globals.CS;
    delete globals.scriptEnv;
  }

  /** Puts a ToScript frame in the queue. */
  queue(frame: object): void {
    this.#sequence++;
    this.queueBytes(writeMessage("ToScript", { version: 1, sequence: this.#sequence, epoch: this.epoch, ...frame }));
  }

  queueBytes(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  /** A frame whose number is skipped, as if it had been lost. */
  skipSequence(): void {
    this.#sequence++;
  }

  /** One game frame. */
  tick(ms = 16): void {
    this.clock += ms;
    this.wake();
  }

  /** Calls script, from wherever the test stands. */
  wake(): void {
    const outermost = !this.#waking;
    this.#waking = true;
    this.#gives ||= outermost;
    try {
      this.#wake?.();
    } finally {
      if (outermost) this.#waking = this.#gives = false;
    }
  }

  #drain(maxBytes: number): ArrayBuffer {
    this.drains.push(maxBytes);
    this.onDrain();
    // C# has one buffer: what was in it is gone with the next Drain.
    if (this.#lastBuffer !== undefined) new Uint8Array(this.#lastBuffer).fill(0xff);
    const frames: Uint8Array[] = [];
    for (let bytes = 0; this.#gives && this.#queue.length > 0; ) {
      const frame = this.#queue[0] as Uint8Array;
      if (frames.length > 0 && bytes + frame.length > maxBytes) break;
      bytes += frame.length;
      frames.push(frame);
      this.#queue.shift();
    }
    this.#gives = false;
    const batch =
      this.nextBatch ??
      writeMessage("DrainBatch", {
        clockMs: this.clock,
        state: this.state,
        epoch: this.epoch,
        frames,
        stillWaiting: this.#queue.length,
      });
    this.nextBatch = undefined;
    this.#lastBuffer = Uint8Array.from(batch).buffer;
    return this.#lastBuffer;
  }
}

export function setScriptEnvironment(environment: unknown): void {
  globals.scriptEnv = environment;
}

export function setGlobalCS(cs: unknown): void {
  globals.CS = cs;
}
