// The commands that documents name, in their text and in their blocks, and how each one's tool is asked about its options.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allBlocks, documents, place, prose, root } from "./markdown.js";

/** A command as a document has it, and where. */
export interface Named {
  readonly place: string;
  readonly line: string;
}

/** Options that a document names apart from their command: `--json`, in the paragraph of `npx tim-chatbridge inspect FILE`. */
export interface NamedOptions extends Named {
  /** The command that was named last before them, in their paragraph, list item or table row. */
  readonly of: string | undefined;
}

const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
const isCommand = /^(?:[A-Z_]+=\S+ )?(?:npm|npx|node) [a-z]/;
const isTool = /^tools\/[\w-]+\.mjs$/;
const isOptions = /^--(?: |[a-z])/;

/** The code spans of each paragraph, list item and table row of a document. */
function codeSpans(file: string): readonly (readonly string[])[] {
  const parts = prose(file).split(/\n\s*\n|\n(?=\||\s*[-*] |\s*\d+\. )/);
  return parts.map((part) =>
    part
      .split("`")
      .filter((_, index) => index % 2 === 1)
      .map((code) => code.replace(/\s+/g, " ").trim()),
  );
}

/** Every command that stands in a document's text. */
export const inline: readonly Named[] = documents().flatMap((file) =>
  codeSpans(file)
    .flat()
    .filter((code) => isCommand.test(code))
    .map((line) => ({ place: file, line })),
);

/** Every option that stands in a document's text without its command. */
export const looseOptions: readonly NamedOptions[] = documents().flatMap((file) =>
  codeSpans(file).flatMap((codes) =>
    codes.flatMap((line, at) => {
      if (!isOptions.test(line)) return [];
      const of = codes.slice(0, at).findLast((code) => isCommand.test(code) || isTool.test(code));
      return [{ place: file, line, of: of !== undefined && isTool.test(of) ? `node ${of}` : of }];
    }),
  ),
);

/** Every line of the documents' shell blocks. `mark` says why it is not run. */
export const shellLines: readonly (Named & { readonly mark: string })[] = allBlocks
  .filter(({ language }) => language === "sh")
  .flatMap((block) =>
    block.text
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "")
      .map((line) => ({ place: place(block), line, mark: block.mark })),
  );

/** What npm and npx do by themselves, and others' tools: nothing of ours is asked for its options. */
export const isOthers = (line: string): boolean =>
  /^npm (?:install|pack|ci)\b/.test(line) || (/^npx /.test(line) && !/^npx tim-chatbridge\b/.test(line));

/**
 * Why the tool of a command would not take its options, in the tool's own words: it is asked with --help besides, with which
 * it reads its command line and does nothing. Undefined where it takes them.
 */
export function optionsFault(line: string): string | undefined {
  const words = line.replace(/^[A-Z_]+=\S+ /, "").split(" ");
  const program = words[0] === "npm" ? ofNpm(words) : words[0] === "npx" ? ofNpx(words) : words.slice(1);
  if (typeof program === "string") return program;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, "--help"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) return stderr.trim() || `it ended with ${status}`;
  if (!/^(?:Usage: )?np[mx] |^Usage: node /.test(stdout)) return `--help prints no usage, but: ${stdout}`;
  const isKnown = words[0] !== "npx" || stdout.includes(`${words.slice(0, 3).join(" ")} `);
  return isKnown ? undefined : `it has no command ${words[2]}: ${stdout}`;
}

function ofNpm(words: readonly string[]): readonly string[] | string {
  const [name = "", ...rest] = words[1] === "run" ? words.slice(2) : words.slice(1);
  const [, ...script] = (scripts[name] ?? "").split(" ");
  if (script.length === 0) return `package.json has no script ${name}`;
  const end = rest.indexOf("--");
  const kept = (end < 0 ? rest : rest.slice(0, end)).find((word) => word.startsWith("-"));
  if (kept !== undefined) return `npm keeps ${kept} to itself: options come after --`;
  return [...script, ...rest.filter((_, index) => index !== end)];
}

function ofNpx(words: readonly string[]): readonly string[] {
  return ["dist/bin/tim-chatbridge.mjs", ...words.slice(2)];
}
