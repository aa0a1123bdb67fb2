// The rows of the fault matrix: issue 4's list, each with what it does to every call, or why it cannot strike it.
import { TIMConvEvent, TIMConvType, TIMResult } from "tim-chatbridge";
import type { Call } from "./calls.js";
import type { Cell } from "./cell.js";
import { eventRoom, type Limits } from "./limits.js";
import { floodLine, words } from "./lines.js";
import { effect, fn, fault as is } from "./stand-in-numbers.js";
import {
  type End,
  endIn,
  expired,
  heard,
  notSent,
  ordinary,
  returned,
  Story,
  said,
  stale,
  success,
  unclear,
  unreadable,
} from "./story.js";

/** A fault of the stand-in's, its argument, and whose it is where it is not the call's own function or slot. */
export type Switch = readonly [fault: number, argument: number, fn?: number];

/** An effect of the stand-in's, how often, and on what where it is not the call's own function or slot. */
export type Effect = readonly [effect: number, times: number, fn?: number];

export interface Fault {
  readonly name: string;
  /** Why it cannot strike this call, which then goes as if nothing were amiss; "": it can. */
  readonly spares: (call: Call) => string;
  /** What is switched on at the stand-in; each fires once. */
  readonly switches?: (call: Call) => readonly Switch[];
  /** What the stand-in must have found to be really done, each exactly so often: a switch that fires may still do nothing. */
  readonly effects?: (cell: Cell) => readonly Effect[];
  readonly story: (call: Call, limits: Limits) => Story;
  /** Before any call is made, while the core runs. */
  readonly beforehand?: (cell: Cell) => void;
  /** Right after the call has returned. */
  readonly atOnce?: (cell: Cell) => void;
  /** When the call has been made, and the core has not got to it. Also where the fault cannot strike. */
  readonly meanwhile?: (cell: Cell) => void;
  /** When the core has done what it does. */
  readonly afterwards?: (cell: Cell) => Promise<void>;
  /** What the caller's callback does, in script. */
  readonly inside?: (cell: Cell) => void;
  /** The same of a callback in C#; called beforehand. */
  readonly insideCSharp?: (cell: Cell) => void;
  /** What script does right after the frame in which that callback ran. */
  readonly afterCSharp?: (cell: Cell) => void;
}

const refusal = TIMResult.TIM_ERR_CONV;
const refused = said(10007, "refused by the stand-in");
const floodEvents = 100_000;

const nothing = (): string => "";
const withoutCallback = ({ hasCallback }: Call): string => (hasCallback ? "" : "the core's function has no callback");
const isReport = ({ event }: Call): boolean => event !== undefined;
const withoutReturn = (call: Call): string =>
  isReport(call) ? "nobody calls the core for what it reports: there is no return" : "";
const withoutReturnCode = (call: Call): string =>
  call.brings === "a text" ? "it returns a text: see NULL strings" : withoutReturn(call);
const withoutAnswer = (call: Call): string => withoutCallback(call) || withoutReturn(call);
const withoutInput = (call: Call): string => {
  if (isReport(call)) return "the core takes nothing in for what it reports";
  return call.inputs > 0 ? "" : "the core has read what it takes in, if anything, when it returns";
};
const withoutInputInside = (call: Call): string => (call.name === "Init" ? "" : withoutInput(call));
const withoutText = ({ brings }: Call): string => {
  if (brings === "nothing") return "it brings nothing but that it came";
  return brings === "a number" ? "the core's function gives a number only" : "";
};
const withoutWords = (call: Call): string => {
  if (call.brings === "JSON") return "a conversation event has no words beside its JSON";
  return call.brings === "a text" ? "it has one text only: see the row of both" : withoutText(call);
};
const withoutJson = (call: Call): string =>
  call.brings === "a text" || call.brings === "words" ? "it has one text only: see the row of both" : withoutText(call);
const only =
  (...switches: Switch[]) =>
  (): readonly Switch[] =>
    switches;

/** The core carries the call out, and what is due after it comes, while its answer is held. */
function unanswered(call: Call): Story {
  const story = new Story(call);
  if (call.kind === "session") return story.carriedOut().before().after();
  return story.before().carriedOut().event().after();
}

