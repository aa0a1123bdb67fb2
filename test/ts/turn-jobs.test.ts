import { describe, expect, test } from "vitest";
import { ErrorReporter } from "../../src/bridge/error-reporter.js";
import { TurnJobs } from "../../src/bridge/turn-jobs.js";

const newJobs = (): TurnJobs => new TurnJobs(() => {}, new ErrorReporter(() => {}));

describe("jobs that wait for a turn", () => {
  test("one that an earlier job of the same turn takes back does not run", () => {
    const jobs = newJobs();
    const ran: string[] = [];
    let takeBack = (): void => {};
    jobs.at(1, () => {
      ran.push("first");
      takeBack();
    });
    takeBack = jobs.at(1, () => ran.push("taken back"));
    jobs.at(2, () => ran.push("last"));
    expect(jobs.next).toBe(1);
    jobs.runDue(2);
    expect(ran).toEqual(["first", "last"]);
    expect(jobs.next).toBe(Number.POSITIVE_INFINITY);
  });

  test("what is asked for while they run waits for the next turn; at the end it runs at once, and each once", () => {
    const jobs = newJobs();
    const ran: string[] = [];
    jobs.at(1, () => {
      ran.push("a");
      jobs.at(1, () => ran.push("a's"));
    });
    jobs.runDue(1);
    expect(ran).toEqual(["a"]);
    jobs.at(9, () => {
      ran.push("b");
      jobs.at(9, () => ran.push("b's"));
    });
    jobs.end();
    jobs.end();
    expect(ran).toEqual(["a", "a's", "b", "b's"]);
  });
});
