import { describe, expect, test } from "vitest";
import { backends, nameFaults } from "../../tools/lib/same-names.mjs";

const node = ["a delete", "native: an event"];
const everywhere = backends.flatMap((backend: string) => node.map((name) => `${name} [${backend}]`));

describe("the end-to-end tests' names on the Node host and on PuerTS", () => {
  test("are in order where all sides have the same", () => {
    expect(nameFaults(node, everywhere)).toEqual([]);
    expect(nameFaults([...node].reverse(), everywhere)).toEqual([]);
  });

  test("one that lacks on one side is named, with the side", () => {
    expect(nameFaults([...node, "only here"], everywhere)).toEqual([
      "not on V8: only here",
      "not on QuickJS: only here",
    ]);
    expect(nameFaults(node, [...everywhere, "only there [V8]"])).toEqual([
      "not on the Node host: only there",
      "not on QuickJS: only there",
    ]);
    expect(nameFaults(node, everywhere.slice(1))).toEqual(["not on V8: a delete"]);
  });

  test("a test that says no backend, one that is there twice and a suite without tests are faults too", () => {
    expect(nameFaults(node, [...everywhere, "somewhere"])).toEqual(["on no backend: somewhere"]);
    expect(nameFaults([...node, "a delete"], everywhere)).toEqual(["twice on the Node host: a delete"]);
    expect(nameFaults([], [])).toEqual(["the Node host's end-to-end suite has no tests"]);
  });
});