/** The core carries the call out ahead of what waits. */
function beforeReturn(call: Call): Story {
  if (call.kind === "session") return ordinary(call);
  if (call.kind === "sign-off") {
    // The plugin knows at once, and asks the core nothing more in the user's name.
    const story = new Story(call).carriedOut().beforeEnds(stale).afterIsRefused(stale.code).ends(success);
    return counting(story, { strayResults: 1 });
  }
  return new Story(call).carriedOut().ends(success).before().event().after();
}

/** The answer comes as ever; what else the core reports follows it. */
function answeredWith(call: Call, end: End, more: (story: Story) => Story = (story) => story): Story {
  const story = new Story(call);
  if (call.kind === "session") return more(story.carriedOut().before().ends(end)).after();
  return more(story.before().carriedOut().ends(end).event()).after();
}

function refusedByReturn(call: Call): Story {
  const story = new Story(call);
  // A number that is no login status is not believed.
  if (call.kind === "question") return story.ends(unreadable).before().after();
  if (call.from === "C#") return story.ends(returned(refusal)).before().after();
  story.returned = refusal;
  story.refusal = `SDK_RETURN ${refusal} FAILED`;
  story.before().after();
  // The slots were given back for the Uninit and taken again: what was missed only the list can tell.
  return call.leadsTo === "none" ? story.both(words("reset", ...story.left())) : story;
}

/** An event that cannot be read may have said anything: only the list can tell. */
function unreadEvent(call: Call): Story {
  const story = counting(new Story(call).before().after(), { eventsLost: 1 });
  return story.both(words("reset", ...story.left()));
}

/** The answer of a call whose texts are spoilt. */
function spoilt(call: Call, json: "fine" | "unreadable" | "an empty list", desc?: string): Story {
  const said = desc === undefined ? {} : { desc };
  if (call.kind === "connection") return answeredWith(call, { ...success, ...said });
  if (call.kind === "question")
    return new Story(call)
      .ends({ ...success, ...said })
      .before()
      .after();
  if (call.kind === "list" && json === "an empty list") return new Story(call).before().script("call 0").after();
  if (call.kind === "list" && json !== "fine") return new Story(call).before().ends(unreadable).after();
  if (call.event !== undefined && json !== "fine") return unreadEvent(call);
  return answeredWith(call, { ...(call.kind === "batch" && json !== "fine" ? unclear : success), ...said });
}

function counting(story: Story, counts: Partial<Story["counters"]>): Story {
  for (const [name, by] of Object.entries(counts)) story.counters[name as keyof Story["counters"]] += by;
  return story;
}

function untold(story: Story, counts: Partial<Story["untold"]>): Story {
  for (const [name, by] of Object.entries(counts)) story.untold[name as keyof Story["untold"]] += by;
  return story;
}

/** C#'s line of the call's end, or of the event, is followed by this one. */
function afterCallback(story: Story, line: string): Story {
  const { event } = story.call;
  const its = (told: string): boolean => (event === undefined ? told.startsWith("call ") : told === event.line);
  story.told.splice(story.told.findIndex(its) + 1, 0, line);
  return story;
}

async function lets(cell: Cell): Promise<void> {
  cell.standIn.ReleaseHeld();
  await cell.settles();
}

async function passesTheDeadline(cell: Cell): Promise<void> {
  cell.door.AdvanceClock(cell.timeoutMs);
  await cell.frames();
}

/** Its time passes: not before it is over, and then at once. What the core may still read stays. */
async function expires(cell: Cell): Promise<void> {
  cell.door.AdvanceClock(cell.timeoutMs - 1);
  const before = [...cell.log];
  await cell.frames();
  cell.same(cell.log, before, "heard before the deadline");
  cell.door.AdvanceClock(1);
  await cell.frames();
  // It has left the calls under way; what the core may still read, and the token, have not.
  cell.same(
    cell.held(),
    { tokens: 1, buffers: cell.call.inputs, sessionPending: 1, underWay: 0, requests: 0, wakes: 1 },
    "held at the deadline",
  );
}

function when(
  name: string,
  switches: Switch[],
  {
    spares = withoutCallback,
    ...more
  }: Pick<Fault, "story" | "effects" | "meanwhile" | "afterwards"> & Partial<Pick<Fault, "spares">>,
): Fault {
  return { name, spares, switches: () => switches, ...more };
}

/** A call's second answer is counted; an event that the core brings twice has come twice. */
function twice(story: Story): Story {
  const { event } = story.call;
  if (event === undefined) return untold(story, { duplicate: 1 });
  story.reaches++;
  for (const lines of [story.log, story.told]) lines.splice(lines.indexOf(event.line), 0, event.line);
  return story;
}

