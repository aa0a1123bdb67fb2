// A core whose users come and go, as the plugin shows it, and what its game hears of them: who each event is really of is known here.
import type { Bridge } from "../../../src/bridge/bridge.js";
import { connect } from "../../../src/connect.js";
import type { ConversationKey } from "../../../src/conversation/conversation-key.js";
import { TIMConvEvent, TIMConvType, TIMResult } from "../../../src/index.js";
import { SessionEventKind } from "../../../src/protocol/gen/chatbridge/v1/core.js";
import { FakePlugin } from "./fake-script-port.js";
import { type Plain, utf8 } from "./protobufjs-root.js";

type User = "ann" | "bob";

interface HandedCall {
  readonly callId: number;
  readonly method: "login" | "logout" | "convGetConvList" | "convDelete";
  readonly userId?: User;
  /** Whom the game took for signed in when it asked for the deletion. */
  readonly shownUser?: string;
}

interface Answer {
  readonly code: number;
  readonly json?: string;
}

/** One time that a user was signed in; or that nobody was. */
interface Stay {
  readonly user: User | null;
}

/** Something that the core reported to whoever was signed in. */
interface Report {
  readonly stay: Stay;
  /** Heard as it is, or as part of a list that the core gave later. */
  told: boolean;
}

interface Kick {
  told: boolean;
  /** A session call was carried out since: its callback tells how things are. */
  isPast: boolean;
  /** The game signed another in since, and was told so. */
  isOutlived: boolean;
}

/** In every user's list. */
const shared = "shared";

export const deeds = [
  "log ann in",
  "log bob in",
  "log out",
  "uninit",
  "init",
  "the core refuses a login",
  "the core refuses a logout",
  "the plugin refuses a logout",
  "the core carries out what is next",
  "the core fails what is next",
  "the core carries out what is next and says nothing",
  "the core says at last what came of it",
  "the core answers what is next but one first",
  "the core reports one that is new",
  "the core reports a deletion",
  "the core reports the deleted one again",
  "the core reports what cannot be read",
  "the core's reports are lost",
  "script deletes what it shows",
  "C# deletes what it shows",
  "the user is kicked",
  "the game signs another in",
  "frame",
  "deadline",
] as const;
export type Deed = (typeof deeds)[number];

