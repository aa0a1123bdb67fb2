/** What has happened that no caller was told of. Each only grows. */
export interface BridgeCounters {
  /** Answers to calls that were settled already, or that nobody made; told to nobody, but for a session call's that changed the user. */
  readonly strayResults: number;
  /** Answers that came after their deadline, and were told to `onLateResult`. */
  readonly lateResults: number;
  /**
   * Frames, events or lists that could not be read, and gaps where frames were lost; each was told to `onError`. After a lost
   * frame the list was asked for again.
   */
  readonly malformed: number;
  /** Events that the plugin could not keep, or that could not be read: the list was asked for again. */
  readonly eventsLost: number;
  /**
   * Conversation events that came after a change of user, or during one, so that nobody can tell whose they are: the list was asked
   * for. And sign-offs of a user who had gone.
   */
  readonly staleEvents: number;
  /** Events of a type, and connection states, that this bridge does not know. */
  readonly unknownEvents: number;
  /** Updates of conversations that had been deleted, with nothing new in them. */
  readonly updatesDropped: number;
  /** Callbacks and listeners that threw; each was told to `onError`. */
  readonly callbackErrors: number;
}