/** It is carried out, and its callback comes to nobody. */
function unheard(call: Call): Story {
  const story = unanswered(call);
  if (call.event !== undefined) story.reaches = 0;
  return story;
}

/** The core's thread stands still: what has come by now came inside the call. */
function cameAtOnce(callbacks: number, spares = withoutCallback): (cell: Cell) => void {
  return ({ call, standIn, same }) => {
    if (spares(call) === "") same(standIn.Callbacks(call.fn), callbacks, "callbacks before the return");
  };
}

const whenItComes: readonly Fault[] = [
  when("callback before the return", [[is.beforeReturn, 0]], { story: beforeReturn, meanwhile: cameAtOnce(1) }),
  when("callback on a foreign thread", [[is.foreignThread, 0]], {
    story: ordinary,
    effects: () => [[effect.offWorker, 1]],
  }),
  when("callback late, in time", [[is.late, 0]], {
    story: (call) => unanswered(call).ends(success),
    afterwards: async (cell) => {
      cell.door.AdvanceClock(cell.timeoutMs - 1);
      await cell.frames();
      await lets(cell);
    },
  }),
  when("callback late, beyond its deadline", [[is.late, 0]], {
    // Nobody waits for what the core reports: it is heard when it comes.
    story: (call) => (isReport(call) ? unanswered(call).ends(success) : unanswered(call).ends(expired).late(success)),
    afterwards: async (cell) => {
      await (isReport(cell.call) ? passesTheDeadline : expires)(cell);
      await lets(cell);
    },
  }),
  when("callback twice", [[is.twice, 1]], { story: (call) => twice(ordinary(call)) }),
  when("callback twice, the second late", [[is.twice, -1]], {
    story: (call) => {
      if (call.event === undefined) return twice(ordinary(call));
      const story = ordinary(call).ends(success);
      story.reaches++;
      return story;
    },
    afterwards: lets,
  }),
  when(
    "callback twice, before the return",
    [
      [is.beforeReturn, 0],
      [is.twice, 1],
    ],
    { story: (call) => twice(beforeReturn(call)), meanwhile: cameAtOnce(2) },
  ),
  when("callback never", [[is.never, 0]], {
    story: (call) => (call.event === undefined ? unanswered(call).ends(expired) : unheard(call)),
    afterwards: async (cell) => {
      if (cell.call.event === undefined) await expires(cell);
      else await passesTheDeadline(cell);
    },
  }),
  when("callback after logout", [[is.afterLogout, 0]], {
    story: (call) => {
      const story = unanswered(call);
      // A logout that is held until a logout has been carried out waits for itself.
      if (call.kind === "session" && call.leadsTo === "out") return story.ends(success);
      if (call.kind === "session") return story.script("logout 0").ends(success);
      if (call.kind === "sign-off") return story.script(heard("logout", endIn("out"))).ends(success);
      // Nothing tells whose it was: it is heard when it comes.
      if (call.event !== undefined) return story.script("logout 0").ends(success);
      return counting(story.ends(stale).script("logout 0"), { strayResults: 1 });
    },
    afterwards: async (cell) => {
      if (cell.call.kind === "session" && cell.call.leadsTo === "out") return;
      cell.bridge.Logout(cell.hears("logout"));
      await cell.settles();
    },
  }),
  when("callback while uninit is running", [[is.duringUninit, 0]], {
    story: (call) => {
      const story = unheard(call);
      if (call.kind === "session") return story.ends(success).script("uninit 0");
      // The slots were given back before.
      if (call.event !== undefined) return story.script("uninit 0");
      return counting(story.ends(stale).script("uninit 0"), { strayResults: 1 });
    },
    afterwards: async (cell) => {
      const { standIn, call } = cell;
      cell.same(standIn.HeldCount(), 1, "callbacks held before Uninit");
      const before = standIn.Callbacks(call.fn);
      cell.bridge.Uninit(cell.hears("uninit"));
      cell.same(standIn.HeldCount(), 0, "callbacks held when Uninit has returned");
      cell.same(standIn.Callbacks(call.fn) - before, call.event === undefined ? 1 : 0, "callbacks before it returned");
      await cell.settles();
    },
  }),
  when("callback after uninit", [[is.afterUninit, 0]], {
    story: (call) => {
      const story = unheard(call);
      if (call.event !== undefined) return story.script("uninit 0");
      return call.kind === "session" ? story.script("uninit 0").ends(expired) : story.ends(stale).script("uninit 0");
    },
    afterwards: async (cell) => {
      const { standIn, call } = cell;
      const before = standIn.Callbacks(call.fn);
      // A core that does not wait for its own thread: the callback comes when Uninit has returned.
      standIn.Pause();
      cell.bridge.Uninit(cell.hears("uninit"));
      cell.same(standIn.Callbacks(call.fn), before, "callbacks when Uninit has returned");
      standIn.Resume();
      await cell.settles();
      cell.same(standIn.Callbacks(call.fn) - before, call.event === undefined ? 1 : 0, "callbacks after it returned");
      cell.door.AdvanceClock(cell.timeoutMs);
      await cell.frames();
    },
  }),
];

