// What a suite came to: its counts, and how the counts of several add up.
/** A suite that cannot run on this machine: counted, with its reason. */
export function skippedSuite(reason) {
  return { passed: 0, failed: 0, skipped: 1, failures: [], skips: [reason] };
}

/** A suite that was asked for in a way that cannot be followed. */
export function failedSuite(reason) {
  return { passed: 0, failed: 1, skipped: 0, failures: [reason], skips: [] };
}

/** A suite's or the whole run's closing line. What was forgiven is told beside it, never in the counts. */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** One suite out of several parts. */
export function combined(parts) {
  const sum = (count) => parts.reduce((total, part) => total + part[count], 0);
  return {
    passed: sum("passed"),
    failed: sum("failed"),
    skipped: sum("skipped"),
    failures: parts.flatMap((part) => part.failures),
    skips: parts.flatMap((part) => part.skips),
    forgiven: parts.flatMap((part) => part.forgiven ?? []),
  };
}
