import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenedSession, openSession } from "../../src/host/open-session.js";
import { scriptPort } from "../../src/host/puerts-globals.js";
import { FakePlugin } from "./support/fake-script-port.js";

type Range = readonly [number, number];
interface Pair {
  readonly name: string;
  readonly script: Range;
  readonly plugin: Range;
  readonly agreed?: number;
  readonly update?: "script" | "plugin";
}

const vectors = new URL("../golden/protocol-vectors.json", import.meta.url);
const { pairs } = JSON.parse(readFileSync(vectors, "utf8")) as { readonly pairs: readonly Pair[] };
const session = 7;

let plugin: FakePlugin;
beforeEach(() => {
  plugin = new FakePlugin();
});
afterEach(() => plugin.remove());

/** Plugin.Open, for a plugin that speaks these. */
function speak([lowest, highest]: Range): void {
  plugin.open = (min, max) => {
    const agreed = Math.min(max, highest);
    const sameMajor = Math.floor(agreed / 1000) === Math.floor(highest / 1000);
    return agreed >= Math.max(min, lowest) && sameMajor ? session : -highest;
  };
}

const open = ([min, max]: Range): OpenedSession => openSession(scriptPort(), { min, max });

describe("script and plugin agree on a protocol, and both know which", () => {
  test.each(pairs.filter(({ agreed }) => agreed !== undefined))(
    "$name: $agreed",
    ({ script, plugin: theirs, agreed }) => {
      speak(theirs);
      expect(open(script)).toEqual({ session, protocol: agreed });
      // The plugin takes the highest in common of what is asked for: it knows only where one number is.
      expect(plugin.opened.at(-1)).toEqual([agreed, agreed]);
      expect(plugin.opened.length).toBeLessThanOrEqual(2);
    },
  );

  test.each(pairs.filter(({ update }) => update !== undefined))("$name: update the $update", (pair) => {
    speak(pair.plugin);
    const side = pair.update === "script" ? "npm package \\(script\\)" : "Unity package \\(C#\\)";
    expect(() => open(pair.script)).toThrow(new RegExp(`Update the ${side}\\.$`));
    expect(plugin.opened).toHaveLength(1);
  });

  test.each([undefined, null, "7", Number.NaN, 7.5])(
    "a plugin that gives no number, %j: not of this release",
    (gives) => {
      plugin.open = () => gives as number;
      expect(() => open([1000, 1001])).toThrow(
        /Open gave no session's number \(.*Update the Unity package and the npm/,
      );
    },
  );

  test("an agreement that the plugin does not keep is a refusal, and not asked for again", () => {
    plugin.open = () => -1000;
    expect(() => open([1000, 1001])).toThrow(/the C# plugin speaks protocol 1\.0/);
    expect(plugin.opened).toEqual([
      [1001, 1001],
      [1000, 1000],
    ]);
  });
});
