// What crosses between script and plugin, looked at on its way: whose answer it is that a caller hears, and whether the drain
// budget is kept.
import { DrainBatch, ToPlugin, ToScript } from "../../../src/protocol/gen/chatbridge/v1/envelope.js";
import { ErrorSource } from "../../../src/protocol/gen/chatbridge/v1/error.js";
import "../../../src/protocol/text-codec.js";
import type { RawPort } from "../scenarios/scenario.js";

interface Answer {
  readonly code: number;
  readonly source: ErrorSource;
}

/** One bridge's wire. */
export class Wire {
  /** The core calls that script has sent, in order, by call id. */
  readonly sent: number[] = [];
  /** Frames of the fullest batch. */
  mostFrames = 0;
  /** Batches behind which frames stayed in C#. */
  keptBack = 0;
  readonly #answers = new Map<number, Answer>();

  /** `drainBytes`: what script may drain in a turn. */
  constructor(readonly drainBytes: number) {}

  /** Who says this code, by the plugin's answer to the call that was sent then; where there is none, the bridge itself. */
  sourceOf(position: number, code: number): string {
    if (code === 0) return "";
    const answer = this.#answers.get(this.sent[position] ?? 0);
    return ErrorSource[answer?.code === code ? answer.source : ErrorSource.BRIDGE];
  }

  sends(frame: Uint8Array): void {
    const { body } = ToPlugin.decode(frame);
    if (body?.$case === "coreCall") this.sent.push(body.value.callId);
  }

  drained(bytes: Uint8Array): void {
    const { frames, stillWaiting } = DrainBatch.decode(bytes);
    this.mostFrames = Math.max(this.mostFrames, frames.length);
    if (stillWaiting > 0 && frames.length > 0) this.keptBack++;
    for (const frame of frames) {
      const { body } = ToScript.decode(frame);
      if (body?.$case === "result") this.#answers.set(body.value.callId, body.value);
    }
  }
}

let watched: Wire | undefined;

/** From here on this wire is looked at. */
export function watch(port: RawPort, wire: Wire): void {
  if (watched === undefined) {
    const { Send, Drain } = port;
    port.Send = (session, frame) => {
      // The frame crosses as it came: what is looked at is a copy.
      watched?.sends(new Uint8Array(frame as Uint8Array).slice());
      return Send.call(port, session, frame);
    };
    port.Drain = (session, maxBytes) => {
      const batch = Drain.call(port, session, Math.min(maxBytes, watched?.drainBytes ?? maxBytes));
      watched?.drained(new Uint8Array(batch).slice());
      return batch;
    };
  }
  watched = wire;
}
