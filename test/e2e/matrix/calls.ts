// The columns of the fault matrix: every call of the core that the bridge makes, from script and from C#, and everything
// that the core reports of its own accord, heard by a listener of script's or of C#'s.
import {
  type Bridge,
  type BridgeError,
  type Conversation,
  type DeleteResult,
  type ErrorSource,
  TIMConvEvent,
  TIMConvType,
  TIMLoginStatus,
  TIMNetworkStatus,
} from "tim-chatbridge";
import type { StandIn } from "../scenarios/scenario.js";
import { connectionLine, words } from "./lines.js";
import type { MatrixDoor } from "./matrix-door.js";
import { fn } from "./stand-in-numbers.js";

/** How far the core is: not initialised, nobody signed in, signed in. */
export type CoreState = "none" | "out" | "in";

/** What hears a call's callback in script; of a promise that was rejected, the error's source too. */
export type Hears = (
  code: number,
  desc: string,
  detail?: readonly DeleteResult[] | readonly Conversation[],
  source?: ErrorSource,
) => void;

/** What the core reports of its own accord. */
export interface Report {
  /** The line that both sides hear of it. */
  readonly line: string;
  /** Of a conversation event. */
  readonly type?: TIMConvEvent;
  /** The line where the core says this. */
  says?(desc: string): string;
}

export interface Call {
  readonly name: string;
  /** The stand-in's number for the vendor's function, or for the slot. */
  readonly fn: number;
  /** Who asks; of an event: whose listener it is that misbehaves where one does. */
  readonly from: "script" | "C#";
  readonly kind: "delete" | "batch" | "list" | "session" | "question" | "event" | "sign-off" | "connection";
  /** What the core gives with it: to the callback, or as the function's return. */
  readonly brings: "words and JSON" | "JSON" | "words" | "a text" | "a number" | "nothing";
  /** Whether there is a callback at all. */
  readonly hasCallback: boolean;
  /** Input texts that the core holds from its return until its callback. */
  readonly inputs: number;
  /** Where it is asked from, and where it leads when it is carried out. */
  readonly state: CoreState;
  readonly leadsTo: CoreState;
  /** The conversations that it deletes. */
  readonly deletes: readonly string[];
  /** What a question is answered with. */
  readonly answer?: string;
  /** Set where nobody asks, and the core reports. */
  readonly event?: Report;
  ask(bridge: Bridge, door: MatrixDoor, hears: Hears, standIn: StandIn): number;
}

/** Everybody whom the user has a conversation with. "guild" is a group. */
export const everyone = ["alice", "bob", "dave", "guild"];

const c2c = TIMConvType.kTIMConv_C2C;
const batchIds = ["c2c_alice", "group_guild"];
const deletion = { hasCallback: true, brings: "words and JSON", inputs: 1, state: "in", leadsTo: "in" } as const;
const single = { ...deletion, kind: "delete", fn: fn.convDelete, deletes: ["alice"] } as const;
const batch = { ...deletion, kind: "batch", fn: fn.convDeleteList, deletes: ["alice", "guild"] } as const;
const session = { kind: "session", from: "script", deletes: [] } as const;

function batches(clearMessage: boolean): readonly Call[] {
  return [
    {
      ...batch,
      name: "List script",
      from: "script",
      ask: (bridge, _door, hears) => bridge.ConvDeleteConversationList(batchIds, clearMessage, hears),
    },
    {
      ...batch,
      name: "List C#",
      from: "C#",
      ask: (_bridge, door) => door.ConvDeleteList(batchIds.join("\n"), clearMessage, "call"),
    },
  ];
}

/** Answered by the function's return, and told by a promise. */
function question(
  name: string,
  number: number,
  brings: "a text" | "a number",
  answer: string,
  ask: (bridge: Bridge) => Promise<number | string>,
): Call {
  return {
    name,
    fn: number,
    from: "script",
    kind: "question",
    brings,
    hasCallback: false,
    inputs: 0,
    state: "in",
    leadsTo: "in",
    deletes: [],
    answer,
    ask: (bridge, _door, hears) => {
      ask(bridge)
        .then(
          (value) => hears(0, `${value}`),
          ({ code, message, source }: BridgeError) => hears(code, message, [], source),
        )
        // A continuation that throws is its caller's own, who takes it as such.
        .catch(() => {});
      return 0;
    },
  };
}

type Listening = (bridge: Bridge, listener: () => void) => () => void;

type Reporting = Pick<Call, "name" | "fn" | "from" | "kind" | "brings" | "leadsTo"> & { readonly event: Report };

/** The core reports something of its own accord. A listener of the column's side's own hears it, the first time. */
function reported(
  column: Reporting,
  listen: (door: MatrixDoor) => void,
  listening: Listening,
  fire: (standIn: StandIn) => void,
): Call {
  return {
    ...column,
    hasCallback: true,
    inputs: 0,
    state: "in",
    deletes: [],
    ask: (bridge, door, hears, standIn) => {
      if (column.from === "C#") listen(door);
      else {
        const off = listening(bridge, () => {
          off();
          hears(0, "");
        });
      }
      fire(standIn);
      return 0;
    },
  };
}

