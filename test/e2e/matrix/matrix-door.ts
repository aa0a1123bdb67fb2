/** C#'s MatrixDoor. */
export interface MatrixDoor {
  AdvanceClock(milliseconds: number): void;
  ConvDelete(id: string, type: number, name: string): number;
  ConvDeleteList(ids: string, clearMessage: boolean, name: string): number;
  ThrowInside(): void;
  DeleteInside(id: string): void;
  ShutdownInside(): void;
  LogoutInside(id: string): void;
  ListenForDeletions(): void;
  ListenForSession(): void;
  ListenForConnection(): void;
  SetLimits(pendingCalls: number, abandonedCalls: number, pendingRequests: number, waitingEvents: number): void;
  /** Frames that wait in C#. */
  Waiting(): number;
  InsideDone(): boolean;
  PoisonInputs(): number;
  Held(): string;
  Untold(): string;
  TakeEscaped(): string;
  TakeEscapedAtLast(): string;
  /** The plugin's log, a line each. */
  Logged(): string;
  CoreHas(fn: string): boolean;
}
