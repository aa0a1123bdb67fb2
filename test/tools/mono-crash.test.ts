// Which of Mono's ends is forgiven, and that no other is.
import { describe, expect, test } from "vitest";
import { forgivenCrash } from "../../tools/lib/mono-crash.mjs";

const xml =
  '<?xml version="1.0"?>\n<test-run id="0" testcasecount="1" result="Passed" total="1" passed="1">\n' +
  '<test-suite><test-case id="1" fullname="a" result="Passed" /></test-suite>\n</test-run>\n';
const report = "Test Run Summary\n  Overall result: Passed\n\n";
const written = "Results (nunit3) saved as /somewhere/mono.xml\n";
// As Mono 6.8.0.105 was seen to end, its addresses left out.
const failFast =
  'CLR: Managed code called FailFast, saying "An exception was not handled in an AsyncLocal<T> notification callback."\n';
const aborted = `
Unhandled Exception:
System.Threading.ThreadAbortException: Thread was being aborted.
  at (wrapper managed-to-native) System.Object.__icall_wrapper_mono_threads_state_poll()
  at System.Threading.ExecutionContext.OnAsyncLocalContextChanged (System.Threading.ExecutionContext previous) [0x00119] in <0>:0
`;
const native = `
=================================================================
\tNative Crash Reporting
=================================================================
Got a SIGABRT while executing native code. This usually indicates
a fatal error in the mono runtime or one of the native libraries
used by your application.
=================================================================

=================================================================
\tNative stacktrace:
=================================================================
\t0x562976b5403c - mono : (null)
\t0x7f1835f4b472 - /lib/x86_64-linux-gnu/libc.so.6 : abort
`;
const crash = (...frames: string[]) =>
  failFast + aborted + native + frames.map((frame) => `\t  at ${frame}\n`).join("");
const started = "TimChatBridge.Tests.Run:Main <0x0007f>";
const known = {
  status: null,
  signal: "SIGABRT",
  stdout: report + written + crash("System.AppDomain:ExecuteAssembly <0x00091>", started),
  stderr: "",
};

describe("an end of Mono's is forgiven", () => {
  test.each([
    ["by its signal", known],
    ["by the signal that its crash handler ended with", { ...known, signal: "SIGSEGV" }],
    ["with the program's name in it", { ...known, stderr: "mono TimChatBridge.Tests.exe --inprocess\n" }],
    ["with the other program's", { ...known, stderr: "mono TimChatBridge.UnityTests.exe --inprocess\n" }],
    [
      "with the exception on the error output",
      { ...known, stdout: report + written + failFast + native, stderr: aborted },
    ],
    ["by a shell's status", { ...known, status: 134, signal: null }],
    ["reported on the error output", { ...known, stdout: report + written, stderr: crash(started) }],
  ])("where its runtime crashed after the results were written: %s", (_how, run) => {
    expect(forgivenCrash(run, xml)).toContain("all 1 tests had passed");
  });

  test.each([
    ["came before the results were written", { ...known, stdout: report + crash(started) }],
    ["came before, whatever is said later", { ...known, stdout: report + crash(started) + written }],
    [
      "has the plugin on a stack",
      { ...known, stdout: report + written + crash("TimChatBridge.CoreLibrary:Answered <0x1>", started) },
    ],
    [
      "has a test on a stack",
      { ...known, stdout: report + written + crash("TimChatBridge.Tests.StandInTests:End <0x1>", started) },
    ],
    ["has the core on a stack", { ...known, stderr: "\t0x7f98d088df16 - /work/test/libImSDK.so : (null)\n" }],
    [
      "was ended for another reason",
      { ...known, stdout: report + written + failFast.replace("AsyncLocal", "Other") + native },
    ],
    ["was no aborted thread", { ...known, stdout: report + written + failFast + native }],
    [
      "was another crash of Mono's",
      { ...known, stdout: report + written + native.replace("SIGABRT", "SIGSEGV"), signal: "SIGSEGV" },
    ],
    ["is no crash of Mono's by its own report", { ...known, stdout: report + written }],
    ["was another signal", { ...known, signal: "SIGKILL" }],
    ["is an exit code of the runner's", { ...known, status: 1, signal: null }],
    ["was not waited for", { ...known, error: new Error("ETIMEDOUT") }],
  ])("and not where it %s", (_what, run) => {
    expect(forgivenCrash(run, xml)).toBeUndefined();
  });

  test("and not where a test failed", () => {
    expect(forgivenCrash(known, xml.replace('result="Passed" />', 'result="Failed" />'))).toBeUndefined();
  });
});
