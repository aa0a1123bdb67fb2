// The fault matrix's third dimension: the limits and the drain budget. It is played with what a game has, and once more for
// each of the two sides with limits that a cell's own calls reach. When a fault has struck within tight limits, each cell sees
// besides that deadlines (in C#'s play) and tombstones (in script's) are kept; where they are the fault themselves they are
// rows: "callback late, beyond its deadline", "callback never", "inputs re-read after the deadline", "Update after Del".
export interface Limits {
  /** What is said behind a row's name; "": nothing. */
  readonly name: string;
  /** Calls under way in the plugin; 0: its own limit. */
  readonly pluginCalls: number;
  /** Calls that were given up, in the plugin. */
  readonly abandonedCalls: number;
  /** Requests of C#'s under way. */
  readonly requests: number;
  /** Events that wait for script. */
  readonly waitingEvents: number;
  /** Calls under way in script; 0: its own limit. */
  readonly scriptCalls: number;
  /** Bytes that script drains in a turn: 1 is one frame, whatever its size. */
  readonly drainBytes: number;
}

export const ample: Limits = {
  name: "",
  pluginCalls: 0,
  abandonedCalls: 0,
  requests: 0,
  waitingEvents: 0,
  scriptCalls: 0,
  drainBytes: Number.POSITIVE_INFINITY,
};

export const tightInCSharp: Limits = {
  ...ample,
  name: "tight limits in C#",
  pluginCalls: 3,
  abandonedCalls: 3,
  requests: 1,
  waitingEvents: 5,
  drainBytes: 1,
};

export const tightInScript: Limits = {
  ...ample,
  name: "tight limits in script",
  scriptCalls: 3,
  // A flood that is drained frame by frame would take ten thousand turns.
  waitingEvents: 5,
  drainBytes: 1,
};

/** The plugin's own limit of events that wait. */
const ownWaitingEvents = 10_000;

export function eventRoom({ waitingEvents }: Limits): number {
  return waitingEvents > 0 ? waitingEvents : ownWaitingEvents;
}
