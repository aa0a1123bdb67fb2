import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bridgeError, ErrorCategory } from "../../src/errors/bridge-error.js";

const vectors = new URL("../golden/retryable-vectors.json", import.meta.url);
const { categories } = JSON.parse(readFileSync(vectors, "utf8")) as {
  readonly categories: Readonly<Record<keyof typeof ErrorCategory, boolean>>;
};

test.each(Object.entries(categories))("%s: %s, as C# says", (name, retryable) => {
  const category = ErrorCategory[name as keyof typeof ErrorCategory];
  expect(category).toBeTypeOf("number");
  expect(bridgeError(-1, category, "").retryable).toBe(retryable);
});
