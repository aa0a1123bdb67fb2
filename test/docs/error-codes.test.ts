import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unansweredError } from "../../src/bridge/unanswered-error.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { callbackError, outcomeOf, returnError } from "../../src/errors/answer-errors.js";
import { ErrorCategory } from "../../src/errors/bridge-error.js";
import { knownMeaning } from "../../src/errors/callback-codes.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { SendResult } from "../../src/protocol/gen/chatbridge/v1/error.js";
import { read, tableRows } from "./markdown.js";

const text = read("unity-plugin/Documentation~/error-codes.md");
const numbers = (values: object): number[] => Object.values(values).filter((value) => typeof value === "number");

describe("TIMResult", () => {
  const rows = tableRows(text, /^-\d+$/);
  const documented = rows.map(([code]) => Number(code));

  test("every value is documented, once, and nothing else is", () => {
    expect(documented).toEqual(numbers(TIMResult).filter((code) => code !== 0));
  });

  test("so is every SendResult of the wire", () => {
    const sent = numbers(SendResult).filter((code) => code > 0);
    expect(documented).toEqual(expect.arrayContaining(sent.map((code) => -code)));
  });

  test.each(rows)("%s %s is %s", (code, name, category) => {
    expect(name).toBe(`\`${TIMResult[Number(code)]}\``);
    const error =
      Number(code) === TIMResult.BRIDGE_ERR_UNANSWERED
        ? unansweredError("ConvDelete", { kind: "expired" }, "")
        : returnError(Number(code), "ConvDelete");
    expect(error.code).toBe(Number(code));
    expect(category).toBe(ErrorCategory[error.category]);
  });
});

describe("TIMErrorCode", () => {
  const rows = tableRows(text, /^\d+(-\d+)?$/);
  const each = rows.flatMap(([range = "", category, outcome, advice = ""]) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => ({ code: from + index, category, outcome, advice }));
  });

  test("every code that the bridge knows is documented, once, and nothing else is", () => {
    const known = Array.from({ length: 100_000 }, (_, code) => code).filter((code) => knownMeaning(code) !== undefined);
    expect(known).not.toEqual([]);
    expect(each.map(({ code }) => code).sort((a, b) => a - b)).toEqual(known);
  });

  test.each(each)("$code is $category, and a deletion ends as $outcome", ({ code, category, outcome, advice }) => {
    const error = callbackError(code, "", "ConvDelete");
    expect(category).toBe(ErrorCategory[error.category]);
    expect(outcome).toBe(Outcome[outcomeOf(error)]);
    expect(/Retryable|Try again later|List to see/.test(advice), "says whether to try again").toBe(error.retryable);
  });
});

describe("what connect() throws", () => {
  /** The words of the source, as they stand when its strings have been joined. */
  const words = readdirSync(new URL("../../src/", import.meta.url), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), "utf8"))
    .join("\n")
    .replace(/["'`] \+\s*["'`]/g, "");
  const rows = tableRows(text.slice(text.indexOf("## What connect() throws")), /^[^|-]/).map(([says = ""]) => says);

  test("has rows", () => expect(rows.length).toBeGreaterThan(8));

  test.each(rows.filter((says) => says !== "it says"))("%s", (says) => {
    for (const part of says.split("…")) expect(words).toContain(part.trim());
  });
});
