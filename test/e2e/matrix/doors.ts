// C#'s test classes, as the matrix sees them.
import { createRequire } from "node:module";
import { loadNodeHost } from "../host/node-host.mjs";

/** C#'s MatrixDoor. */
export interface MatrixDoor {
  Restart(): void;
  Tick(): void;
  AdvanceClock(milliseconds: number): void;
  ConvDelete(id: string, type: number, name: string): number;
  ConvDeleteList(ids: string, clearMessage: boolean, name: string): number;
  ThrowInside(): void;
  DeleteInside(id: string): void;
  ShutdownInside(): void;
  LogoutInside(id: string): void;
  ListenForDeletions(): void;
  InsideDone(): boolean;
  PoisonInputs(): number;
  Held(): string;
  Untold(): string;
  TakeEscaped(): string;
  TakeEscapedAtLast(): string;
  CoreHas(library: string, name: string): boolean;
}

/** C#'s StandIn, as far as the matrix needs it. */
export interface StandIn {
  IsThere(): boolean;
  Reset(): void;
  Load(conversations: string): number;
  SetFault(fault: number, fn: number, argument: number): void;
  PaceFault(fault: number, fn: number, every: number, times: number): void;
  ClearFaults(): void;
  FaultFired(fault: number, fn: number): number;
  HeldCount(): number;
  ReleaseHeld(): number;
  Pause(): void;
  Resume(): void;
  WaitIdle(): boolean;
  InputMismatches(): number;
  RereadForgotten(): number;
  FireConvEvent(type: number, json: string): void;
  Calls(fn: number): number;
  Callbacks(fn: number): number;
  LiveAllocations(): number;
  DeletedLog(): string;
}

export interface Doors {
  readonly door: MatrixDoor;
  readonly standIn: StandIn;
  readonly takeReceived: () => string;
  readonly delegatesHandedOver: () => number;
  /** Whether the core has the symbol for batch deletes. */
  readonly hasBatchDelete: () => boolean;
}

/** Loads the C# side with this library as its libImSDK. Once a process. */
export function openDoors(library: string): Doors {
  const { GameLoop, MessageLog, NodeScriptPort, StandIn } = loadNodeHost();
  GameLoop.UseLibrary(library);
  const { MatrixDoor } = createRequire(import.meta.url)("node-api-dotnet/net8.0").TimChatBridge.Testing;
  return {
    door: MatrixDoor,
    standIn: StandIn,
    takeReceived: () => MessageLog.TakeReceived(),
    delegatesHandedOver: () => NodeScriptPort.DelegatesHandedOver,
    hasBatchDelete: () => MatrixDoor.CoreHas(library, "TIMConvDeleteConversationList"),
  };
}