const whatReturns: readonly Fault[] = [
  {
    name: "non-zero return, no callback",
    spares: withoutReturnCode,
    switches: only([is.returnOnly, refusal]),
    story: refusedByReturn,
    afterwards: async (cell) => {
      if (cell.call.leadsTo !== "none") return;
      // Where as many calls were under way as may be, the list that is due after lost events is asked for again.
      await passesTheDeadline(cell);
      await cell.settles();
    },
  },
  {
    name: "non-zero return, callback before it",
    spares: withoutAnswer,
    switches: only([is.returnCallbackBefore, refusal]),
    meanwhile: cameAtOnce(1, withoutAnswer),
    story: (call) => untold(refusedByReturn(call), { despiteRefusal: 1 }),
  },
  {
    name: "non-zero return, callback after it",
    spares: withoutAnswer,
    switches: only([is.returnCallbackAfter, refusal]),
    meanwhile: cameAtOnce(0, withoutAnswer),
    story: (call) => untold(refusedByReturn(call), { despiteRefusal: 1 }),
  },
];

/** A list and an event are text enough by themselves; the others' texts are an error's words. */
function withTexts(call: Call, { drainBytes }: Limits): Story {
  // By then the call before has been answered too: a promise is kept when the frame is over in which its answer came.
  if (call.kind === "question" && drainBytes > 1) return new Story(call).before().ends(success).after();
  return saysWhyNot(call) ? new Story(call).before().ends(refused).after() : ordinary(call);
}

const saysWhyNot = ({ kind, brings }: Call): boolean => kind !== "list" && brings === "words and JSON";
const refusing = (call: Call): readonly Switch[] => (saysWhyNot(call) ? [[is.resultCode, refused.code]] : []);

/** A text that a function has returned is gone with the worker's next job: before script hears of it. */
function goesAtOnce({ call, standIn, same }: Cell): void {
  if (call.brings !== "a text") return;
  standIn.Resume();
  same(standIn.WaitIdle(), true, "the core is idle");
  standIn.Pause();
}

/** The texts that the core gives each time. */
const textsOf = ({ brings }: Call): number => (brings === "words and JSON" ? 2 : 1);

const strings: readonly Fault[] = [
  {
    name: "strings overwritten and freed",
    spares: withoutText,
    // The stand-in does it to whatever a callback is given.
    switches: (call) => (call.brings === "a text" ? [[is.unmapStrings, 1]] : refusing(call)),
    effects: ({ call, standIn }) => {
      const times = call.brings === "a text" ? 1 : standIn.Callbacks(call.fn);
      return [[effect.stringsOverwritten, times * textsOf(call)]];
    },
    atOnce: goesAtOnce,
    story: withTexts,
  },
  {
    name: "strings on unmapped pages",
    spares: withoutText,
    switches: (call) => [...refusing(call), [is.unmapStrings, 0]],
    effects: ({ call }) => [[effect.stringsUnmapped, textsOf(call)]],
    atOnce: goesAtOnce,
    story: withTexts,
  },
];

/** Since then the core has read each of the call's texts again, so many times, and it ever found them as they were. */
function rereads({ call, standIn, same }: Cell, before: number, times: number): void {
  same(standIn.InputsReread() - before, times * call.inputs, "inputs re-read");
  same(standIn.InputMismatches(), 0, "inputs found changed");
}

