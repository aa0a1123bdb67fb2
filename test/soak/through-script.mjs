// The soak's second part, a program of its own: as many deletes through the shipped script, on the Node host. Arguments: the
// stand-in's libImSDK, and the number of deletes. Needs --expose-gc.
import { join } from "node:path";
import { leave } from "../../tools/lib/leave.mjs";
import { root } from "../../tools/lib/root.mjs";
import { summary } from "../../tools/lib/suite-result.mjs";
import { loadNodeHost } from "../e2e/host/node-host.mjs";
import { checksOf } from "./script-checks.mjs";
import { header, lineOf, takeReading } from "./script-reading.mjs";

const longestSession = 10_000;
const mostUnderWay = 800;
const deletesPerFrame = 64;
/** One delete in so many is asked for by its promise. */
const promiseEvery = 10;
const timeoutMs = 30_000;
const mostMs = 300_000;

const [library, words] = process.argv.slice(2);
const count = Number(words);
const { GameLoop, SoakDoor } = loadNodeHost();
GameLoop.UseLibrary(library);
const { connect, TIMConvType, TIMResult } = await import(join(root, "dist/tim-chatbridge.mjs"));

const errors = [];
const tally = { sent: 0, settled: 0, givenUp: 0, underWay: 0 };
const counters = { events: 0, completions: 0, unwanted: 0 };
/** How often each delete has settled, by its number: as large from the start as at the end. */
const settlements = new Uint8Array(count);
let sessions = 0;

await leave(await run().catch(brokeOff));

async function run() {
  SoakDoor.Begin();
  console.log(header);
  const take = async () => {
    const reading = await takeReading(SoakDoor, tally);
    console.log(lineOf(reading));
    return reading;
  };
  await take();
  const sessionDeletes = Math.min(longestSession, Math.max(1, Math.floor(count / 10)));
  const baseAt = Math.min(100_000, Math.floor(count / 2));
  let base;
  let end;
  for (let nextReading = baseAt; tally.sent < count; ) {
    await session(Math.min(sessionDeletes, count - tally.sent));
    if (tally.sent >= nextReading || tally.sent === count) {
      end = await take();
      base ??= end;
      nextReading += baseAt;
    }
  }
  const checks = checksOf({
    ...{ count, sessions, counters, errors, base, end },
    logged: SoakDoor.Logged(),
    neverAnswered: SoakDoor.NeverAnswered(),
    settledOnce: settlements.reduce((once, times) => once + (times === 1 ? 1 : 0), 0),
  });
  console.log("");
  for (const { holds, line } of checks) console.log(`${holds ? "ok     " : "FAILED "}${line}`);
  for (const error of errors.slice(0, 5)) console.log(error);
  console.log(SoakDoor.Logged());
  return close(checks.filter(({ holds }) => holds).length, checks.filter(({ holds }) => !holds).length);
}

/** One session as a game has it: opened, signed in, signed out, let go of and closed. */
async function session(deletes) {
  sessions++;
  const neverBefore = SoakDoor.NeverAnswered();
  const never = () => SoakDoor.NeverAnswered() - neverBefore;
  const bridge = connect({ timeoutMs, onError: (error) => errors.push(error) });
  bridge.onConversationDeleted(({ conversations }) => {
    counters.events += conversations.length;
  });
  bridge.onDeleteCompleted(({ results }) => {
    counters.completions += results.length;
  });
  const eventsDue = counters.events + deletes;
  await answered("Init", (callback) => bridge.Init(1_400_000_000, "", callback));
  await answered("Login", (callback) => bridge.Login("me", "sig", callback));
  for (let i = 0; i < deletes; i++) {
    askFor(bridge, tally.sent++);
    if (i % deletesPerFrame === 0) {
      await frame();
      if (bridge.pendingCalls >= mostUnderWay) {
        await frames("room for another call", () => bridge.pendingCalls - never() < mostUnderWay);
      }
    }
  }
  if (!SoakDoor.ReleaseAll()) throw new Error("the stand-in did not come to rest");
  await frames("what the core owed", () => bridge.pendingCalls === never() && counters.events === eventsDue);
  SoakDoor.AdvanceClock(timeoutMs);
  await frames("the deadline of what it never answers", () => bridge.pendingCalls === 0);
  await answered("Logout", (callback) => bridge.Logout(callback));
  await answered("Uninit", (callback) => bridge.Uninit(callback));
  tally.underWay += bridge.pendingCalls + SoakDoor.UnderWay();
  counters.unwanted += Object.values(bridge.counters).reduce((sum, counted) => sum + counted, 0);
  bridge.close();
  await frame();
}

function askFor(bridge, number) {
  const id = `u${number}`;
  if (number % promiseEvery === 0) {
    bridge.deleteConversation({ userId: id }).then(
      () => settle(number, TIMResult.TIM_SUCC),
      (error) => settle(number, error.code),
    );
    return;
  }
  const returned = bridge.ConvDelete(id, TIMConvType.kTIMConv_C2C, onDeleted, number);
  if (returned !== TIMResult.TIM_SUCC) throw bridge.lastError;
}

function onDeleted(code, _desc, number) {
  settle(number, code);
}

function settle(number, code) {
  settlements[number]++;
  if (code === TIMResult.TIM_SUCC) tally.settled++;
  else if (code === TIMResult.BRIDGE_ERR_UNANSWERED) tally.givenUp++;
  else errors.push(new Error(`a delete ended with ${code}`));
}

async function answered(what, ask) {
  let answer;
  const returned = ask((code) => {
    answer = code;
  });
  if (returned !== TIMResult.TIM_SUCC) throw new Error(`${what} returned ${returned}`);
  await frames(`the answer to ${what}`, () => answer !== undefined);
  if (answer !== TIMResult.TIM_SUCC) throw new Error(`${what} was answered with ${answer}`);
}

async function frames(what, done) {
  const began = performance.now();
  while (!done()) {
    if (performance.now() - began > mostMs) throw new Error(`${what} did not come within ${mostMs} ms`);
    await frame();
  }
}

async function frame() {
  GameLoop.Tick();
  await new Promise((resolve) => setImmediate(resolve));
}

function brokeOff(error) {
  console.log(`FAILED the run through the script broke off: ${error.stack}`);
  console.log(SoakDoor.Logged());
  return close(0, 1);
}

function close(passed, failed) {
  console.log(summary({ passed, failed, skipped: 0 }));
  return failed === 0 ? 0 : 1;
}