function event(name: string, from: Call["from"], type: TIMConvEvent, whom: string, listening: Listening): Call {
  const verbs = { 0: "added", 1: "deleted", 2: "updated", 3: "sync started", 4: "sync finished" } as const;
  const json = whom === "" ? "" : JSON.stringify([{ conv_id: whom, conv_type: c2c }]);
  const column = { name, from, fn: fn.onConvEvent, kind: "event", brings: "JSON", leadsTo: "in" } as const;
  return reported(
    { ...column, event: { type, line: words(verbs[type], whom) } },
    (door) => door.ListenForDeletions(),
    listening,
    (standIn) => standIn.FireConvEvent(type, json),
  );
}

/** The user is no longer signed in: a new login epoch begins. */
function signOff(name: string, from: Call["from"], number: number, line: string, fire: (on: StandIn) => void): Call {
  const column = { name, from, fn: number, kind: "sign-off", brings: "nothing", leadsTo: "out" } as const;
  return reported(
    { ...column, event: { line } },
    (door) => door.ListenForSession(),
    (bridge, listener) => bridge.onSessionChanged(listener),
    fire,
  );
}

function connection(name: string, from: Call["from"]): Call {
  const status = TIMNetworkStatus.kTIMDisconnected;
  const says = (desc: string): string => connectionLine(status, 9508, desc);
  const column = { name, from, fn: fn.onNetworkStatus, kind: "connection", brings: "words", leadsTo: "in" } as const;
  return reported(
    { ...column, event: { line: says("said by the stand-in"), says } },
    (door) => door.ListenForConnection(),
    (bridge, listener) => bridge.onConnectionChanged(listener),
    (standIn) => standIn.SetNetworkStatus(status),
  );
}

const { kTIMConvEvent_Add, kTIMConvEvent_Del, kTIMConvEvent_Update, kTIMConvEvent_Start, kTIMConvEvent_Finish } =
  TIMConvEvent;
const deletions: Listening = (bridge, listener) => bridge.onConversationDeleted(listener);
const syncs: Listening = (bridge, listener) => bridge.onConversationListSync(listener);

const events: readonly Call[] = [
  event("Add", "script", kTIMConvEvent_Add, "eve", (bridge, listener) => bridge.onConversationAdded(listener)),
  event("Del script", "script", kTIMConvEvent_Del, "alice", deletions),
  event("Del C#", "C#", kTIMConvEvent_Del, "alice", deletions),
  event("Update", "script", kTIMConvEvent_Update, "alice", (bridge, listener) =>
    bridge.onConversationUpdated(listener),
  ),
  event("Start", "script", kTIMConvEvent_Start, "", syncs),
  event("Finish", "script", kTIMConvEvent_Finish, "", syncs),
  signOff("Kicked script", "script", fn.onKickedOffline, "session kicked-offline", (standIn) => standIn.KickOffline()),
  signOff("Kicked C#", "C#", fn.onKickedOffline, "session kicked-offline", (standIn) => standIn.KickOffline()),
  signOff("SigExpired", "script", fn.onUserSigExpired, "session user-sig-expired", (standIn) =>
    standIn.ExpireUserSig(),
  ),
  connection("Network script", "script"),
  connection("Network C#", "C#"),
];

/** The calls and events, with batches that clear the history or keep it, on a core of this version. */
export function calls({
  clearMessage,
  sdkVersion,
}: {
  readonly clearMessage: boolean;
  readonly sdkVersion: string;
}): readonly Call[] {
  return [
    {
      ...single,
      name: "Delete script",
      from: "script",
      ask: (bridge, _door, hears) => bridge.ConvDelete("alice", c2c, hears),
    },
    { ...single, name: "Delete C#", from: "C#", ask: (_bridge, door) => door.ConvDelete("alice", c2c, "call") },
    ...batches(clearMessage),
    {
      name: "GetConvList",
      fn: fn.convGetList,
      from: "script",
      kind: "list",
      brings: "words and JSON",
      hasCallback: true,
      inputs: 0,
      state: "in",
      leadsTo: "in",
      deletes: [],
      ask: (bridge, _door, hears) => bridge.ConvGetConvList(hears),
    },
    {
      ...session,
      name: "Init",
      fn: fn.init,
      brings: "a number",
      hasCallback: false,
      inputs: 0,
      state: "none",
      leadsTo: "out",
      ask: (bridge, _door, hears) => bridge.Init(1_400_000_001, "{}", hears),
    },
    {
      ...session,
      name: "Uninit",
      fn: fn.uninit,
      brings: "a number",
      hasCallback: false,
      inputs: 0,
      state: "in",
      leadsTo: "none",
      ask: (bridge, _door, hears) => bridge.Uninit(hears),
    },
    {
      ...session,
      name: "Login",
      fn: fn.login,
      brings: "words and JSON",
      hasCallback: true,
      inputs: 2,
      state: "out",
      leadsTo: "in",
      ask: (bridge, _door, hears) => bridge.Login("me", "a UserSig", hears),
    },
    {
      ...session,
      name: "Logout",
      fn: fn.logout,
      brings: "words and JSON",
      hasCallback: true,
      inputs: 0,
      state: "in",
      leadsTo: "out",
      ask: (bridge, _door, hears) => bridge.Logout(hears),
    },
    question("LoginStatus", fn.getLoginStatus, "a number", `${TIMLoginStatus.kTIMLoginStatus_Logined}`, (bridge) =>
      bridge.getLoginStatus(),
    ),
    question("SdkVersion", fn.getSdkVersion, "a text", sdkVersion, (bridge) => bridge.getSdkVersion()),
    ...events,
  ];
}