const inputs: readonly Fault[] = [
  {
    name: "inputs poisoned by us after the return",
    spares: withoutInput,
    story: ordinary,
    meanwhile: (cell) => cell.same(cell.door.PoisonInputs(), cell.call.inputs, "texts poisoned"),
  },
  {
    name: "inputs overwritten by the core",
    spares: withoutInputInside,
    switches: only([is.poisonInputs, 0]),
    effects: ({ call }) => [[effect.inputsOverwritten, Math.max(1, call.inputs)]],
    story: ordinary,
  },
  {
    name: "inputs re-read by the core",
    spares: withoutInput,
    switches: only([is.rereadInputs, 0]),
    story: ordinary,
    afterwards: async (cell) => rereads(cell, 0, 2),
  },
  {
    name: "inputs re-read after the deadline",
    spares: withoutInput,
    switches: ({ inputs: texts }) =>
      texts > 0
        ? [
            [is.never, 0],
            [is.rereadInputs, 0],
          ]
        : [[is.rereadInputs, 0]],
    story: (call) => unanswered(call).ends(expired),
    afterwards: async (cell) => {
      await expires(cell);
      const before = cell.standIn.InputsReread();
      cell.same(cell.standIn.RereadForgotten(), 1, "calls re-read");
      rereads(cell, before, 1);
    },
  },
];

function payload(
  name: string,
  switched: Switch,
  gave: number,
  story: Fault["story"],
  spares: Fault["spares"] = withoutText,
): Fault {
  // It stays off only where it would strike what another row strikes.
  const switches = (call: Call): readonly Switch[] => (spares(call) === withoutText(call) ? [switched] : []);
  const isOfBoth = name === "not UTF-8, desc and JSON" || gave === effect.gaveNull;
  // A text that stands alone is in the story, as it was given.
  const effects = ({ call }: Cell): readonly Effect[] =>
    call.brings === "words" || call.brings === "a text" ? [] : [[gave, isOfBoth ? textsOf(call) : 1]];
  return { name, spares, switches, effects, story };
}

/** Whether the bridge reads more of it than that it came. */
function isRead({ kind, event }: Call): boolean {
  return kind === "list" || (event?.type !== undefined && event.type <= TIMConvEvent.kTIMConvEvent_Update);
}

/** Of a Start or a Finish nothing is read, and of a deletion its own result, unless it is a batch's. As words any text will do. */
function malformed(call: Call, text: string): Story {
  if (call.brings === "words" || call.brings === "a text") return spoilt(call, "unreadable", text);
  if (call.event !== undefined && !isRead(call)) return ordinary(call);
  return counting(spoilt(call, "unreadable"), { malformed: isRead(call) ? 1 : 0 });
}

/** What is no text is told as such wherever it is, and once more where a list should have been. */
function badText(call: Call, desc?: string): Story {
  if (call.kind === "connection") return spoilt(call, "unreadable", desc);
  if (call.kind === "question") return counting(new Story(call).ends(unreadable).before().after(), { malformed: 1 });
  return counting(spoilt(call, "unreadable", desc), { malformed: call.kind === "list" ? 2 : 1 });
}

const deep = 100_000;
/** What the stand-in makes of words, in which there is nothing to grow. */
const huge = `[{"standin_padding":"${"x".repeat(5 * 1024 * 1024)}"}]`;

const payloads: readonly Fault[] = [
  payload("not UTF-8, desc and JSON", [is.notUtf8, 0], effect.gaveNotUtf8, (call) => badText(call, "not UTF-8")),
  payload(
    "not UTF-8, desc",
    [is.notUtf8, 1],
    effect.gaveNotUtf8,
    (call) => spoilt(call, "fine", "not UTF-8"),
    withoutWords,
  ),
  payload("not UTF-8, JSON", [is.notUtf8, 2], effect.gaveNotUtf8, (call) => badText(call), withoutJson),
  payload("malformed JSON: cut off", [is.malformedJson, 0], effect.gaveMalformed, (call) =>
    malformed(call, '[{"conv_id":"cut o'),
  ),
  payload("malformed JSON: none at all", [is.malformedJson, 1], effect.gaveMalformed, (call) =>
    malformed(call, "{nope"),
  ),
  payload("malformed JSON: of another shape", [is.malformedJson, 2], effect.gaveMalformed, (call) =>
    malformed(call, '{"conv_id":[[],{}],"conv_type":"1"}'),
  ),
  payload("malformed JSON: 100,000 deep", [is.malformedJson, 3], effect.gaveMalformed, (call) =>
    malformed(call, "[".repeat(deep) + "]".repeat(deep)),
  ),
  payload("empty JSON", [is.emptyJson, 0], effect.gaveEmpty, (call) => malformed(call, "")),
  payload("NULL strings", [is.nullStrings, 0], effect.gaveNull, (call) => malformed(call, "")),
  payload("5 MB of JSON", [is.hugeJson, 0], effect.gaveHuge, (call) =>
    call.brings === "words" || call.brings === "a text" ? spoilt(call, "fine", huge) : ordinary(call),
  ),
];

