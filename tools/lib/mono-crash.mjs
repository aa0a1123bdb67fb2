// Which end of Mono's counts for nothing: the one crash that is known, after the tests, and no other.
import { readNUnit, saysAllPassed } from "./nunit-results.mjs";

/** NUnit's console runner says this last of all, when its result file is on the disk. */
const resultsAreWritten = /^Results \(nunit3\) saved as .*$/m;
/** Its own words for it; the report and the exception go to two streams, in whichever order. */
const knownCrash = [
  /^CLR: Managed code called FailFast, saying "An exception was not handled in an AsyncLocal<T> notification callback\."/m,
  /^System\.Threading\.ThreadAbortException: [\s\S]* at System\.Threading\.ExecutionContext\.OnAsyncLocalContextChanged /m,
  /Native Crash Reporting[\s\S]*^Got a SIGABRT while executing native code/m,
];
/** A frame of a stack in Mono's report that is of the plugin's, a test's or the core's; Run.cs, which started it all, is none. */
const ourFrame = /\bTimChatBridge\.(?!Tests\.Run:|(?:Unity)?Tests\.exe\b)|\blibImSDK\b/;
/** SIGABRT and SIGSEGV, as a shell tells of them. */
const crashStatuses = [134, 139];

/**
 * Once in a hundred runs or so, on a busy machine, Debian's Mono 6.8 ends itself when a thread is aborted inside its own
 * ExecutionContext, as NUnit's runner takes its threads down. Returns what is to be said of such an end; undefined for any other,
 * which is a failure: another crash, one that comes before every result is written, one with a frame of ours on a stack.
 *
 * @param {{ status: number | null, signal?: string | null, error?: Error, stdout: string, stderr: string }} run
 * @param {string} xml the result file
 */
export function forgivenCrash({ status, signal, error, stdout, stderr }, xml) {
  const crashed = signal ? ["SIGABRT", "SIGSEGV"].includes(signal) : crashStatuses.includes(status);
  const written = resultsAreWritten.exec(stdout);
  if (error !== undefined || !crashed || written === null || !saysAllPassed(xml)) return undefined;
  const afterwards = `${stdout.slice(written.index + written[0].length)}\n${stderr}`;
  if (!knownCrash.every((words) => words.test(afterwards)) || ourFrame.test(afterwards)) return undefined;
  return (
    `Mono crashed by itself as it ended (${signal || `exit code ${status}`}), after all ${readNUnit(xml).length} tests had passed ` +
    "and their results were written: a thread aborted in its ExecutionContext, no frame of ours on a stack"
  );
}
