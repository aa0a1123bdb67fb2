// Which end of Mono's counts for nothing: the one crash that is known, after the tests, and no other.
import { readNUnit, saysAllPassed } from "./nunit-results.mjs";

/** NUnit's console runner says this last of all, when its result file is on the disk. */
const resultsAreWritten = /^Results \(nunit3\) saved as .*$/m;
const crashReport = /Native Crash Reporting[\s\S]*Got a SIG(SEGV|ABRT) while executing native code/;
/** A frame of a stack in Mono's report that is of the plugin's, a test's or the core's; Run.cs, which started it all, is none. */
const ourFrame = /\bTimChatBridge\.(?!Tests\.(?:Run:|exe\b))|\blibImSDK\b/;
/** SIGABRT and SIGSEGV, as a shell tells of them. */
const crashStatuses = [134, 139];

/**
 * Debian's Mono 6.8 crashes now and then inside its own runtime as it shuts down, while threads that it did not start, the
 * core's, are still there. Returns what is to be said of such an end; undefined for any other, which is a failure: one
 * that comes before every result is written, that has a frame of ours on a stack, or that is no crash of Mono's by its own report.
 *
 * @param {{ status: number | null, signal?: string | null, error?: Error, stdout: string, stderr: string }} run
 * @param {string} xml the result file
 */
export function forgivenCrash({ status, signal, error, stdout, stderr }, xml) {
  const crashed = signal ? ["SIGABRT", "SIGSEGV"].includes(signal) : crashStatuses.includes(status);
  const written = resultsAreWritten.exec(stdout);
  if (error !== undefined || !crashed || written === null || !saysAllPassed(xml)) return undefined;
  const afterwards = `${stdout.slice(written.index + written[0].length)}\n${stderr}`;
  if (!crashReport.test(afterwards) || ourFrame.test(afterwards)) return undefined;
  return (
    `Mono itself crashed as it ended (${signal || `exit code ${status}`}), after all ${readNUnit(xml).length} tests had passed ` +
    "and their results were written; no frame of ours was on a stack"
  );
}
