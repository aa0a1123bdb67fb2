// Reads what the documents hold: fenced blocks, links, headings, tables.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { linksOf, proseOf } from "../../tools/lib/markdown-links.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A fenced block: `language` and `mark` are the two halves of its info string, as in ```sh not run: why. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly mark: string;
  readonly text: string;
}

/** Every document of the project that users read, by its path from the root. */
export function documents(): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name));
  return [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "npm/README.md",
    ...below("unity-plugin/Documentation~"),
    ...below("unity-plugin/Samples~"),
    ...below("test/native"),
    ...below("test/unity-api"),
  ];
}

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The fenced blocks of a document. Throws where a fence is not closed. */
export function blocks(file: string): readonly Block[] {
  const found: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  read(file)
    .split("\n")
    .forEach((text, index) => {
      const fence = /^```(.*)$/.exec(text);
      if (fence === null) {
        open?.lines.push(text);
      } else if (open === undefined) {
        open = { line: index + 1, info: fence[1]?.trim() ?? "", lines: [] };
      } else {
        const [language = "", ...mark] = open.info.split(" ");
        found.push({ file, line: open.line, language, mark: mark.join(" "), text: `${open.lines.join("\n")}\n` });
        open = undefined;
      }
    });
  if (open !== undefined) throw new Error(`${file}: the block of line ${open.line} is not closed`);
  return found;
}

/** Every block of every document. */
export const allBlocks: readonly Block[] = documents().flatMap(blocks);

/** `file:line`, for the names of tests and the files made of blocks. */
export const place = ({ file, line }: Block): string => `${file}:${line}`;

/** What a document has outside its fenced blocks. */
export const prose = (file: string): string => proseOf(read(file));

/** Where the links of a document point. */
export const links = (file: string): readonly string[] => linksOf(read(file));

/** The file that a relative link means, from the root; undefined where it leaves the repository. */
export function target(file: string, link: string): string | undefined {
  const path = relative(root, resolve(root, dirname(file), decodeURIComponent(link)));
  return path.startsWith("..") ? undefined : path;
}

/** The rows of every table whose first cell matches, as their cells. */
export function tableRows(text: string, first: RegExp): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    )
    .filter(([cell]) => first.test(cell ?? ""));
}