/** Whether a conversation event of its own carries the fault: there is no callback that it could follow, or another slot. */
const isCarried = ({ kind, hasCallback }: Call): boolean =>
  !hasCallback || kind === "sign-off" || kind === "connection";

const carrier = "sync started";

/**
 * The core reports `count` events around the call, and what the fault makes of them is `heard` and counted. Those that waited for
 * script when the core was let go of are an earlier user's by then.
 */
function carried(call: Call, count: number, heard: (story: Story) => Story, counts: Partial<Story["counters"]>): Story {
  const story = new Story(call);
  if (call.leadsTo === "none") {
    return counting(story.carriedOut().before().ends(success).after(), { staleEvents: count });
  }
  if (call.kind === "question") return counting(heard(story.ends(success).before()).after(), counts);
  return counting(answeredWith(call, success, heard), counts);
}

/** The core says that they are gone, and then that they have changed. */
function updateAfterDel(call: Call): Story {
  if (isCarried(call)) {
    return carried(call, 3, (so) => so.both(carrier).deletedEvent("standin_ghost"), { updatesDropped: 1 });
  }
  if (call.event !== undefined) {
    const isDel = call.event.type === TIMConvEvent.kTIMConvEvent_Del;
    // Of whom the event told; a Start and a Finish tell of nobody.
    const whom = call.event.line.startsWith("sync") ? "standin_ghost" : call.event.line.split(" ").slice(1).join(" ");
    const story = answeredWith(call, success, (so) => (isDel ? so : so.deletedEvent(whom)));
    story.reaches += isDel ? 1 : 2;
    return counting(story, { updatesDropped: 1 });
  }
  const ghost = (story: Story): Story => (call.deletes.length > 0 ? story : story.deletedEvent("standin_ghost"));
  return counting(answeredWith(call, success, ghost), { updatesDropped: Math.max(1, call.deletes.length) });
}

function flooded(call: Call, limits: Limits): Story {
  // The call's own event is one of those that wait, and so is the one that carries the fault.
  const its = call.deletes.length > 0 || call.kind === "event" || call.kind === "connection" ? 1 : 0;
  const kept = eventRoom(limits) - its - (isCarried(call) ? 1 : 0);
  const story = isCarried(call)
    ? carried(call, 1 + kept, (so) => so.both(carrier).both(floodLine(kept)), {})
    : answeredWith(call, success, (so) => so.both(floodLine(kept)));
  // What was lost only the list can tell. Where nobody is signed in there is none, and the bridge asks again later.
  if (call.leadsTo === "in") story.both(words("reset", ...story.left()));
  if (call.kind === "list") story.reaches++;
  if (call.kind === "event") story.reaches += floodEvents;
  return counting(story, { eventsLost: floodEvents - kept });
}

/** The core reports something around the call, or right after it. */
function around(name: string, [fault, argument]: Switch, story: Fault["story"]): Fault {
  const isItsOwn = (call: Call): boolean => call.kind === "connection" && fault === is.unknownEvent;
  const needsCarrier = (call: Call): boolean => isCarried(call) && !isItsOwn(call);
  const carry = ({ standIn }: Cell): void => standIn.FireConvEvent(TIMConvEvent.kTIMConvEvent_Start, "");
  return {
    name,
    spares: nothing,
    effects: ({ call }) =>
      fault === is.unknownEvent ? [[effect.gaveUnknownEvent, 1, isItsOwn(call) ? call.fn : fn.onConvEvent]] : [],
    switches: (call) => [needsCarrier(call) ? [fault, argument, fn.onConvEvent] : [fault, argument]],
    story,
    beforehand: (cell) => {
      // A core that is let go of reports nothing later.
      if (!needsCarrier(cell.call) || cell.call.leadsTo !== "none") return;
      carry(cell);
      cell.same(cell.standIn.WaitIdle(), true, "the core is idle");
    },
    meanwhile: (cell) => {
      if (needsCarrier(cell.call) && cell.call.leadsTo !== "none") carry(cell);
    },
  };
}

