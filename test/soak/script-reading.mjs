// What lives between two sessions of the soak through the script, when nothing is under way.
import v8 from "node:v8";

const fewestCollections = 4;
const mostCollections = 40;
const columns = [
  ["deletes", 10],
  ["settled", 10],
  ["given up", 9],
  ["allocated", 10],
  ["freed", 10],
  ["tokens", 7],
  ["under way", 10],
  ["stand-in", 9],
  ["script KB", 11],
  ["managed KB", 11],
  ["resident MB", 12],
];

export const header = columns.map(([name, width]) => name.padStart(width)).join("");

/** Collects all garbage, of script's and of C#'s, each of which may hold on to the other's, and reads. */
export async function takeReading(soakDoor, { sent, settled, givenUp, underWay }) {
  // Until a round finds nothing more: how many it takes depends on when finalizers, on threads of their own, come to run.
  let least = Number.POSITIVE_INFINITY;
  for (let round = 1, isLess = true; (round <= fewestCollections || isLess) && round <= mostCollections; round++) {
    globalThis.gc();
    // What a finalizer of Node's lets go of, C# can collect in the next round.
    await new Promise((resolve) => setImmediate(resolve));
    const { managedBytes } = JSON.parse(soakDoor.Read());
    isLess = managedBytes < least;
    least = Math.min(least, managedBytes);
  }
  globalThis.gc();
  const plugin = JSON.parse(soakDoor.Read());
  const { used_heap_size, external_memory } = v8.getHeapStatistics();
  return { ...plugin, sent, settled, givenUp, underWay, scriptBytes: used_heap_size + external_memory };
}

export function lineOf(reading) {
  const { sent, settled, givenUp, allocated, freed, tokens, underWay, standIn } = reading;
  const sizes = [reading.scriptBytes / 1024, reading.managedBytes / 1024, reading.residentBytes / 1048576];
  return [sent, settled, givenUp, allocated, freed, tokens, underWay, standIn, ...sizes.map((size) => size.toFixed(1))]
    .map((value, at) => `${value}`.padStart(columns[at][1]))
    .join("");
}
