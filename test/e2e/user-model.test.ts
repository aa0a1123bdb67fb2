// Invariants 1 to 3, 5 and 6, on the whole path: whatever users come and go by whoever's calls, what one was shown nobody else loses.
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { loadNodeHost } from "./host/node-host.mjs";
import { playsOn } from "./host/played-bridges.mjs";

/**
 * For a long search: `USER_PLAYS=100000 USER_SEED=1 npm test end-to-end`. A failing one is printed with its own seed, made short; that
 * again: `USER_PLAY="ScriptLogsBobIn, Tick" npm test end-to-end`.
 */
const { USER_PLAYS: plays = "2000", USER_SEED: seed = "20261122", USER_PLAY: given } = process.env;
const played = given === undefined ? `USER_PLAYS=${plays} USER_SEED=${seed}` : `USER_PLAY="${given}"`;

const UserPlays = playsOn(loadNodeHost(), await import(join(root, "dist/tim-chatbridge.mjs")));

test(`nobody loses what another was shown: ${played}`, { timeout: 3_600_000 }, () => {
  if (given === undefined) search();
  else expect(UserPlays.Replay(given)).toBe("");
});

function search() {
  for (let i = 0; i < Number(plays); i++) {
    const its = Number(seed) + i;
    const wrong: string = UserPlays.Play(its);
    if (wrong !== "") expect.fail(`USER_PLAYS=1 USER_SEED=${its}: ${wrong}`);
  }
  // Plays in which nothing is deleted would show nothing.
  expect(UserPlays.TimesJudged("judged")).toBeGreaterThan(Number(plays) / 10);
}
