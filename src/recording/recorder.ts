import type { PluginPort } from "../core/core-sdk.js";
import { type DrainBatch, type SessionState, ToPlugin, ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import { FrameDirection, RecordedFrame, Recording, WithheldReason } from "../protocol/gen/chatbridge/v1/recording.js";
import { FrameRing } from "./frame-ring.js";
import { Pseudonyms } from "./pseudonyms.js";
import { RecordableFrames } from "./recordable-frame.js";
import type { RecordingSettings } from "./recording-options.js";

/** Recording's first field. */
export const recordingFormat = "tim-chatbridge recording";
/** Recording's version. */
export const recordingVersion = 1;

/** The most that a recording has besides its frames: format, version, ids, dropped and count. */
const headBytes = 48;

type What = NonNullable<RecordedFrame["what"]>;

/**
 * Keeps what crosses between script and plugin, as far as recording.proto allows. Recording changes nothing else: the
 * same bytes cross, and whatever fails in here fails in here.
 */
export class Recorder {
  readonly #ids: boolean;
  readonly #ring: FrameRing;
  readonly #recordable: RecordableFrames;
  #lastState: SessionState | undefined;
  #lastEpoch = -1;

  constructor({ maxBytes, ids }: RecordingSettings) {
    this.#ids = ids;
    this.#ring = new FrameRing(maxBytes - headBytes);
    this.#recordable = new RecordableFrames(ids ? undefined : new Pseudonyms());
  }

  /** The same door, with a note of all that goes through it. */
  around(port: PluginPort, now: () => number): PluginPort {
    return {
      get protocol() {
        return port.protocol;
      },
      send: (frame) => {
        const { what, size } = this.#readSent(frame);
        let sendResult: number | undefined;
        try {
          sendResult = port.send(frame);
          return sendResult;
        } finally {
          this.#add(what, size, now(), sendResult);
        }
      },
    };
  }

  /** A batch came. One that brings nothing new is not worth its place: there is one in every game frame. */
  drained({ state, epoch, frames }: DrainBatch, now: number): void {
    if (frames.length > 0 || state !== this.#lastState || epoch !== this.#lastEpoch) {
      this.#add({ $case: "drained", value: { state, epoch, frameCount: frames.length } }, 0, now);
    }
    this.#lastState = state;
    this.#lastEpoch = epoch;
    for (const frame of frames) {
      const { what, size } = this.#readReceived(frame);
      this.#add(what, size, now);
    }
  }

  /** A batch came that cannot be read. */
  unreadableBatch(size: number, now: number): void {
    this.#add(withheld(WithheldReason.UNREADABLE, FrameDirection.TO_SCRIPT), size, now);
  }

  /** The recording so far: a Recording. */
  bytes(): Uint8Array {
    const head = Recording.encode({
      format: recordingFormat,
      version: recordingVersion,
      ids: this.#ids,
      dropped: this.#ring.dropped,
      count: this.#ring.count,
      frames: [],
    }).finish();
    const frames = this.#ring.bytes();
    const bytes = new Uint8Array(head.length + frames.length);
    bytes.set(head);
    bytes.set(frames, head.length);
    return bytes;
  }

  #readSent(bytes: Uint8Array): { readonly what: What; readonly size: number } {
    try {
      const recordable = this.#recordable.sent(ToPlugin.decode(bytes));
      if (recordable === "login") return { what: withheld(WithheldReason.LOGIN, FrameDirection.TO_PLUGIN), size: 0 };
      return { what: { $case: "sent", value: recordable.frame }, size: recordable.hideSize ? 0 : bytes.length };
    } catch {
      // It may be a login: not even its size is told.
      return { what: withheld(WithheldReason.UNREADABLE, FrameDirection.TO_PLUGIN), size: 0 };
    }
  }

  #readReceived(bytes: Uint8Array): { readonly what: What; readonly size: number } {
    try {
      const { frame, hideSize } = this.#recordable.received(ToScript.decode(bytes));
      return { what: { $case: "received", value: frame }, size: hideSize ? 0 : bytes.length };
    } catch {
      return { what: withheld(WithheldReason.UNREADABLE, FrameDirection.TO_SCRIPT), size: bytes.length };
    }
  }

  #add(what: What, size: number, clockMs: number, result?: number): void {
    // What is no int was no answer of Send's.
    const sendResult = result === undefined || result !== (result | 0) ? undefined : result;
    const frame = encoded({ clockMs, size, what, sendResult });
    if (this.#ring.fits(frame)) {
      this.#ring.push(frame);
      return;
    }
    const direction = what.$case === "sent" ? FrameDirection.TO_PLUGIN : FrameDirection.TO_SCRIPT;
    this.#ring.push(encoded({ clockMs, size, what: withheld(WithheldReason.TOO_LARGE, direction), sendResult }));
  }
}

function encoded(frame: RecordedFrame): Uint8Array {
  return RecordedFrame.encode(frame).finish();
}

function withheld(reason: WithheldReason, direction: FrameDirection): What {
  return { $case: "withheld", value: { reason, direction } };
}
