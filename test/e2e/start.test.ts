// `npm start`, as a user runs it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";

const folder = mkdtempSync(join(tmpdir(), "chatbridge-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

function start(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "tools/start.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

interface Line {
  readonly side: "ts" | "csharp";
  readonly message: string;
  readonly code?: number;
  readonly results?: readonly { readonly conversation: object; readonly outcome: string }[];
  readonly conversations?: readonly object[];
}

function startJson(...args: string[]): Line[] {
  const { status, stdout, stderr } = start("--json", ...args);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** What one side received, in order, by name and conversations. */
function received(lines: readonly Line[], side: Line["side"]) {
  return lines
    .filter((line) => line.side === side && line.message !== "CoreResult")
    .map(({ message, results, conversations }) => [message, results ?? conversations]);
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const library = join(root, ".cache/native/libImSDK.so");
const cores = [
  { name: "the embedded core", args: [] as string[], there: true },
  { name: "the native stand-in", args: ["--core", "native", "--library", library], there: existsSync(library) },
];

for (const { name, args, there } of cores) {
  describe.skipIf(!there)(`npm start on ${name}`, () => {
    test("tells the whole story", () => {
      const { status, stdout } = start(...args);
      expect(status).toBe(0);
      for (const words of [
        "6 conversations: c2c_alice",
        "callback of ConvDelete(c2c_alice): code 0",
        "ConversationsDeleted: c2c_alice; 5 rows are left",
        "C#          callback of ConvDelete(c2c_bob): code 0",
        "group_raid_42: deleted",
        "rejected: ConvDelete of c2c_nobody failed with code 6004",
        "at the end: group_guild, c2c_dave",
      ]) {
        expect(stdout).toContain(words);
      }
    });

    test("prints the same messages on both sides, in one order, as proto JSON", () => {
      const lines = startJson(...args);
      expect(lines[0]).toMatchObject({ side: "ts", message: "CoreResult", code: 0 });
      expect(received(lines, "csharp")).toEqual(received(lines, "ts"));
      expect(received(lines, "ts").map(([message]) => message)).toContain("ConversationsDeleted");
    });

    test("deletes what it is told, by any notation, from a list of the user's own", () => {
      const ids = Array.from({ length: 40 }, (_, i) => `${["u", "c2c_", "GROUP", "会", "_"][i % 5]}${i}`);
      const list = ids.map((conv_id, i) => ({ conv_id, conv_type: (i % 2) + 1 }));
      const chosen = list.filter((_, i) => i % 3 === 0);
      const deletes = chosen.flatMap(({ conv_id, conv_type }, i) => {
        const prefix = conv_type === 1 ? ["c2c_", "C2C"] : ["group_", "GROUP"];
        return ["--delete", `${prefix[i % 2]}${conv_id}`];
      });
      const lines = startJson(...args, "--conversations", file("list.json", JSON.stringify(list)), ...deletes);
      const keys = chosen.map(({ conv_id, conv_type }) =>
        conv_type === 1 ? { userId: conv_id } : { groupId: conv_id },
      );
      expect(received(lines, "csharp")).toEqual(received(lines, "ts"));
      const deleted = lines.filter((line) => line.side === "csharp" && line.message === "ConversationsDeleted");
      expect(deleted.flatMap(({ conversations }) => conversations)).toEqual(keys);
      expect(lines.filter(({ message, code }) => message === "CoreResult" && code === 0)).toHaveLength(keys.length);
    });
  });
}

describe("npm start refuses, and says what was wrong", () => {
  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ["a file that is not there", ["--conversations", join(folder, "nowhere.json")], "cannot be read (ENOENT)"],
    ["a folder", ["--conversations", folder], "cannot be read (EISDIR)"],
    ["a file that is no JSON", ["--conversations", file("cut.json", '[{"conv_id":')], "JSON"],
    ["a file that is no array", ["--conversations", file("object.json", "{}")], "array"],
    ["an entry without conv_id", ["--conversations", file("no-id.json", '[{"conv_type":1}]')], "[0]"],
    [
      "an entry of an unknown type",
      ["--conversations", file("type.json", '[{"conv_id":"a","conv_type":9}]')],
      "conv_type",
    ],
    ["a file that is not UTF-8", ["--conversations", file("latin.json", Uint8Array.of(0x5b, 0xff, 0x5d))], "UTF-8"],
    ["a bare id that no list resolves", ["--delete", "alic"], "c2c_"],
    ["an id that is empty behind its prefix", ["--delete", "c2c_"], "empty"],
    ["an over-long id", ["--delete", `c2c_${"x".repeat(33)}`], "33 bytes"],
    ["an unknown option", ["--deletes", "x"], "--deletes"],
    ["an unknown core", ["--core", "web"], "embedded and native"],
    ["the native core without a library", ["--core", "native"], "--library"],
    ["a library that is not there", ["--core", "native", "--library", join(folder, "no.so")], "there is no file"],
  ];
  test.each(bad)("%s", (_what, args, word) => {
    const { status, stdout, stderr } = start(...args);
    expect(stderr).toContain(word);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
