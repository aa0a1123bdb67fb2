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
];
const anyDeed = fc.oneof(fc.constantFrom(...deeds), fc.constantFrom(...often));

test("nobody hears what is another's, and who is signed in at last has been told all", () => {
  fc.assert(
    fc.property(fc.array(anyDeed, { maxLength: 30, size: "max" }), (done) => {
      const world = new SessionWorld();
      for (const deed of done) world.do(deed);
      world.end();
      expect(world.wrong).toEqual([]);
    }),
    { numRuns: Number(plays), seed: Number(seed) },
  );
}, 600_000);