/** Nobody hears of it. Of what the core reports, its own number is the unknown one. */
function unknownEvent(call: Call): Story {
  const counts = { unknownEvents: 1 };
  if (call.kind === "event" || call.kind === "connection") return counting(new Story(call).before().after(), counts);
  return isCarried(call) ? carried(call, 1, (story) => story, counts) : counting(ordinary(call), counts);
}

const events: readonly Fault[] = [
  around("unknown event number", [is.unknownEvent, 0], unknownEvent),
  around("Update after Del", [is.updateAfterDel, 0], updateAfterDel),
  around("100,000 events at once", [is.eventFlood, floodEvents], flooded),
];

const again = "bob";

const callbacks: readonly Fault[] = [
  {
    name: "user callback that throws",
    spares: nothing,
    story: (call) => {
      const story = ordinary(call);
      // A promise's continuation is its caller's own: the bridge hears nothing of it.
      if (call.kind === "question") return story;
      if (call.from === "script") return counting(story, { callbackErrors: 1 });
      return untold(afterCallback(story, 'ListenerFailed "a C# callback threw"'), { listenersFailed: 1 });
    },
    inside: () => {
      throw new Error("a callback threw");
    },
    insideCSharp: ({ door }) => door.ThrowInside(),
  },
  {
    name: "user callback that deletes again",
    spares: nothing,
    story: (call) => {
      const { source, ...end } = endIn(call.leadsTo);
      // A promise's continuation asks before the call after is made.
      const story = call.kind === "question" ? new Story(call).ends(success).before() : ordinary(call);
      // The core brings its event, or is asked for it, once more.
      if (call.kind === "delete" || call.kind === "event") story.reaches++;
      if (call.from === "C#") story.csharp(heard("again", end));
      else story.script(heard("again", endIn(call.leadsTo)));
      story.completed([`${again}:${end.outcome}`]);
      if (source !== undefined) return story;
      story.deleted.push(again);
      return story.deletedEvent(again).after();
    },
    inside: (cell) => {
      cell.same(
        cell.bridge.ConvDelete(again, TIMConvType.kTIMConv_C2C, cell.hears("again")),
        TIMResult.TIM_SUCC,
        "the return inside",
      );
    },
    insideCSharp: ({ door }) => door.DeleteInside(again),
  },
  {
    name: "user callback that closes the bridge",
    spares: nothing,
    story: (call, { drainBytes }) => {
      const closed = notSent(TIMResult.BRIDGE_ERR_CLOSED);
      const story = new Story(call);
      if (call.from === "C#") {
        story.closedBy = "C#";
        story.before().carriedOut().ends(success);
        // Takes effect at the tick's end: what has been drained by then is heard.
        if (drainBytes > 1) return story.event().after();
        story.counters.strayResults = 0;
        return story.afterEnds(closed);
      }
      story.closedBy = "script";
      if (call.kind === "question") {
        story.ends(success).beforeEnds(closed).afterIsRefused(TIMResult.BRIDGE_ERR_CLOSED);
        return untold(story, { dropped: 1 });
      }
      if (call.kind !== "session") {
        story.before().carriedOut().ends(success).afterEnds(closed);
        story.counters.strayResults = 0;
        return story;
      }
      story.carriedOut().before().ends(success).afterEnds(closed);
      // What its return answers is heard before the core has answered the call before.
      if (!call.hasCallback) story.counters.strayResults = 0;
      return story;
    },
    inside: ({ bridge }) => bridge.close(),
    insideCSharp: ({ door }) => door.ShutdownInside(),
    afterwards: async (cell) => {
      cell.same(
        cell.bridge.ConvDelete(again, TIMConvType.kTIMConv_C2C),
        TIMResult.BRIDGE_ERR_CLOSED,
        "a call of the closed bridge",
      );
    },
  },
  {
    name: "user callback that logs out",
    spares: nothing,
    story: (call) => {
      if (call.from === "C#") {
        // What it had asked for before must not run as whoever comes next.
        const story = afterCallback(ordinary(call), "SignedOut 0");
        const { code, outcome } = notSent(TIMResult.BRIDGE_ERR_STALE_EPOCH);
        return story
          .csharp(`again ${code}`)
          .completed([`${again}:${outcome}`])
          .both("session notified");
      }
      const story = new Story(call);
      if (call.kind === "question") {
        // Asked for before the call after is made.
        story.ends(success).beforeEnds(stale).script("logout 0").signedOut().after();
        story.logsOut = true;
        return counting(story, { strayResults: 1 });
      }
      if (call.kind === "session") story.carriedOut().before().ends(success).afterEnds(stale);
      else story.before().carriedOut().ends(success).afterEnds(stale);
      // The event for what it deleted comes when the user has gone.
      if (call.deletes.length > 0) counting(story, { staleEvents: 1 });
      if (call.kind === "session" && call.leadsTo === "out" && call.state === "in") story.reaches++;
      story.script(heard("logout", endIn(call.leadsTo)));
      // Whoever signed off ended the call after already, which is counted there.
      return call.kind === "sign-off" ? story : counting(story, { strayResults: 1 });
    },
    inside: (cell) => {
      cell.same(cell.bridge.Logout(cell.hears("logout")), TIMResult.TIM_SUCC, "the return inside");
    },
    insideCSharp: ({ door }) => door.LogoutInside(again),
    afterCSharp: (cell) => {
      // Script has not heard of it yet: the plugin's door knows.
      const returned = cell.bridge.ConvDelete("dave", TIMConvType.kTIMConv_C2C);
      cell.same(returned, TIMResult.BRIDGE_ERR_STALE_EPOCH, "what script asks for as the user before");
    },
  },
];

