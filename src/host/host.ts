import type { PluginPort } from "../core/core-sdk.js";
import type { ToScript } from "../protocol/gen/chatbridge/v1/envelope.js";
import type { QueuePlace } from "./heard-until.js";

/** What a host tells the Bridge. All of it happens on the Bridge's turn: once a game frame, never inside a call. */
export interface HostHandler {
  /** A frame from the plugin, in order. */
  frame(frame: ToScript): void;
  /** The plugin sent what cannot be understood, or a job failed. */
  malformed(what: string): void;
  /** Frames were lost, or could not be read: what they said nobody knows. At most once a turn, after the frames that came. */
  framesLost(): void;
  /** The plugin's session is another's now, or closed: nothing more will come. */
  lost(reason: "replaced" | "closed"): void;
  /**
   * Time for what is overdue. Everything that waited at the time `heardUntil` has been dispatched: a call that was due by then
   * has no answer waiting. It is the clock's time unless more waits than one turn takes.
   */
  turnEnded(heardUntil: number): void;
}

/** Where the Bridge runs: inside Unity beside the C# plugin, or alone in a browser, in Node.js or in a test. */
export interface Host {
  /** The door to the plugin, where there is one. */
  readonly plugin: PluginPort | undefined;
  /**
   * Opens the plugin's session, where there is a plugin, and begins to deliver turns. Called once, and after the core has agreed:
   * it takes the plugin from whoever has it. Returns the login epoch that the plugin is in; 0 where there is none. Throws where
   * it cannot be opened, and leaves no session behind.
   */
  start(handler: HostHandler): number;
  /**
   * The game's persistent data folder, for the core's files; undefined where the game names none. Throws an Error where the
   * plugin's name for it is no text.
   */
  readonly dataFolder: string | undefined;
  /** The login epoch that the plugin is in now; 0 where there is no plugin. */
  pluginEpoch(): number;
  /** The place in the plugin's queue behind all that waits there now, and behind what is being heard. */
  endOfQueue(): QueuePlace;
  /** Whether all before that place has been heard. */
  hasHeard(place: QueuePlace): boolean;
  /** What was taken from the plugin and has not been delivered; what cannot be read is left out. */
  undelivered(): readonly ToScript[];
  /** The clock that deadlines are kept by, in milliseconds; monotonic. Inside Unity it stands still in the background. */
  now(): number;
  /** Runs `job` on a later turn, in the order asked. Never inside this call. */
  later(job: () => void): void;
  /** Asks for a turn when the clock reaches `time`. A host that turns every frame ignores it. */
  turnAt(time: number): void;
  /** Nothing waits for a time any more: takes back what `turnAt` asked for. */
  needsNoTurn(): void;
  /** Ends the session. No handler method is called from here on, and no job runs. */
  close(): void;
}
