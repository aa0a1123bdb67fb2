// `npm start`, as a user runs it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/root.mjs";
import { standInLibrary, standInMissing, unless } from "../e2e/skip.js";

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

const cores = [
  { name: "the embedded core", args: [] as string[], missing: undefined },
  { name: "the native stand-in", args: ["--core", "native", "--library", standInLibrary], missing: standInMissing() },
];

for (const { name, args, missing } of cores) {
  describe(`npm start on ${name}`, unless(missing), () => {
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

    test("prints each message on both sides, in one order, as proto JSON", () => {
      const lines = startJson(...args);
      const deleted = (conversation: object) => ({ conversation, outcome: "OUTCOME_DELETED" });
      const [alice, bob, carol, raid] = [
        { userId: "alice" },
        { userId: "bob" },
        { userId: "carol" },
        { groupId: "raid_42" },
      ];
      const completed = { message: "DeleteCompleted", code: 0, desc: "" };
      const story = [
        { ...completed, requestId: 0, results: [deleted(alice)] },
        { message: "ConversationsDeleted", conversations: [alice] },
        { ...completed, requestId: 1, results: [deleted(bob)] },
        { message: "ConversationsDeleted", conversations: [bob] },
        { ...completed, requestId: 0, results: [deleted(carol), deleted(raid)] },
        { message: "ConversationsDeleted", conversations: [carol, raid] },
        {
          message: "DeleteCompleted",
          requestId: 0,
          results: [
            {
              conversation: { userId: "nobody" },
              outcome: "OUTCOME_FAILED",
              error: {
                source: "ERROR_SOURCE_SDK_CALLBACK",
                code: 6004,
                category: "ERROR_CATEGORY_NOT_FOUND",
                retryable: false,
                message: expect.stringContaining("6004"),
              },
            },
          ],
          code: 6004,
          desc: expect.any(String),
        },
      ];
      for (const side of ["ts", "csharp"]) {
        const its = lines.filter((line) => line.side === side && line.message !== "CoreResult");
        expect(its).toEqual(story.map((message) => ({ side, ...message })));
      }
      expect(lines.filter(({ message }) => message === "CoreResult")).toEqual([
        { side: "ts", message: "CoreResult", source: "ERROR_SOURCE_SDK_CALLBACK", code: 0, desc: "" },
      ]);
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

test("the embedded story tells of a second client, with the switch off and on", () => {
  const { stdout } = start();
  expect(stdout).toContain("is off: the first client deleted c2c_alice; the second has c2c_alice, c2c_bob");
  expect(stdout).toContain("the second client hears: c2c_alice deleted");
  expect(stdout).toContain("is on: the first client deleted c2c_alice; the second has c2c_bob");
});

test("a deletion that the bridge refuses is told, as a Result that was not sent", () => {
  const list = file("system.json", '[{"conv_id":"@TIM#SYSTEM","conv_type":3},{"conv_id":"a","conv_type":1}]');
  expect(startJson("--conversations", list, "--delete", "@TIM#SYSTEM")).toEqual([
    {
      side: "ts",
      message: "Result",
      conversation: { systemId: "@TIM#SYSTEM" },
      outcome: "OUTCOME_NOT_SENT",
      error: expect.objectContaining({ category: "ERROR_CATEGORY_INVALID_ARGUMENT" }),
    },
  ]);
});

test("all of the output arrives, however slowly it is read", () => {
  const list = Array.from({ length: 600 }, (_, i) => ({ conv_id: `u${i}`, conv_type: 1 }));
  const deletes = list.map(({ conv_id }) => `--delete=c2c_${conv_id}`);
  const script = `"$0" "$@" | (sleep 2; wc -l)`;
  const { stdout } = spawnSync(
    "sh",
    [
      "-c",
      script,
      process.execPath,
      join(root, "tools/start.mjs"),
      "--json",
      "--conversations",
      file("many.json", JSON.stringify(list)),
      ...deletes,
    ],
    { encoding: "utf8" },
  );
  expect(Number(stdout)).toBe(600 * 5);
});

test("a path is meant from where the user is", () => {
  const list = file("here.json", '[{"conv_id":"a","conv_type":1}]');
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, "tools/start.mjs"), "--conversations", "here.json"],
    {
      encoding: "utf8",
      env: { ...process.env, INIT_CWD: dirname(list) },
    },
  );
  expect(status).toBe(0);
  expect(stdout).toContain("1 conversations: c2c_a");
});

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
    [
      "an over-long id in the list",
      ["--conversations", file("long.json", `[{"conv_id":"${"x".repeat(33)}","conv_type":1}]`)],
      "33 bytes",
    ],
    [
      "an id that could mean two of the list",
      [
        "--conversations",
        file("two.json", '[{"conv_id":"GROUPA","conv_type":1},{"conv_id":"A","conv_type":2}]'),
        "--delete",
        "GROUPA",
      ],
      "it could mean group_A or c2c_GROUPA",
    ],
    ["an unknown option", ["--deletes", "x"], "--deletes"],
    ["an unknown core", ["--core", "web"], "embedded and native"],
    ["the native core without a library", ["--core", "native"], "--library"],
    ["a library that is not there", ["--core", "native", "--library", join(folder, "no.so")], "there is no file"],
  ];
  test("a library that is none", () => {
    const library = file("text.so", "no library");
    const { status, stderr } = start("--core", "native", "--library", library);
    expect(stderr).toContain("libImSDK cannot be loaded");
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(2);
  });

  test.each(bad)("%s", (_what, args, word) => {
    const { status, stdout, stderr } = start(...args);
    expect(stderr).toContain(word);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
