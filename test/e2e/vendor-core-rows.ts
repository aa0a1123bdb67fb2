// What libImSDK 8.0.5903 for Linux was measured to do, offline, row by row: a call, its return, its callback and the thread.
import { type Bridge, TIMConvType, TIMResult } from "tim-chatbridge";

/** C#'s VendorCoreRows, as the test sees it. */
export interface VendorCoreRows {
  Restart(): void;
  AdvanceClock(milliseconds: number): void;
  SdkVersion(): string;
  LoginStatus(): number;
  SwapConvDelete(convId: string, convType: number): void;
  SwapConvIdForNull(): void;
  SwapCallbackForNull(): void;
  SwapIdArray(json: string): void;
  SwapIdArrayForNull(): void;
  SwapTextsForClosedPages(): void;
  SwapConvDeleteForClosedPages(convId: string, convType: number): void;
  SwapIdArrayForClosedPages(json: string): void;
  PagesClosed(): number;
  CallCount(): number;
  Call(index: number): string;
  AnswersDespiteRefusal(): number;
  DuplicateAnswers(): number;
  LiveTokens(): number;
  LiveBuffers(): number;
}

/** One callback of the core. A `json` that is not given may be anything. */
export interface CoreAnswer {
  readonly code: number;
  readonly desc: string;
  readonly json?: string;
  readonly where: "SDK thread" | "calling thread, before the return";
}

/** What the caller of the bridge gave as its callback, as far as a row needs it. */
export type Heard = (code: number, desc: string) => void;

/** A row of the table. */
export interface Row {
  readonly call: string;
  /** Asks the bridge for it, soundly; where the row's own input is unsound, `swap` then puts it in at the core's door. */
  readonly ask: (bridge: Bridge, heard: Heard) => TIMResult;
  readonly swap?: (door: VendorCoreRows) => void;
  /** Asks the bridge for the row's unsound input itself. It must refuse, and the core must not hear of it. */
  readonly refused?: (bridge: Bridge, heard: Heard) => TIMResult;
  readonly returns: number;
  readonly answer: CoreAnswer | "never" | "not now";
  /** For so many milliseconds of real time no callback comes. */
  readonly silentForMs?: number;
}

const c2c = TIMConvType.kTIMConv_C2C;
const synchronous = "calling thread, before the return";
const notInitialised = { code: 6013, desc: "not initialized", where: "SDK thread" } as const;
const notLoggedIn = { code: 6014, desc: "not login", where: "SDK thread" } as const;
const invalidArray = { code: 6017, desc: "conversation_id_array is invalid", where: synchronous } as const;

const deleteU1 = (bridge: Bridge, heard: Heard): TIMResult => bridge.ConvDelete("u1", c2c, heard);
const deleteIds =
  (...ids: string[]) =>
  (bridge: Bridge, heard: Heard): TIMResult =>
    bridge.ConvDeleteConversationList(ids, true, heard);
const ids101 = Array.from({ length: 101 }, (_, index) => `c2c_u${index}`);

/** What TypeScript forbids and a game's JavaScript does all the same. */
const unsound = (value: unknown): never => value as never;

/** State: before TIMInit. */
export const rowsBeforeInit: readonly Row[] = [
  { call: 'ConvDelete("u1", 1)', ask: deleteU1, returns: 0, answer: notInitialised },
];

