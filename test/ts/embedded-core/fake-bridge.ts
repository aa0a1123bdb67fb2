import type { CoreCall, CoreContext, CoreMethod, CoreResult, CoreSdk } from "../../../src/core/core-sdk.js";
import { TIMConvEvent, TIMConvType } from "../../../src/core/tim-types.js";

/** What a core told, in order. */
export type Told =
  | { readonly kind: "result"; readonly result: CoreResult }
  | { readonly kind: "event"; readonly type: number; readonly json: string };

/** A Bridge's end of a core, whose turns a test takes by hand. */
export class FakeBridge {
  readonly told: Told[] = [];
  /** Is called inside the sink's `result`, as a user's callback is. */
  onResult: ((result: CoreResult) => void) | undefined;
  #jobs: (() => void)[] = [];
  #lastCallId = 0;
  #insideSend = false;
  readonly #core: CoreSdk;

  constructor(core: CoreSdk) {
    this.#core = core;
    const tell = (told: Told) => {
      if (this.#insideSend) throw new Error("the sink was called inside send()");
      this.told.push(told);
    };
    const unexpected = (what: string) => () => {
      throw new Error(`the embedded core has no reason to call ${what}`);
    };
    const context: CoreContext = {
      plugin: undefined,
      later: (job) => this.#jobs.push(job),
      currentEpoch: () => 0,
      sink: {
        result: (result) => {
          tell({ kind: "result", result });
          this.onResult?.(result);
        },
        conversationEvent: (type, json) => tell({ kind: "event", type, json }),
        networkStatus: unexpected("networkStatus"),
        epochRaised: unexpected("epochRaised"),
        eventsLost: unexpected("eventsLost"),
        malformed: unexpected("malformed"),
      },
    };
    core.open(context);
  }

  get waitingJobs(): number {
    return this.#jobs.length;
  }

  /** Sends; what comes back is the return value. */
  send(method: CoreMethod): { readonly returned: number; readonly callId: number } {
    const call: CoreCall = { callId: ++this.#lastCallId, epoch: 1, originRequestId: 0, method };
    this.#insideSend = true;
    try {
      return { returned: this.#core.send(call), callId: call.callId };
    } finally {
      this.#insideSend = false;
    }
  }

  /** Runs the oldest job that waits. */
  turn(): void {
    this.#jobs.shift()?.();
  }

  /** Runs jobs until none waits. */
  drain(): void {
    while (this.#jobs.length > 0) this.turn();
  }

  /** Sends, drains, and gives the answer, which must be the only one. */
  ask(method: CoreMethod): CoreResult {
    const { returned, callId } = this.send(method);
    if (returned !== 0) throw new Error(`send returned ${returned}`);
    this.drain();
    const answers = this.results().filter((result) => result.callId === callId);
    const [answer] = answers;
    if (answer === undefined || answers.length > 1) throw new Error(`${answers.length} answers`);
    return answer;
  }

  list(): { readonly conv_id: string; readonly conv_type: number; readonly [field: string]: unknown }[] {
    return JSON.parse(this.ask({ name: "ConvGetConvList" }).json);
  }

  /** The list as `c2c_x`, `group_x`, in order. */
  listed(): string[] {
    return this.list().map(prefixed);
  }

  results(): CoreResult[] {
    return this.told.flatMap((told) => (told.kind === "result" ? [told.result] : []));
  }

  /** The events as ["Del", ["c2c_x"]], in order; forgets them and all else that was told. */
  takeEvents(): [string, string[]][] {
    const events = this.told.flatMap((told): [string, string[]][] => {
      if (told.kind !== "event") return [];
      const name = TIMConvEvent[told.type]?.replace("kTIMConvEvent_", "") ?? String(told.type);
      if (name === "Start" || name === "Finish") {
        if (told.json !== "") throw new Error(`${name} carries ${told.json}`);
        return [[name, []]];
      }
      return [[name, (JSON.parse(told.json) as Parameters<typeof prefixed>[0][]).map(prefixed)]];
    });
    this.told.length = 0;
    return events;
  }

  /** What was told, in short: "result 1: 0", "Del c2c_x". */
  story(): string[] {
    return this.told.map((told) =>
      told.kind === "result"
        ? `result ${told.result.callId}: ${told.result.code}`
        : `${TIMConvEvent[told.type]?.replace("kTIMConvEvent_", "")} ${
            told.json === "" ? "" : (JSON.parse(told.json) as Parameters<typeof prefixed>[0][]).map(prefixed).join(",")
          }`.trim(),
    );
  }
}

/** A ConvInfo's conversation in prefixed notation; an id string as it is. */
export function prefixed(info: { readonly conv_id: string; readonly conv_type: number } | string): string {
  if (typeof info === "string") return info;
  return `${["?", "c2c", "group", "system"][info.conv_type]}_${info.conv_id}`;
}

export const c2c = (convId: string): CoreMethod => ({
  name: "ConvDelete",
  convId,
  convType: TIMConvType.kTIMConv_C2C,
});

export const group = (convId: string): CoreMethod => ({
  name: "ConvDelete",
  convId,
  convType: TIMConvType.kTIMConv_Group,
});

export const batch = (convIds: readonly string[], clearMessage: boolean): CoreMethod => ({
  name: "ConvDeleteConversationList",
  convIds,
  clearMessage,
});

export const login = (userId: string): CoreMethod => ({ name: "Login", userId, userSig: "sig" });
export const logout: CoreMethod = { name: "Logout" };
export const init: CoreMethod = { name: "Init", sdkAppId: 1, jsonSdkConfig: "" };
export const uninit: CoreMethod = { name: "Uninit" };
export const getList: CoreMethod = { name: "ConvGetConvList" };
