// The end-to-end scenarios' frame: host-free TypeScript that runs unchanged on the Node host and in real PuerTS.
import type { MatrixDoor } from "../matrix/matrix-door.js";

/** C#'s TestGame, as script sees it. */
export interface TestGame {
  ConvDelete(id: string, type: number, userData: string): number;
  ConvDeleteList(ids: string, clearMessage: boolean): number;
  LastError(): string;
  TakeReceived(): string;
  ThrowInListeners(): void;
  AllowDeletions(allowed: boolean): void;
  NotifySession(): void;
  TakeEventSlots(take: boolean): void;
  ForwardConvEvent(type: number, json: string): void;
  SetDataFolder(folder: string): void;
  AnswersDropped(): number;
  InTheCore(): string;
}

/** What the game does between two frames, by C#'s BetweenFrames: none of it may happen on script's stack. */
export type GameCommand = "restart" | "next-play-mode" | "matrix-restart";

/** C#'s StandIn, as script sees it. */
export interface StandIn {
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
  Effects(effect: number, fn: number): number;
  InputsReread(): number;
  InputMismatches(): number;
  RereadForgotten(): number;
  Callbacks(fn: number): number;
  LiveAllocations(): number;
  SetDelPayload(form: number): void;
  FireConvEvent(type: number, json: string): void;
  KickOffline(): void;
  ExpireUserSig(): void;
  Calls(fn: number): number;
  CallText(index: number): string;
  SetNetworkStatus(status: number): void;
  SetLoginEvents(on: boolean): void;
  NewMessage(id: string, type: number, text: string): void;
  SignInBesideTheBridge(userId: string): void;
  IsSignedIn(): boolean;
  DeletedLog(): string;
  DeletedCount(): number;
  AcceptUnknown(on: boolean): void;
}

/** The production ScriptPort, for scenarios that speak to it themselves. */
export interface RawPort {
  Open(min: number, max: number): number;
  SetWake(session: number, wake: () => void): void;
  Send(session: number, frame: Uint8Array): number;
  Drain(session: number, maxBytes: number): ArrayBuffer;
  Close(session: number): void;
}

declare const CS: {
  readonly TimChatBridge: {
    readonly ScriptPort: RawPort;
    readonly Testing: { readonly TestGame: TestGame; readonly StandIn: StandIn; readonly MatrixDoor: MatrixDoor };
  };
};
declare const puer: { on(event: "unhandledRejection", listener: (reason: unknown) => void): void };

