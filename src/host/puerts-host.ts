import type { PluginPort } from "../core/core-sdk.js";
import { DrainBatch, SessionState, ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { decodeUtf8 } from "../protocol/text-codec.js";
import { messageOf, thrownWords } from "../protocol/thrown.js";
import { majorOf, spokenProtocols } from "../protocol/version.js";
import type { Recorder } from "../recording/recorder.js";
import { HeardUntil, type QueuePlace } from "./heard-until.js";
import type { Host, HostHandler } from "./host.js";
import { JobQueue } from "./job-queue.js";
import { openSession } from "./open-session.js";
import { type ScriptPort, scriptEnvironment, scriptPort } from "./puerts-globals.js";

/** Bytes taken from the plugin in one turn. */
const drainBytes = 1 << 20;
/** Frames dispatched in one turn; the rest keep their order and wait for the next. */
const framesPerTurn = 4096;

const knownStates: ReadonlySet<SessionState> = new Set([SessionState.OPEN, SessionState.REPLACED, SessionState.CLOSED]);

/** Unity with PuerTS: the plugin's tick is the Bridge's turn. */
export class PuertsHost implements Host {
  readonly plugin: PluginPort;
  readonly #port: ScriptPort;
  readonly #jobs = new JobQueue();
  readonly #heard = new HeardUntil();
  readonly #recorder: Recorder | undefined;
  /** Frames that were drained and not dispatched yet, oldest first. */
  #waiting: Uint8Array[] = [];
  /** Taken from those for this turn, and not dealt with yet. */
  /** The frames of this turn, and how many of them have been dealt with: not the one that is being heard. */
  #inHand: readonly Uint8Array[] = [];
  #dealtWith = 0;
  #handler: HostHandler | undefined;
  /** 0, which is no session's: none has been opened yet. */
  #session = 0;
  #protocol = 0;
  #major = 0;
  #closed = false;
  #dataFolder: Uint8Array | undefined;
  #clock = 0;
  #epoch = 0;
  #state = SessionState.OPEN;
  #lastSequence = 0;
  /** Since the handler was last told. */
  #framesLost = false;
  #turning = false;

  /** Opens nothing yet: that would take the plugin from a bridge that works. Throws a BridgeError where there is no plugin. */
  constructor(recorder?: Recorder) {
    this.#recorder = recorder;
    this.#port = scriptPort();
    const door = this.#door();
    this.plugin = recorder?.around(door, () => this.#clock) ?? door;
  }

  /** Read where it is asked for: one that cannot be read spoils no batch that it comes with. */
  get dataFolder(): string | undefined {
    if (this.#dataFolder === undefined) return undefined;
    try {
      return decodeUtf8(this.#dataFolder);
    } catch (error) {
      throw new Error(`the game's data folder (C#: CoreSession.DataFolder) cannot be read: ${messageOf(error)}`);
    }
  }

  pluginEpoch(): number {
    this.#look();
    return this.#epoch;
  }

  endOfQueue(): QueuePlace {
    const stillWaiting = this.#look()?.stillWaiting ?? Number.POSITIVE_INFINITY;
    return this.#heard.placeBehind(this.#inHand.length - this.#dealtWith + this.#waiting.length + stillWaiting);
  }

  hasHeard(place: QueuePlace): boolean {
    return this.#heard.hasHeard(place);
  }

  undelivered(): readonly ToScript[] {
    return [...this.#inHand.slice(this.#dealtWith + 1), ...this.#waiting].flatMap((bytes) => {
      try {
        return [ToScript.decode(bytes)];
      } catch {
        return [];
      }
    });
  }

  /** Opens the session. Throws a BridgeError where the plugin is of another protocol. */
  start(handler: HostHandler): number {
    const { session, protocol } = openSession(this.#port, spokenProtocols);
    this.#session = session;
    this.#protocol = protocol;
    this.#major = majorOf(protocol);
    try {
      const environment = scriptEnvironment();
      if (environment !== undefined) this.#port.SetEnvironment(session, environment);
      // Outside a wake a Drain brings the clock and the epoch, and no frames.
      this.#drain(1);
      this.#handler = handler;
      this.#port.SetWake(session, () => this.#turn());
    } catch (error) {
      this.close();
      throw error;
    }
    return this.#epoch;
  }

  now(): number {
    return this.#clock;
  }

  later(job: () => void): void {
    this.#jobs.add(job);
  }

  turnAt(): void {}

  needsNoTurn(): void {}

  close(): void {
    this.#handler = undefined;
    this.#waiting = [];
    this.#jobs.end();
    if (this.#session === 0 || this.#closed) return;
    this.#closed = true;
    this.#port.Close(this.#session);
  }

  #door(): PluginPort {
    const protocol = (): number => this.#protocol;
    return {
      get protocol() {
        return protocol();
      },
      send: (frame) => this.#port.Send(this.#session, frame),
    };
  }

  /** Called by C# once a game frame. Must not throw: a wake that throws is taken for the script's death. */
  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    try {
      // What waits from the last turn is dispatched first; then little is drained, only the clock.
      this.#drain(this.#waiting.length < framesPerTurn ? drainBytes : 1);
      this.#dispatch();
      this.#tellOfLostFrames();
      this.#jobs.run((error) => this.#handler?.malformed(`a core's job failed: ${thrownWords(error)}`));
      this.#handler?.turnEnded(this.#heard.time);
      if (this.#state !== SessionState.OPEN) this.#sessionLost();
    } catch (error) {
      this.#handler?.malformed(`the turn failed: ${thrownWords(error)}`);
    } finally {
      this.#turning = false;
    }
  }

  /** Outside a wake, and in one that has drained, a Drain brings the plugin's own epoch, how much waits there, and no frames. */
  #look(): DrainBatch | undefined {
    // Not the clock: what the core answered meanwhile has not been dispatched yet, and must not expire before it is.
    const batch = this.#readBatch(1);
    if (batch === undefined) return undefined;
    this.#recorder?.drained(batch, this.#clock);
    for (const frame of batch.frames) this.#waiting.push(frame);
    this.#epoch = Math.max(this.#epoch, batch.epoch);
    return batch;
  }

  #drain(maxBytes: number): void {
    const batch = this.#readBatch(maxBytes);
    if (batch === undefined) {
      this.#framesLost = true;
      return;
    }
    this.#clock = Math.max(this.#clock, batch.clockMs);
    this.#epoch = Math.max(this.#epoch, batch.epoch);
    this.#state = batch.state;
    this.#recorder?.drained(batch, this.#clock);
    if (batch.dataFolder.length > 0) this.#dataFolder = batch.dataFolder.slice();
    for (const frame of batch.frames) this.#waiting.push(frame);
    this.#heard.drained(this.#clock, this.#waiting.length + batch.stillWaiting);
  }

  #readBatch(maxBytes: number): DrainBatch | undefined {
    // Copied before any of it is dispatched: C# reuses its buffer, and PuerTS 2 on IL2CPP hands it over by reference.
    const bytes = new Uint8Array(this.#port.Drain(this.#session, maxBytes)).slice();
    let batch: DrainBatch;
    try {
      batch = DrainBatch.decode(bytes);
    } catch (error) {
      this.#recorder?.unreadableBatch(bytes.length, this.#clock);
      this.#handler?.malformed(`a drained batch of ${bytes.length} bytes cannot be read: ${thrownWords(error)}`);
      return undefined;
    }
    if (!knownStates.has(batch.state)) {
      // Cut short, or not a batch at all: none of it can be relied on.
      this.#recorder?.unreadableBatch(bytes.length, this.#clock);
      this.#handler?.malformed(`a drained batch of ${bytes.length} bytes does not say whether the session is open`);
      return undefined;
    }
    return batch;
  }

  #dispatch(): void {
    const frames = this.#waiting.length > framesPerTurn ? this.#waiting.splice(0, framesPerTurn) : this.#waiting;
    if (frames === this.#waiting) this.#waiting = [];
    this.#inHand = frames;
    this.#dealtWith = 0;
    for (const bytes of frames) {
      const handler = this.#handler;
      if (handler === undefined) return;
      const frame = this.#decode(bytes, handler);
      if (frame === undefined) this.#framesLost = true;
      try {
        if (frame !== undefined) handler.frame(frame);
      } catch (error) {
        handler.malformed(`frame ${frame?.sequence ?? 0} could not be dealt with: ${thrownWords(error)}`);
      }
      this.#dealtWith++;
      this.#heard.dispatched();
    }
    this.#inHand = [];
    this.#dealtWith = 0;
    this.#heard.settle();
  }

  #tellOfLostFrames(): void {
    if (!this.#framesLost) return;
    this.#framesLost = false;
    this.#handler?.framesLost();
  }

  #decode(bytes: Uint8Array, handler: HostHandler): ToScript | undefined {
    let frame: ToScript;
    try {
      frame = ToScript.decode(bytes);
    } catch (error) {
      handler.malformed(`a frame of ${bytes.length} bytes cannot be read: ${thrownWords(error)}`);
      return undefined;
    }
    if (frame.version !== this.#major) {
      handler.malformed(
        `a frame of protocol version ${frame.version} came; this script speaks ${this.#major}. Update script and plugin together.`,
      );
      return undefined;
    }
    if (frame.sequence !== this.#lastSequence + 1) {
      handler.malformed(
        `frame ${frame.sequence} came after frame ${this.#lastSequence}: frames are missing or doubled`,
      );
      if (frame.sequence > this.#lastSequence) this.#framesLost = true;
    }
    this.#lastSequence = frame.sequence;
    if (frame.body === undefined) {
      handler.malformed(`frame ${frame.sequence} has no body that this script knows`);
      return undefined;
    }
    return frame;
  }

  #sessionLost(): void {
    this.#handler?.lost(this.#state === SessionState.REPLACED ? "replaced" : "closed");
  }
}
