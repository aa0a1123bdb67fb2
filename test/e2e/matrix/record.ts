// What tools/lib/native-suite.mjs makes the table of: written line by line, so that a crash shows in which cell it was.
import { appendFileSync } from "node:fs";

/** One line of the record. */
export type Entry =
  | { readonly kind: "row"; readonly row: string; readonly calls: readonly string[] }
  | { readonly kind: "began"; readonly row: string; readonly call: string }
  | {
      readonly kind: "ended";
      readonly row: string;
      readonly call: string;
      readonly mark: "passed" | "spared" | "failed";
      /** Whether it came to the limit of calls under way. */
      readonly full: boolean;
      /** Why the fault cannot strike. */
      readonly why: string;
    };

/** Adds a line to the file that the suite names; nothing where there is none. */
export function record(entry: Entry): void {
  const file = process.env["CHATBRIDGE_MATRIX_RECORD"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}
