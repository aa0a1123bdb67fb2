// What must hold at the end of the soak through the script.

/** Above the reading after the first 100,000. */
// Resident memory has room for V8, which gives pages back when it likes: 2 to 8 MB were seen after a million. The C# part has none.
const bounds = { scriptKb: 1024, managedKb: 256, residentMb: 16 };
const neverEvery = 100;
/** Of Init one, of Login two. */
const textsOfASession = 3;

/** One line for each, and whether it holds. */
export function checksOf({ count, sessions, neverAnswered, settledOnce, counters, errors, logged, base, end }) {
  const kb = (of) => (end[of] - base[of]) / 1024;
  return [
    equal("deletes sent", end.sent, count),
    equal("deletes that the core carried out", end.deleted, count),
    equal("deletes never answered: one in a hundred", neverAnswered, Math.floor(count / neverEvery)),
    equal("deletes given up at their deadline: those", end.givenUp, neverAnswered),
    equal("deletes settled by their answer: all others", end.settled, count - neverAnswered),
    equal("deletes settled once, by number", settledOnce, count),
    equal("answers held back", end.late, count - neverAnswered),
    equal("answers on foreign threads", end.foreign, count - neverAnswered),
    equal("deletion events in script", counters.events, count),
    equal("deletion events in C#", end.deletions, count),
    equal("completions in script", counters.completions, count),
    equal("completions in C#", end.completions, count),
    equal("strays, late results, events lost and callbacks that threw, in script", counters.unwanted, 0),
    equal("answers counted as doubled, unwanted or dropped, in C#", end.unwanted, 0),
    equal("frames refused or lost, listeners failed, events dropped, in C#", end.lost, 0),
    equal("errors that script was told of and lines that C# logged", errors.length + logged.length, 0),
    equal(
      "native allocations: one for each delete, three for each session",
      end.allocated,
      count + textsOfASession * sessions,
    ),
    equal("native frees: as many", end.freed, end.allocated),
    equal("native tokens that live", end.tokens, 0),
    equal("calls under way as their session closed, in script and in C#", end.underWay, 0),
    equal("the stand-in's own live allocations", end.standIn, 0),
    atMost(`script's memory, KB above the reading at ${base.sent}`, kb("scriptBytes"), bounds.scriptKb),
    atMost(`managed heap, KB above the reading at ${base.sent}`, kb("managedBytes"), bounds.managedKb),
    atMost(`resident memory, MB above the reading at ${base.sent}`, kb("residentBytes") / 1024, bounds.residentMb),
  ];
}

function equal(what, actual, expected) {
  const holds = actual === expected;
  return { holds, line: holds ? `${what}: ${actual}` : `${what}: ${actual}, expected ${expected}` };
}

function atMost(what, actual, most) {
  return { holds: actual <= most, line: `${what}: ${actual.toFixed(2)}, at most ${most}` };
}
