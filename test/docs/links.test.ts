import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anchors, documents, links, read, root, target } from "./markdown.js";

const relativeLinks = (file: string): readonly string[] => links(file).filter((link) => !/^[a-z]+:/.test(link));

test.each(documents())("the links of %s lead somewhere", (file) => {
  const broken = relativeLinks(file).filter((link) => {
    const [path = "", anchor] = link.split("#");
    const linked = path === "" ? file : target(file, path);
    if (linked === undefined || !existsSync(join(root, linked))) return true;
    return anchor !== undefined && !anchors(linked).includes(anchor);
  });
  expect(broken).toEqual([]);
});

// What lies in the Unity package is installed without the rest of the repository.
test.each(documents().filter((file) => file.startsWith("unity-plugin/")))(
  "the links of %s stay in the package",
  (file) => {
    const outside = relativeLinks(file).filter((link) => {
      const path = link.split("#")[0] ?? "";
      return path !== "" && target(file, path)?.startsWith("unity-plugin/") !== true;
    });
    expect(outside).toEqual([]);
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
