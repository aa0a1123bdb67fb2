// By which a crash of Mono's at its end is told from one that took tests with it.
import { describe, expect, test } from "vitest";
import { saysAllPassed } from "../../tools/lib/nunit-results.mjs";

const passed = (name: string) => `<test-case id="1" fullname="${name}" result="Passed" />`;
const failed = (name: string) =>
  `<test-case id="1" fullname="${name}" result="Failed"><failure><message>no</message></failure></test-case>`;
const run = (attributes: string, ...cases: string[]) =>
  `<?xml version="1.0"?>\n<test-run id="0" ${attributes}>\n<test-suite>${cases.join("\n")}</test-suite>\n</test-run>\n`;
const two = 'testcasecount="2" result="Passed" total="2" passed="2"';

describe("NUnit's result file says that all passed", () => {
  test("where it is whole and all did", () => {
    expect(saysAllPassed(run(two, passed("a"), passed("b")))).toBe(true);
  });

  test.each([
    ["is empty", ""],
    ["is cut off", run(two, passed("a"), passed("b")).slice(0, -5)],
    ["has fewer tests than it counts", run(two, passed("a"))],
    ["has none", run('testcasecount="0" result="Passed" total="0" passed="0"')],
    [
      "says that one was not run",
      run('testcasecount="3" result="Passed" total="2" passed="2"', passed("a"), passed("b")),
    ],
    ["has one that failed", run(two, passed("a"), failed("b"))],
    ["says that the run failed", run(two.replace("Passed", "Failed"), passed("a"), passed("b"))],
    ["has one that was skipped", run(two, passed("a"), passed("b").replace("Passed", "Skipped"))],
  ])("and not where it %s", (_what, xml) => {
    expect(saysAllPassed(xml)).toBe(false);
  });
});
