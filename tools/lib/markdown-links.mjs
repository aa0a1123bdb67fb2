// What a Markdown text links to, and what can be linked to in it.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The text without its fenced blocks. */
export const proseOf = (text) => text.replace(/^```[\s\S]*?^```$/gm, "");

/** Where its links point. */
export const linksOf = (text) => [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** The anchors of its headings, as GitHub makes them. */
export const anchorsOf = (text) =>
  [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

/** The links of `files` that lead nowhere inside `folder`, as "file: link". A link with a scheme leads elsewhere. */
export function deadLinks(folder, files) {
  const read = (file) => readFileSync(join(folder, file), "utf8");
  const isDead = (file, link) => {
    const [path, anchor] = link.split("#");
    const target = path === "" ? file : relative(folder, join(folder, dirname(file), decodeURIComponent(path)));
    if (target.startsWith("..") || !existsSync(join(folder, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  };
  return files.flatMap((file) =>
    linksOf(read(file))
      .filter((link) => !/^[a-z]+:/.test(link) && isDead(file, link))
      .map((link) => `${file}: ${link}`),
  );
}
