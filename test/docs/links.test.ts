import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { deadLinks } from "../../tools/lib/markdown-links.mjs";
import { documents, links, read, root, target } from "./markdown.js";

test.each(documents())("the links of %s lead somewhere", (file) => {
  expect(deadLinks(root, [file])).toEqual([]);
});

// What lies in the Unity package is installed without the rest of the repository. npm run pack -- --check looks at both
// packages as they are installed.
test.each(documents().filter((file) => file.startsWith("unity-plugin/")))(
  "the links of %s stay in the package",
  (file) => {
    const folder = join(root, "unity-plugin");
    expect(deadLinks(folder, [relative(folder, join(root, file))])).toEqual([]);
  },
);

test("every page of Documentation~ can be reached from its index", () => {
  const folder = "unity-plugin/Documentation~/";
  const pages = documents().filter((file) => file.startsWith(folder));
  const reached = new Set([`${folder}index.md`]);
  for (const page of reached) {
    for (const link of links(page)) {
      const linked = target(page, link.split("#")[0] ?? "");
      if (linked !== undefined && pages.includes(linked)) reached.add(linked);
    }
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test("the README leads with two commands, then ten lines, and is short", () => {
  const readme = read("README.md");
  expect(readme.split("\n").length).toBeLessThan(150);
  const fences = [...readme.matchAll(/^```(\w+)/gm)].map(([, language]) => language);
  expect(fences.slice(0, 3)).toEqual(["sh", "ts", "csharp"]);
});