/** State: initialised, nobody signed in. */
export const rowsInitialised: readonly Row[] = [
  { call: 'ConvDelete("u1", 1)', ask: deleteU1, returns: 0, answer: notLoggedIn },
  {
    call: 'ConvDelete("", 1)',
    ask: deleteU1,
    swap: (door) => door.SwapConvDelete("", c2c),
    refused: (bridge, heard) => bridge.ConvDelete("", c2c, heard),
    returns: TIMResult.TIM_ERR_PARAM,
    answer: "never",
  },
  {
    call: "ConvDelete(NULL, 1)",
    ask: deleteU1,
    swap: (door) => door.SwapConvIdForNull(),
    refused: (bridge, heard) => bridge.ConvDelete(unsound(null), c2c, heard),
    returns: TIMResult.TIM_ERR_PARAM,
    answer: "never",
  },
  ...[0, 3, 9].map(
    (type): Row => ({
      call: `ConvDelete("u1", ${type})`,
      ask: deleteU1,
      swap: (door) => door.SwapConvDelete("u1", type),
      refused: (bridge, heard) => bridge.ConvDelete("u1", unsound(type), heard),
      returns: TIMResult.TIM_ERR_PARAM,
      answer: "never",
    }),
  ),
  {
    call: "DeleteConversationList(NULL)",
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArrayForNull(),
    refused: (bridge, heard) => bridge.ConvDeleteConversationList(unsound(null), true, heard),
    returns: TIMResult.TIM_ERR_PARAM,
    answer: "never",
  },
  {
    call: 'DeleteConversationList("[]")',
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArray("[]"),
    refused: deleteIds(),
    returns: TIMResult.TIM_ERR_JSON,
    answer: invalidArray,
  },
  {
    call: 'DeleteConversationList("{nope")',
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArray("{nope"),
    refused: (bridge, heard) => bridge.ConvDeleteConversationList(unsound("{nope"), true, heard),
    returns: TIMResult.TIM_ERR_JSON,
    answer: invalidArray,
  },
  {
    call: 'DeleteConversationList(["c2c_u1","group_g1"])',
    ask: deleteIds("c2c_u1", "group_g1"),
    returns: 0,
    answer: { ...notLoggedIn, json: "[]" },
  },
  {
    call: 'DeleteConversationList(["nonsense"])',
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArray('["nonsense"]'),
    refused: deleteIds("nonsense"),
    returns: 0,
    answer: notLoggedIn,
  },
  {
    call: "DeleteConversationList(101 ids)",
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArray(JSON.stringify(ids101)),
    refused: deleteIds(...ids101),
    returns: 0,
    answer: notLoggedIn,
  },
  {
    call: "GetConvList",
    ask: (bridge, heard) => bridge.ConvGetConvList(heard),
    returns: 0,
    answer: { code: 6014, desc: "not init database", json: "[]", where: "SDK thread" },
  },
  {
    // Never answered, so that it stays under way until the login that follows.
    call: 'ConvDelete("u1", 1, NULL callback)',
    ask: deleteU1,
    swap: (door) => door.SwapCallbackForNull(),
    returns: 0,
    answer: "not now",
  },
];

/** Begins the last state. */
export const rowLogin: Row = {
  call: 'TIMLogin("user1", bad sig)',
  ask: (bridge, heard) => bridge.Login("user1", "no UserSig at all", heard),
  swap: (door) => door.SwapTextsForClosedPages(),
  returns: 0,
  answer: "not now",
  silentForMs: 3000,
};

/** State: a login is under way that the network cannot end. `deletes`: the bridge hands that over only when its own call has ended. */
export const rowsLoginPending: readonly (Row & { readonly deletes: boolean })[] = [
  {
    call: "GetConvList",
    ask: (bridge, heard) => bridge.ConvGetConvList(heard),
    returns: 0,
    answer: { code: 0, desc: "no conversation", json: "[]", where: "SDK thread" },
    deletes: false,
  },
  {
    call: 'ConvDelete("u1", 1)',
    ask: deleteU1,
    returns: 0,
    answer: { code: 6017, desc: "invalid user_id", where: "SDK thread" },
    deletes: true,
  },
];

/**
 * Not in the table: the core has copied what it was given when its function returns, refused or not. The pages stay closed
 * for the rest of the run, TIMUninit included. State: as before. TIMInit's and TIMLogin's texts: where those are called.
 */
export const rowsClosedPages: readonly Row[] = [
  {
    call: 'ConvDelete("u1", 1)',
    ask: deleteU1,
    swap: (door) => door.SwapTextsForClosedPages(),
    returns: 0,
    answer: { code: 6017, desc: "invalid user_id", where: "SDK thread" },
  },
  {
    call: 'DeleteConversationList(["c2c_u1","group_g1"])',
    ask: deleteIds("c2c_u1", "group_g1"),
    swap: (door) => door.SwapTextsForClosedPages(),
    returns: 0,
    answer: notLoggedIn,
  },
  {
    call: 'ConvDelete("u1", 9), which it refuses',
    ask: deleteU1,
    swap: (door) => door.SwapConvDeleteForClosedPages("u1", 9),
    returns: TIMResult.TIM_ERR_PARAM,
    answer: "never",
  },
  {
    call: 'DeleteConversationList("{nope"), which it refuses',
    ask: deleteIds("c2c_u1"),
    swap: (door) => door.SwapIdArrayForClosedPages("{nope"),
    returns: TIMResult.TIM_ERR_JSON,
    answer: invalidArray,
  },
];