/** The rows for a core of today. */
export const faults: readonly Fault[] = [
  ...whenItComes,
  ...whatReturns,
  ...strings,
  ...inputs,
  ...payloads,
  ...events,
  ...callbacks,
];

const withoutBatchDelete: Pick<Fault, "spares" | "meanwhile"> = {
  spares: ({ kind }) => (kind === "batch" ? "" : "it uses nothing of what the core lacks"),
  meanwhile: ({ same, door }) => same(door.CoreHas("TIMConvDeleteConversationList"), false, "the symbol is there"),
};

/** Between two single deletes, where the bridge deletes one by one. */
const gapMs = 200;

/** The rows for a core older than 7.1, by whether batches clear the history. */
export const olderCoreFaults: { readonly cleared: Fault; readonly kept: Fault } = {
  cleared: {
    name: "no batch delete in the core, history cleared",
    ...withoutBatchDelete,
    story: (call) => {
      const story = new Story(call);
      const [first = "", second = ""] = call.deletes;
      story.reaches = 0;
      story.before().deleted.push(first);
      story.deletedEvent(first).after().deleted.push(second);
      return story.ends(success).deletedEvent(second);
    },
    afterwards: async (cell) => {
      cell.door.AdvanceClock(gapMs - 1);
      const before = [...cell.log];
      await cell.settles();
      cell.same(cell.log, before, "heard before the second may be asked for");
      cell.door.AdvanceClock(1);
      await cell.settles();
    },
  },
  kept: {
    name: "no batch delete in the core, history kept",
    ...withoutBatchDelete,
    story: (call) => {
      const unsupported = notSent(TIMResult.BRIDGE_ERR_UNSUPPORTED);
      const story = new Story(call);
      story.reaches = 0;
      if (call.from === "C#") return story.ends(unsupported).before().after();
      story.returned = unsupported.code;
      story.refusal = `BRIDGE ${unsupported.code} NOT_SENT`;
      return story.before().after();
    },
  },
};

const sessionSlots = [
  "TIMSetKickedOfflineCallback",
  "TIMSetUserSigExpiredCallback",
  "TIMSetNetworkStatusListenerCallback",
];

/** The row for a core that lacks the functions by which it would be given the session's slots. */
export const withoutSessionSlots: Fault = {
  name: "no slots for the session in the core",
  spares: ({ kind }) => (kind === "sign-off" || kind === "connection" ? "" : "it uses nothing of what the core lacks"),
  story: unheard,
  // In every cell: whatever works, the game is told what it will never hear.
  meanwhile: ({ same, door }) => {
    const said = door.Logged().split("\n");
    for (const symbol of sessionSlots) {
      same(door.CoreHas(symbol), false, `${symbol} is there`);
      same(said.filter((line) => line.includes(`no ${symbol}:`)).length, 1, `how often the log tells of ${symbol}`);
    }
  },
};
