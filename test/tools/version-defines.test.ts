import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { satisfies, versionDefines } from "../../tools/lib/version-defines.mjs";

test.each([
  ["3.0.2", "3.0.2", true],
  ["3.0.2", "3.0", true],
  ["3.0.2", "1.0.0", true],
  ["3.0.2", "3.0.3", false],
  ["3.0.2", "4", false],
  ["3.0.2", "[3.0.2]", true],
  ["3.0.2", "[3.0.1]", false],
  ["3.0.2", "[2.0,3.0.2]", true],
  ["3.0.2", "[2.0,3.0.2)", false],
  ["3.0.2", "(3.0.2,4]", false],
  ["3.0.2", "(,3]", false],
  ["3.0.2", "[3,)", true],
  ["3.1.0-preview.1", "3.1", false],
  ["3.1.0-preview.1", "3.0", true],
  ["10.0.0", "9.0.0", true],
  ["3.0.2", "", true],
])("version %s, expression %j: %s", (version, expression, wanted) => {
  expect(satisfies(version, expression)).toBe(wanted);
});

test.each([">=1.0.0", "1.x", "[1", "(1)", "(,)", "1.0.0.0"])(
  "%j is refused: Unity would never set the symbol",
  (text) => {
    expect(() => satisfies("3.0.2", text)).toThrow(/no version/);
  },
);

test("TimChatBridge.Puerts compiles beside every PuerTS that has its package's name, and without it not", () => {
  const file = join(root, "unity-plugin/Runtime/Puerts/TimChatBridge.Puerts.asmdef");
  const asmdef = JSON.parse(readFileSync(file, "utf8"));
  for (const version of ["1.4.1", "2.0.0", "2.2.3", "3.0.0-preview.1", "3.0.2", "3.0.3", "3.9.0", "4.0.0"]) {
    expect(versionDefines(asmdef, { "com.tencent.puerts.core": version }), version).toEqual(asmdef.defineConstraints);
  }
  expect(versionDefines(asmdef, { "com.tencent.puerts.v8": "3.0.2" })).toEqual([]);
});
