import { readFileSync } from "node:fs";

interface Vector {
  readonly name: string;
  readonly type: number;
  readonly refusal?: Refusal;
}

export type Refusal = "empty" | "nul" | "too-long" | "not-unicode" | "not-utf8" | "bad-type";

interface IdVectors {
  readonly text: readonly (Vector & { readonly utf16: readonly number[] })[];
  readonly bytes: readonly (Vector & { readonly hex: string })[];
}

const file = new URL("../../golden/id-vectors.json", import.meta.url);

export const idVectors = JSON.parse(readFileSync(file, "utf8")) as IdVectors;

/** What a message must say for each kind of refusal. */
export const refusalWords: Record<Refusal, RegExp> = {
  empty: /is empty/,
  nul: /has a NUL character/,
  "too-long": /bytes long in UTF-8; at most \d+ are allowed/,
  "not-unicode": /half a character \(a lone surrogate\)/,
  "not-utf8": /not valid UTF-8/,
  "bad-type": /conversation type/,
};

export function textOf(vector: { readonly utf16: readonly number[] }): string {
  return vector.utf16.map((unit) => String.fromCharCode(unit)).join("");
}