export class SessionWorld {
  readonly wrong: string[] = [];
  /** What was judged: a play in which nothing is heard shows nothing. */
  readonly judged = { events: 0, lists: 0, ghosts: 0, signOffs: 0, deletions: 0 };
  readonly #plugin = new FakePlugin();
  readonly #bridge: Bridge;
  #stay: Stay = { user: null };
  #isInitialised = true;
  /** What the core has been handed and not carried out, in order. */
  readonly #handed: HandedCall[] = [];
  readonly #unsaid: (Answer & { readonly callId: number })[] = [];
  readonly #reports = new Map<string, Report>();
  readonly #lost: Report[] = [];
  readonly #kicks: Kick[] = [];
  /** Of the reports, those that a list shows which the core made at that time. */
  readonly #lists = new Map<number, Report[]>();
  readonly #listed: Report[][] = [];
  /** The sign-offs that the core had reported when it carried out a call. */
  readonly #kicksBefore = new Map<number, readonly Kick[]>();
  /** Those whose answers do not say which of them the core carried out last. */
  readonly #swappedCalls = new Set<number>();
  #lastCallId = 0;
  #listFailed = false;
  #serial = 0;
  #answerOfDoor = 0;
  /** Whom the game takes for signed in by what it was told; undefined: it was told that nobody knows. */
  #toldUser: User | null | undefined = null;
  #mayStillCome = false;
  /** Session calls of the game's that have not called back, and that the core may still carry out. */
  #waitsFor: object[] = [];
  /** Whose shared conversation is gone, as the game was told. */
  #sharedGoneFor: Stay | undefined;
  /** Whether the game has not known, since, who is signed in. */
  #hasDoubted = false;
  /** Changes without a call wait to be heard of. */
  #changesWait = false;
  #notifiedWaits = false;
  /** How often a session call was under way beside another change, so that which of them came last is not told. */
  #doubts = 0;
  /** Until a session call that stands alone says who is signed in. */
  #isUnclear = false;
  readonly #deeds: Readonly<Record<Deed, () => void>> = {
    "log ann in": () => this.#login("ann"),
    "log bob in": () => this.#login("bob"),
    "log out": () => this.#session((called) => this.#bridge.Logout(called), null),
    uninit: () => this.#session((called) => this.#bridge.Uninit(called), null, true),
    init: () => this.#session((called) => this.#bridge.Init(1400, "", called), "as before"),
    "the core refuses a login": () => this.#refused(TIMResult.TIM_ERR_PARAM, () => this.#bridge.Login("bob", "sig")),
    "the core refuses a logout": () => this.#refused(TIMResult.TIM_ERR_PARAM, () => this.#bridge.Logout()),
    "the plugin refuses a logout": () => this.#refused(TIMResult.BRIDGE_ERR_BUSY, () => this.#bridge.Logout()),
    "the core carries out what is next": () => this.#next(0),
    "the core fails what is next": () => this.#next(6023),
    "the core carries out what is next and says nothing": () => this.#next(0, false),
    "the core says at last what came of it": () => this.#late(),
    "the core answers what is next but one first": () => this.#swapped(),
    "the core reports one that is new": () => this.#report(TIMConvEvent.kTIMConvEvent_Add),
    "the core reports a deletion": () => this.#reportShared(TIMConvEvent.kTIMConvEvent_Del),
    "the core reports the deleted one again": () => this.#reportShared(TIMConvEvent.kTIMConvEvent_Update),
    "the core reports what cannot be read": () =>
      this.#loses({ event: { conversation: { type: 0, json: Uint8Array.of(0xff) } } }),
    "the core's reports are lost": () => this.#loses({ lost: { count: 3 } }),
    "script deletes what it shows": () => void this.#bridge.ConvDelete(this.#shown(), TIMConvType.kTIMConv_C2C),
    "C# deletes what it shows": () => this.#csharpDeletes(),
    "the user is kicked": () => this.#kicked(),
    "the game signs another in": () => this.#notified(),
    frame: () => this.#tick(16),
    deadline: () => this.#tick(30_000),
  };

  constructor() {
    this.#plugin.answer = (frame) => this.#door(frame);
    this.#plugin.epoch = 1;
    this.#bridge = connect({ timeoutMs: 30_000, onError: () => {} });
    this.#listen();
  }

  do(deed: Deed): void {
    this.#deeds[deed]();
  }

  /** Everything has been carried out and heard: whoever is signed in has been told all that there was to tell. */
  end(): void {
    for (let i = 0; i < 8; i++) {
      // A list that the core failed for good is asked for again when it is connected again.
      if (this.#listFailed) this.#plugin.queue({ event: { network: { status: 0 } } });
      while (this.#handed.length > 0) this.#next(0);
      this.#tick(i === 0 ? 30_000 : 1_500);
    }
    if (this.#stay.user !== null) {
      for (const [id, { stay, told }] of this.#reports) {
        this.#holds(stay !== this.#stay || told, `${id} was never heard of`);
      }
      for (const { stay, told } of this.#lost) this.#holds(stay !== this.#stay || told, "no list after lost events");
    }
    for (const { told, isPast, isOutlived } of this.#kicks) {
      this.#holds(told || isPast || isOutlived || this.#mayStillCome, "a sign-off was never told");
    }
    this.#bridge.close();
    this.#plugin.remove();
  }

  get #gamesUser(): User | null | undefined {
    return this.#mayStillCome ? undefined : this.#toldUser;
  }

  #holds(isRight: boolean, what: string): void {
    if (!isRight) this.wrong.push(what);
  }

  #tick(ms: number): void {
    this.#plugin.tick(ms);
    this.#changesWait = false;
    this.#notifiedWaits = false;
  }

  #login(userId: User): void {
    this.#session((called) => this.#bridge.Login(userId, "sig", called), userId);
  }

  /** `leaves`: whom the call leaves signed in where it succeeds. */
  #session(
    call: (called: (code: number) => void) => TIMResult,
    leaves: User | null | "as before",
    letsGo = false,
  ): void {
    this.#answerOfDoor = 0;
    const made = { callId: 0, before: [...this.#waitsFor] };
    this.#waitsFor.push(made);
    const doubtsBefore = this.#doubts;
    if (this.#changesWait) this.#doubt();
    call((code) => {
      this.#waitsFor = this.#waitsFor.filter((each) => each !== made);
      if (code === 0 && letsGo) this.#waitsFor = this.#waitsFor.filter((each) => !made.before.includes(each));
      // The core may carry it out as yet.
      if (code < 0) this.#mayStillCome = true;
      else if (code === 0 && letsGo) this.#mayStillCome = false;
      if (code < 0 || this.#swappedCalls.has(made.callId)) this.#toldUser = undefined;
      else if (code === 0 && leaves !== "as before") this.#toldUser = leaves;
      const standsAlone = made.before.length === 0 && this.#doubts === doubtsBefore && this.#unsaid.length === 0;
      if (code === 0 && leaves !== "as before" && standsAlone) this.#isUnclear = false;
      this.#hasDoubted ||= this.#gamesUser === undefined;
      if (code === 0 && leaves !== "as before")
        for (const kick of this.#kicksBefore.get(made.callId) ?? []) kick.isPast = true;
    });
    made.callId = this.#lastCallId;
  }

  #refused(code: number, call: () => TIMResult): void {
    this.#answerOfDoor = code;
    this.#holds(call() === code, "the return of a refused call");
    this.#answerOfDoor = 0;
  }

  /** The plugin's, and the core's function behind it. */
  #door({ coreCall, epochRaised }: Plain): number {
    const plugin = this.#plugin;
    if (epochRaised !== undefined) plugin.epoch = Math.max(plugin.epoch + 1, epochRaised.epoch);
    if (coreCall === undefined) return 0;
    if (coreCall.convGetConvList !== undefined) {
      if (coreCall.epoch !== plugin.epoch) return TIMResult.BRIDGE_ERR_STALE_EPOCH;
      this.#handed.push({ callId: coreCall.callId, method: "convGetConvList" });
      return 0;
    }
    if (coreCall.convDelete !== undefined) {
      if (coreCall.epoch !== plugin.epoch) return TIMResult.BRIDGE_ERR_STALE_EPOCH;
      const [shownUser = ""] = Buffer.from(coreCall.convDelete.convId).toString().split("-");
      this.#handed.push({ callId: coreCall.callId, method: "convDelete", shownUser });
      return 0;
    }
    if (coreCall.getLoginStatus !== undefined) {
      this.#answer(coreCall.callId, 0, this.#stay.user === null ? "3" : "1");
      return 0;
    }
    if (this.#answerOfDoor === TIMResult.BRIDGE_ERR_BUSY) return this.#answerOfDoor;
    plugin.epoch = Math.max(plugin.epoch, coreCall.epoch) + 1;
    if (this.#answerOfDoor !== 0) return this.#answerOfDoor;
    const { callId } = coreCall;
    this.#lastCallId = callId;
    if (coreCall.uninit !== undefined) {
      this.#isInitialised = false;
      this.#handed.length = 0;
      this.#unsaid.length = 0;
      this.#signedIn(null);
      this.#kicksBefore.set(callId, [...this.#kicks]);
      this.#answer(callId, 0);
    } else if (coreCall.init !== undefined) {
      this.#isInitialised = true;
      this.#answer(callId, 0);
    } else if (coreCall.login !== undefined) {
      this.#handed.push({ callId, method: "login", userId: Buffer.from(coreCall.login.userId).toString() as User });
    } else this.#handed.push({ callId, method: "logout" });
    return 0;
  }

  #next(code: number, isAnswered = true): void {
    const call = this.#handed.shift();
    if (call === undefined) return;
    const ended = this.#carryOut(call, code);
    if (isAnswered) this.#answer(call.callId, ended.code, ended.json);
    else this.#unsaid.push({ callId: call.callId, ...ended });
  }

  #late(): void {
    const [answer] = this.#unsaid;
    if (answer !== undefined) this.#answer(answer.callId, answer.code, answer.json);
    this.#unsaid.shift();
  }

  #swapped(): void {
    const [first, second] = this.#handed.splice(0, 2);
    const ended = [first, second].map((call) => call && { callId: call.callId, ...this.#carryOut(call, 0) });
    for (const call of [first, second]) if (call !== undefined) this.#markSwapped(call.callId);
    for (const call of ended.reverse()) if (call !== undefined) this.#answer(call.callId, call.code, call.json);
  }

  #markSwapped(callId: number): void {
    this.#swappedCalls.add(callId);
    this.#doubt();
  }

  #doubt(): void {
    this.#doubts++;
    this.#isUnclear = true;
    this.#hasDoubted = true;
  }

  /** An id that says for whom the game asks; nobody knows: for no one in particular. */
  #shown(): string {
    return `${this.#gamesUser ?? "unknown"}-shown`;
  }

  #csharpDeletes(): void {
    const convDelete = { convId: utf8(this.#shown()), convType: TIMConvType.kTIMConv_C2C };
    this.#plugin.queue({ request: { requestId: ++this.#serial, convDelete } });
  }

  #deleteAs({ shownUser }: HandedCall): Answer {
    const { user } = this.#stay;
    if (user === null) return { code: 6014 };
    if (shownUser !== "unknown") this.judged.deletions++;
    this.#holds(shownUser === "unknown" || shownUser === user, `what ${shownUser} was to lose, ${user} has lost`);
    return { code: 0 };
  }

  #carryOut(call: HandedCall, code: number): Answer {
    if (!this.#isInitialised) {
      this.#listFailed = true;
      return { code: 6013 };
    }
    if (code !== 0) {
      this.#listFailed ||= call.method === "convGetConvList";
      return { code };
    }
    if (call.method === "convDelete") return this.#deleteAs(call);
    // What the core said of the user before it carried this out was said of another.
    if (call.method !== "convGetConvList") this.#kicksBefore.set(call.callId, [...this.#kicks]);
    if (call.method === "login") this.#signedIn(call.userId as User);
    else if (call.method === "logout") this.#signedIn(null);
    else {
      if (this.#stay.user === null) {
        this.#listFailed = true;
        return { code: 6014 };
      }
      const its = [...this.#reports.values(), ...this.#lost].filter(({ stay }) => stay === this.#stay);
      this.#lists.set(this.#listed.push(its), its);
      const json = `[{"conv_id":"${this.#stay.user}-list-${this.#listed.length}","conv_type":1}]`;
      return { code: 0, json };
    }
    return { code: 0 };
  }

  /** Who signs out and in again has not gone. */
  #signedIn(user: User | null): void {
    if (user !== null && this.#stay.user === user) return;
    this.#stay = { user };
  }

  #answer(callId: number, code: number, json = ""): void {
    if (this.#unsaid.length > 0) this.#markSwapped(callId);
    this.#plugin.queue({ result: { callId, source: 3, code, json: utf8(json) } });
  }

  #event(type: TIMConvEvent, ...ids: string[]): void {
    const json = utf8(JSON.stringify(ids.map((conv_id) => ({ conv_id, conv_type: 1 }))));
    this.#plugin.queue({ event: { conversation: { type, json } } });
  }

  #report(type: TIMConvEvent): void {
    const { user } = this.#stay;
    if (user === null) return;
    const id = `${user}-${++this.#serial}`;
    this.#reports.set(id, { stay: this.#stay, told: false });
    this.#event(type, id);
  }

  #reportShared(type: TIMConvEvent): void {
    const { user } = this.#stay;
    if (user === null) return;
    const name = `${user}-${++this.#serial}`;
    this.#reports.set(name, { stay: this.#stay, told: false });
    this.#event(type, shared, name);
  }

  #loses(frame: object): void {
    if (this.#stay.user !== null) this.#lost.push({ stay: this.#stay, told: false });
    this.#plugin.queue(frame);
  }

  #kicked(): void {
    if (this.#stay.user === null) return;
    this.#changesByItself();
    this.#signedIn(null);
    this.#plugin.epoch++;
    this.#kicks.push({ told: false, isPast: false, isOutlived: false });
    this.#plugin.queue({ event: { session: { kind: SessionEventKind.KICKED_OFFLINE } } });
  }

  #notified(): void {
    this.#notifiedWaits = true;
    for (const kick of this.#kicks) kick.isOutlived = true;
    // It comes to the core behind what that was handed before.
    if (this.#handed.some(({ method }) => method === "convDelete")) while (this.#handed.length > 0) this.#next(0);
    this.#changesByItself();
    this.#isInitialised = true;
    this.#stay = { user: this.#stay.user === "ann" ? "bob" : "ann" };
    this.#plugin.epoch++;
    this.#plugin.queue({ event: { session: { kind: SessionEventKind.NOTIFIED } } });
  }

  #changesByItself(): void {
    this.#changesWait = true;
    if (this.#waitsFor.length > 0) this.#doubt();
  }

  #listen(): void {
    const bridge = this.#bridge;
    bridge.onConversationAdded(({ conversations }) => this.#heard(conversations.map(({ key }) => nameOf(key))));
    bridge.onConversationUpdated(({ conversations }) => this.#heardAgain(conversations.map(({ key }) => nameOf(key))));
    bridge.onConversationDeleted(({ conversations }) => {
      const [, name = ""] = conversations.map(nameOf);
      this.#heard([name]);
      this.#sharedGoneFor = this.#reports.get(name)?.stay;
      this.#hasDoubted = this.#isUnclear || this.#gamesUser === undefined;
    });
    bridge.onConversationListReset(({ conversations }) => {
      for (const { key } of conversations) this.#heardList(nameOf(key));
    });
    bridge.onSessionChanged(({ kind }) => {
      this.#toldUser = kind === "notified" ? undefined : null;
      this.#hasDoubted = true;
      const kick = this.#kicks.find(({ told, isPast }) => !told && !isPast);
      if (kind !== "notified") {
        this.judged.signOffs++;
        const isIn = this.#stay.user !== null && !this.#mayStillCome && !this.#notifiedWaits;
        this.#holds(kick !== undefined || !isIn, "a sign-off that was another's");
        if (kick !== undefined) kick.told = true;
      }
    });
  }

  #heard(names: readonly string[]): void {
    for (const name of names) {
      this.judged.events++;
      this.#holdsCertain(name);
      const [owner] = name.split("-");
      this.#holds(
        this.#gamesUser === undefined || owner === this.#gamesUser,
        `${name} was heard as ${this.#gamesUser}'s`,
      );
      const report = this.#reports.get(name);
      if (report !== undefined) report.told = true;
    }
  }

  #heardList(name: string): void {
    this.judged.lists++;
    this.#holdsCertain(name);
    const [owner, , number] = name.split("-");
    this.#holds(
      this.#gamesUser === undefined || owner === this.#gamesUser,
      `${name} was heard as ${this.#gamesUser}'s`,
    );
    for (const report of this.#lists.get(Number(number)) ?? []) report.told = true;
  }

  #heardAgain(names: readonly string[]): void {
    const its = names.filter((name) => name !== shared);
    this.#heard(its);
    const stay = this.#reports.get(its.join())?.stay;
    const isGone = stay !== undefined && this.#sharedGoneFor === stay;
    const isHeard = names.includes(shared);
    if (isGone && !this.#hasDoubted) this.judged.ghosts++;
    // Where nobody knew whose it was, it may have been forgotten.
    this.#holds(!isGone || !isHeard || this.#hasDoubted, "a ghost was heard of");
    this.#holds(isGone || isHeard || this.#mayStillCome, "one that is there was left out");
  }

  #holdsCertain(what: string): void {
    this.#holds(this.#waitsFor.length === 0, `${what} was heard while the user was changing`);
  }
}

function nameOf(key: ConversationKey): string {
  return Object.values(key).join();
}
