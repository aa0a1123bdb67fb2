import { invalidArgument } from "../errors/bridge-error.js";
import { kindOf } from "../errors/kind-of.js";

/** What `connect({ recording })` keeps of what crosses between script and plugin. */
export interface RecordingOptions {
  /** How many bytes the recording has at most, 1 KiB to 64 MiB; the newest frames stay. Default 256 KiB. */
  readonly maxBytes?: number;
  /**
   * Whether ids of conversations are recorded as they are, and the core's words with them. Default false: pseudonyms
   * stand for them. A UserSig, an Init's configuration, names and messages are never recorded.
   */
  readonly ids?: boolean;
}

/** @internal RecordingOptions, checked and complete. */
export type RecordingSettings = Required<RecordingOptions>;

const defaultBytes = 1 << 18;
const fewestBytes = 1 << 10;
/** @internal The most that a recording can be told to have. */
export const mostBytes = 1 << 26;

/** @internal Checks what the caller chose; undefined: not to record. */
export function recordingSettings(options: RecordingOptions | undefined): RecordingSettings | undefined {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    throw invalidArgument(
      `connect(): recording is ${kindOf(options)}; give an object such as {}, or leave it out to record nothing.`,
    );
  }
  const { maxBytes = defaultBytes, ids = false } = options;
  if (!Number.isInteger(maxBytes) || maxBytes < fewestBytes || maxBytes > mostBytes) {
    throw invalidArgument(
      `connect(): recording.maxBytes is ${String(maxBytes)}; give a whole number from ${fewestBytes} to ${mostBytes}.`,
    );
  }
  if (typeof ids !== "boolean") {
    throw invalidArgument(`connect(): recording.ids is ${kindOf(ids)}; say true to record ids, or leave it out.`);
  }
  return { maxBytes, ids };
}
