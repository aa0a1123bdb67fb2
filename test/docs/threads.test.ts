// What threads-and-ordering.md says of threads is what the public C# says of itself.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { read, root } from "./markdown.js";

const api = "unity-plugin/Runtime/Core/Api";

/** The public members whose documentation says "Any thread", as Type.Member. */
function membersOfAnyThread(): readonly string[] {
  return readdirSync(join(root, api))
    .filter((file) => file.endsWith(".cs"))
    .flatMap((file) => {
      const documented = read(join(api, file)).matchAll(
        /((?:^ +\/\/\/.*\n)+) +public (?:static )?(?:event )?[\w<>?]+ (\w+)/gm,
      );
      return [...documented]
        .filter(([, words]) => /\bAny thread\b/.test((words as string).replaceAll(/\s*\/\/\/\s*/g, " ")))
        .map(([, , name]) => `${file.replace(/\.cs$/, "")}.${name}`);
    });
}

test("what any thread may call is named, all of it, and nothing else is", () => {
  const [, sentence = ""] =
    /^(Any thread may[\s\S]*?)\n\n/m.exec(read("unity-plugin/Documentation~/threads-and-ordering.md")) ?? [];
  const named = [...sentence.matchAll(/`(\w+\.\w+)`/g)].map(([, name]) => name);
  expect(named).toContain("CoreSession.NotifySession");
  expect(named.toSorted()).toEqual(membersOfAnyThread().toSorted());
});
