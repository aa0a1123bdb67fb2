// Invariant 3, from the core's word to the listeners: whatever session calls, changes and reports come in whatever order.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Deed, deeds, SessionWorld } from "./support/session-world.js";

/** For a long search: `SESSION_PLAYS=100000 SESSION_SEED=1 npx vitest run session-changes`. */
const { SESSION_PLAYS: plays = "3000", SESSION_SEED: seed = "20261121" } = process.env;

/** What gets something done. */
const often: readonly Deed[] = [
  "frame",
  "the core carries out what is next",
  "log ann in",
  "the core reports a deletion",
  "the core reports the deleted one again",
];
const anyDeed = fc.oneof(fc.constantFrom(...deeds), fc.constantFrom(...often));
const annIsIn: readonly Deed[] = ["log ann in", "the core carries out what is next", "frame"];
const beginnings = fc.constantFrom<readonly Deed[]>([], annIsIn, annIsIn, annIsIn);

test("nobody hears what is another's, and who is signed in at last has been told all", () => {
  const judged = { events: 0, lists: 0, ghosts: 0, signOffs: 0, deletions: 0 };
  fc.assert(
    fc.property(beginnings, fc.array(anyDeed, { maxLength: 30, size: "max" }), (before, done) => {
      const world = new SessionWorld();
      for (const deed of [...before, ...done]) world.do(deed);
      world.end();
      for (const what of Object.keys(judged) as (keyof typeof judged)[]) judged[what] += world.judged[what];
      expect(world.wrong).toEqual([]);
    }),
    { numRuns: Number(plays), seed: Number(seed) },
  );
  // Plays in which nothing is heard would show nothing.
  expect(judged.events).toBeGreaterThan(Number(plays) / 2);
  expect(judged.lists).toBeGreaterThan(Number(plays) / 2);
  expect(judged.ghosts).toBeGreaterThan(Number(plays) / 50);
  expect(judged.deletions).toBeGreaterThan(Number(plays) / 20);
  expect(judged.signOffs).toBeGreaterThan(Number(plays) / 20);
}, 600_000);
