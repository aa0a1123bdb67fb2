// Session after session, each with answers that come when the next one has begun.
import { type Bridge, connect, Outcome, TIMConvType, TIMResult } from "tim-chatbridge";
import { holds, nativeScenario, type Stage, same } from "./scenario.js";
import { answered } from "./sign-in.js";

const rounds = 1000;
const each = 10;
/** Functions and faults of the stand-in, by test/native/standin.h. */
const fn = { convDelete: 5 } as const;
const fault = { late: 3 } as const;

/** What reached the game's script and C#, of one round or of all. */
interface Reached {
  /** A deletion whose user signs out is not known to have been carried out: so its callback and its completion say. */
  callbacks: number;
  completions: number;
  events: number;
  lateResults: number;
  /** Whatever said something else. */
  others: number;
}

const nothing: Reached = { callbacks: 0, completions: 0, events: 0, lateResults: 0, others: 0 };
const ownOnly: Reached = { ...nothing, callbacks: each, completions: each, events: each };

nativeScenario("native: 1,000 rounds, the ten late answers of each dropped in the next", async (stage) => {
  stage.standIn.AcceptUnknown(true);
  stage.standIn.SetFault(fault.late, fn.convDelete, 0);
  const droppedBefore = stage.game.AnswersDropped();
  let open: Bridge | undefined;
  stage.cleanUp(() => open?.close());
  for (let round = 0; round <= rounds; round++) {
    const told: Reached = { ...nothing };
    const bridge = listen(connect(), told);
    open = bridge;
    if (round === 0) await answered((callback) => bridge.Init(1_400_000_000, "", callback));
    await answered((callback) => bridge.Login("me", "sig", callback));

    same(stage.standIn.ReleaseHeld(), round === 0 ? 0 : each, `answers of the round before, round ${round}`);
    await coreSpeaks(stage);
    same(told, nothing, `what the answers of the round before brought, round ${round}`);
    same(stage.game.AnswersDropped() - droppedBefore, round * each, `answers dropped and counted, round ${round}`);
    if (round === rounds) break;

    for (let i = 0; i < each; i++) {
      const asked = bridge.ConvDelete(`r${round}u${i}`, TIMConvType.kTIMConv_C2C, (code) => {
        told[code === TIMResult.BRIDGE_ERR_STALE_EPOCH ? "callbacks" : "others"]++;
      });
      same(asked, TIMResult.TIM_SUCC, "return");
    }
    await coreSpeaks(stage);
    same(told, { ...nothing, events: each }, `what the core has told, round ${round}`);
    await answered((callback) => bridge.Logout(callback));
    same(told, ownOnly, `what this round's deletions brought, round ${round}`);
    same(bridge.pendingCalls, 0, "calls under way");
    same(bridge.counters.strayResults, 0, "strays");
    bridge.close();
    await stage.frames();
    same(inCSharp(stage), { DeleteCompleted: each, ConversationsDeleted: each, other: 0 }, `C#, round ${round}`);
  }
  await stage.frames(3);
  same(inCSharp(stage), { DeleteCompleted: 0, ConversationsDeleted: 0, other: 0 }, "C#, of the last answers");
  same(stage.standIn.DeletedCount(), rounds * each, "conversations deleted");
  same(stage.game.InTheCore(), "0 0", "tokens and buffers");
});

function listen(bridge: Bridge, told: Reached): Bridge {
  bridge.onDeleteCompleted(({ results }) => {
    told[results.length === 1 && results[0]?.outcome === Outcome.UNKNOWN ? "completions" : "others"]++;
  });
  bridge.onConversationDeleted(() => told.events++);
  bridge.onLateResult(() => told.lateResults++);
  return bridge;
}

/** The core has nothing left to do, and script has heard all that it said. */
async function coreSpeaks(stage: Stage): Promise<void> {
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(2);
}

function inCSharp(stage: Stage): Record<string, number> {
  const counts = { DeleteCompleted: 0, ConversationsDeleted: 0, other: 0 };
  for (const { name } of stage.received()) {
    if (name === "DeleteCompleted" || name === "ConversationsDeleted") counts[name]++;
    else counts.other++;
  }
  return counts;
}
