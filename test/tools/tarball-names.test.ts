// A document that names another release's tarball is found wherever it lies: its reader would look for a file that is not there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tarballNames } from "../../tools/lib/tarball-names.mjs";

const places = [
  "README.md",
  "npm/README.md",
  "unity-plugin/Documentation~/install.md",
  "unity-plugin/Samples~/One/README.md",
  "unity-plugin/Third Party Notices.md",
];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chatbridge-documents-"));
  for (const place of places) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), "Nothing is named here, and others' tarballs are: puerts-3.0.2.tgz.\n");
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

test("others' tarballs are none of ours", () => expect(tarballNames(folder)).toEqual([]));

test.each(places)("named in %s", (file) => {
  const named = ["com.chatbridge.tim-chatbridge-0.0.9.tgz", "tim-chatbridge-0.0.9.tgz"];
  writeFileSync(join(folder, file), `Install \`.cache/pack/${named[0]}\`, and path/to/${named[1]}.\n`);
  expect(tarballNames(folder)).toEqual(named.map((tarball) => ({ file, tarball })));
});