/** How a program ended, and what it printed. */
export interface Inspected {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** What a scenario may use. */
export interface Stage {
  readonly game: TestGame;
  readonly standIn: StandIn;
  readonly matrixDoor: MatrixDoor;
  readonly port: RawPort;
  /** How many script functions C# has been handed since this environment began. */
  functionsHandedOver(): number;
  /** The promises' rejections that nobody handled, since the last call. */
  unhandledRejections(): string[];
  /** Has the game do something before the next frame. */
  betweenFrames(command: GameCommand): Promise<void>;
  /** Has the host do something with a script environment, before the next frame: make it, call into it, dispose it. */
  withEnvironment(action: "make" | "call" | "dispose", ...words: string[]): Promise<string>;
  /** What `npx tim-chatbridge inspect` says of a recording's bytes. */
  inspect(recording: Uint8Array, ...options: string[]): Promise<Inspected>;
  /** Lets game frames pass. */
  frames(count?: number): Promise<void>;
  /** Lets game frames pass until `done` holds; fails the scenario after many. */
  until(what: string, done: () => boolean): Promise<void>;
  /** The typed messages that C# has received since the last call. */
  received(): { readonly name: string; readonly message: unknown }[];
  /** Undone after the scenario, however it ends. */
  cleanUp(undo: () => void): void;
}

interface Scenario {
  readonly name: string;
  readonly needsStandIn: boolean;
  run(stage: Stage): Promise<void>;
}

const scenarios = new Map<string, Scenario>();

/** Declares a scenario that runs on the embedded core, or on none. */
export function scenario(name: string, run: (stage: Stage) => Promise<void>): void {
  declare({ name, needsStandIn: false, run });
}

/** Declares a scenario that runs on the native core with the stand-in. */
export function nativeScenario(name: string, run: (stage: Stage) => Promise<void>): void {
  declare({ name, needsStandIn: true, run });
}

function declare(declared: Scenario): void {
  if (scenarios.has(declared.name)) throw new Error(`two scenarios are called ${declared.name}`);
  scenarios.set(declared.name, declared);
}

/** A scenario's claim that does not hold. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
}

/** Claims that two values are the same, compared as JSON with sorted keys. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [show(actual), show(expected)];
  if (is !== should) throw new ClaimError(`${what}: expected ${should}, got ${is}`);
}

/** Claims that something holds. */
export function holds(claim: boolean, what: string): void {
  if (!claim) throw new ClaimError(what);
}

function show(value: unknown): string {
  const sorted = (_key: string, entry: unknown): unknown =>
    entry !== null && typeof entry === "object" && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry;
  return JSON.stringify(value, sorted) ?? "undefined";
}

interface Order {
  readonly line: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

const mostFrames = 20_000;
let status = "idle";
let waiting: (() => void)[] = [];
let orders: Order[] = [];
let handedOver = 0;
let unhandled: string[] = [];

let prepared = false;

/** Watches what the environment does besides. Once, and not before there is one: the names are wanted elsewhere, too. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  puer.on("unhandledRejection", (reason) => unhandled.push(describe(reason)));
  const port = CS.TimChatBridge.ScriptPort;
  // The one door by which C# is given a script function.
  const setWake = port.SetWake;
  port.SetWake = (session, wake) => {
    handedOver++;
    setWake.call(port, session, wake);
  };
}

/** The names of the scenarios, each on a line of its own; those that need the stand-in have a "*" before them. */
export function names(): string {
  return [...scenarios.values()].map(({ name, needsStandIn }) => `${needsStandIn ? "*" : ""}${name}`).join("\n");
}

/** Starts a scenario. The host then ticks the game and calls `frame` until `outcome` is no longer "running". */
export function start(name: string): void {
  prepare();
  const { run } = scenarios.get(name) as Scenario;
  const undos: (() => void)[] = [];
  status = "running";
  waiting = [];
  orders = [];
  const finish = (outcome: string): void => {
    try {
      for (const undo of undos.reverse()) undo();
      status = outcome;
    } catch (error) {
      status = `failed in clean-up: ${describe(error)}`;
    }
  };
  run(stage(undos)).then(
    () => finish("passed"),
    (error: unknown) => finish(`failed: ${describe(error)}`),
  );
}

/** A game frame has passed, and its orders have been carried out. */
export function frame(): void {
  const now = waiting;
  waiting = [];
  for (const resume of now) resume();
}

/** What the host is to do before the next frame: words parted by tabs; "": nothing more. It answers each. */
export function order(): string {
  return orders[0]?.line ?? "";
}

/** The order has been carried out. */
export function carriedOut(answer: string): void {
  orders.shift()?.resolve(answer);
}

/** The order has failed. */
export function failed(why: string): void {
  orders.shift()?.reject(new ClaimError(why));
}

/** "running", "passed" or "failed: ...". */
export function outcome(): string {
  return status;
}

function stage(undos: (() => void)[]): Stage {
  const { ScriptPort, Testing } = CS.TimChatBridge;
  const nextFrame = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const give = (...words: string[]): Promise<string> =>
    new Promise((resolve, reject) => orders.push({ line: words.join("\t"), resolve, reject }));
  return {
    game: Testing.TestGame,
    standIn: Testing.StandIn,
    matrixDoor: Testing.MatrixDoor,
    port: ScriptPort,
    functionsHandedOver: () => handedOver,
    unhandledRejections() {
      const taken = unhandled;
      unhandled = [];
      return taken;
    },
    async betweenFrames(command) {
      await give("game", command);
    },
    withEnvironment: (action, ...words) => give("environment", action, ...words),
    async inspect(recording, ...options) {
      const hex = Array.from(recording, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return JSON.parse(await give("inspect", hex, ...options));
    },
    async frames(count = 1) {
      for (let i = 0; i < count; i++) await nextFrame();
    },
    async until(what, done) {
      for (let i = 0; i < mostFrames; i++) {
        if (done()) return;
        await nextFrame();
      }
      throw new ClaimError(`${what}: not after ${mostFrames} frames`);
    },
    received() {
      const text = Testing.TestGame.TakeReceived();
      if (text === "") return [];
      return text.split("\n").map((line) => {
        const space = line.indexOf(" ");
        return { name: line.slice(0, space), message: JSON.parse(line.slice(space + 1)) };
      });
    },
    cleanUp: (undo) => undos.push(undo),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
}
