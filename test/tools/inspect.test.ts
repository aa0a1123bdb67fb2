import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/connect.js";
import { buildInspector, inspectorFile } from "../../tools/lib/build-inspector.mjs";
import { FakePlugin } from "../ts/support/fake-script-port.js";
import { utf8 } from "../ts/support/protobufjs-root.js";
import { holds, readRecording, recordingFromJson, writeRecording } from "../ts/support/recordings.js";
import { C2C, Group } from "../ts/support/rig.js";

const checkout = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chatbridge-inspect-"));
const program = join(folder, "tim-chatbridge.mjs");
const quiet = (): void => {};
let plugin: FakePlugin | undefined;

beforeAll(async () => {
  await buildInspector(program);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => plugin?.remove());

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", cwd: folder });
  return { status, out: stdout, err: stderr };
}

let written = 0;
function inFile(bytes: Uint8Array): string {
  const file = join(folder, `${++written}.rec`);
  writeFileSync(file, bytes);
  return file;
}

interface Ids {
  readonly user: string;
  readonly group: string;
}

/** A recording with a frame of each kind. */
function recordingOf({ user, group }: Ids, ids: boolean): Uint8Array {
  plugin?.remove();
  plugin = new FakePlugin();
  const bridge = connect({ onError: quiet, recording: { ids } });
  const desc = utf8(`no ${user}`);
  const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
  bridge.Init(1400, '{"secret":1}');
  bridge.Login("me", "a-signature");
  plugin.epoch = 2;
  plugin.queue({ result: { callId: 1, source: 3, code: 0 } });
  plugin.queue({ result: { callId: 2, source: 3, code: 0 } });
  plugin.tick();
  bridge.ConvDelete(user, C2C);
  bridge.ConvDeleteConversationList([`c2c_${user}`, `group_${group}`], false);
  bridge.ConvGetConvList(quiet);
  plugin.answer = () => -1009;
  bridge.ConvDelete(group, Group);
  plugin.answer = () => 0;
  plugin.queue({ result: { callId: 3, source: 3, code: 6004, desc } });
  const item = (id: string, code: number): object => ({
    conversation_operation_result_conversation_id: id,
    conversation_operation_result_result_code: code,
  });
  plugin.queue({
    result: { callId: 4, source: 3, json: json([item(`c2c_${user}`, 0), item(`group_${group}`, 6017)]) },
  });
  plugin.queue({ result: { callId: 5, source: 3, json: json([{ conv_id: user, conv_type: 1 }]) } });
  plugin.queue({
    event: { conversation: { type: 1, json: json([`group_${group}`, { conv_id: user, conv_type: 1 }]) } },
  });
  plugin.queue({ event: { session: { kind: 5 } } });
  plugin.queue({ request: { requestId: 7, convDelete: { convId: utf8(group), convType: 2 } } });
  plugin.queueBytes(Uint8Array.of(0xff));
  plugin.tick();
  const bytes = bridge.recording();
  bridge.close();
  return bytes;
}

const ids: Ids = { user: "alice-the-user", group: "guild-of-groups" };

describe("lines", () => {
  test("one for each frame: clock, direction, kind, call, epoch, method, ids and codes by name", () => {
    const { status, out, err } = run("inspect", inFile(recordingOf(ids, false)));
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out.split("\n")).toEqual([
      "# 24 frames; ids masked",
      "      5000 ms  script <- plugin  drained  epoch 0  OPEN, 0 frames follow",
      "      5000 ms  script -> plugin  CoreCall  call 1  epoch 0  Init  returned TIM_SUCC (0)",
      "      5000 ms  script -> plugin  Login  (never recorded: it holds a UserSig)  returned TIM_SUCC (0)",
      "      5016 ms  script <- plugin  drained  epoch 2  OPEN, 2 frames follow",
      "      5016 ms  script <- plugin  CoreResult  call 1  epoch 2  frame 1  SDK_CALLBACK 0 (success)",
      "      5016 ms  script <- plugin  CoreResult  call 2  epoch 2  frame 2  SDK_CALLBACK 0 (success)",
      "      5016 ms  script -> plugin  CoreCall  call 3  epoch 2  ConvDelete user#1 kTIMConv_C2C  returned TIM_SUCC (0)",
      "      5016 ms  script -> plugin  CoreCall  call 4  epoch 2  ConvDeleteConversationList [c2c_user#1, group_group#1] clear_message false  returned TIM_SUCC (0)",
      "      5016 ms  script -> plugin  CoreCall  call 5  epoch 2  ConvGetConvList  returned TIM_SUCC (0)",
      "      5016 ms  script -> plugin  CoreCall  call 6  epoch 2  ConvDelete group#1 kTIMConv_Group  returned BRIDGE_ERR_STALE_EPOCH (-1009)",
      "      5032 ms  script <- plugin  drained  epoch 2  OPEN, 7 frames follow",
      "      5032 ms  script <- plugin  CoreResult  call 3  epoch 2  frame 3  SDK_CALLBACK 6004 (NOT_FOUND)",
      "      5032 ms  script <- plugin  CoreResult  call 4  epoch 2  frame 4  SDK_CALLBACK 0 (success) [c2c_user#1: 0 (success), group_group#1: 6017 (INVALID_ARGUMENT)]",
      "      5032 ms  script <- plugin  CoreResult  call 5  epoch 2  frame 5  SDK_CALLBACK 0 (success) [c2c_user#1]",
      "      5032 ms  script <- plugin  CoreEvent  epoch 2  frame 6  kTIMConvEvent_Del [group_group#1, c2c_user#1]",
      "      5032 ms  script <- plugin  CoreEvent  epoch 2  frame 7  KICKED_OFFLINE",
      "      5032 ms  script <- plugin  Request  request 7  epoch 2  frame 8  ConvDelete group#1 kTIMConv_Group",
      "      5032 ms  script <- plugin  not recorded: it could not be read",
      "      5032 ms  script -> plugin  DeleteCompleted  asked by script  c2c_user#1 FAILED (6004 (NOT_FOUND))  code 6004 (NOT_FOUND)  returned TIM_SUCC (0)",
      "      5032 ms  script -> plugin  DeleteCompleted  asked by script  c2c_user#1 DELETED, group_group#1 FAILED (6017 (INVALID_ARGUMENT))  code 0 (success)  returned TIM_SUCC (0)",
      "      5032 ms  script -> plugin  ConversationsDeleted  [group_group#1, c2c_user#1]  returned TIM_SUCC (0)",
      "      5032 ms  script -> plugin  SessionChanged  KICKED_OFFLINE  returned TIM_SUCC (0)",
      "      5032 ms  script -> plugin  CoreCall  call 7  epoch 2  for request 7  ConvDelete group#1 kTIMConv_Group  returned TIM_SUCC (0)",
      "      5032 ms  script -> plugin  CoreCall  call 8  epoch 2  ConvGetConvList  returned TIM_SUCC (0)",
      "",
    ]);
  });

  test("a recording of nothing says so, one that was full what is gone, and rarer frames have their words", () => {
    const head = { format: "tim-chatbridge recording", version: 1, count: 0 };
    expect(run("inspect", inFile(writeRecording(head))).out).toBe(
      "# 0 frames; ids masked: nothing crossed between script and plugin\n",
    );
    const frames = [
      { clockMs: 1, drained: { state: 1, frameCount: 1 } },
      { clockMs: 1, received: { sequence: 1, epoch: 2, lost: { count: 12 } }, size: 8 },
      { clockMs: 1, received: { event: { network: { status: 3, code: 9508 } } } },
      { clockMs: 1, sent: { attach: {} }, sendResult: -1019 },
      { clockMs: 1, sent: { coreCall: { callId: 1, getSdkVersion: {} } } },
      { clockMs: 1, sent: { coreCall: { callId: 2, getLoginStatus: {} } } },
      { clockMs: 1, sent: { cancel: { callId: 2 } } },
      { clockMs: 1, sent: { claim: { requestId: 3 } } },
      { clockMs: 1, sent: { epochRaised: { epoch: 4 } } },
      { clockMs: 1, sent: { publish: { conversationsAdded: { conversations: [{ conversation: { userId: "u" } }] } } } },
      { clockMs: 1, sent: { publish: { conversationsUpdated: { conversations: [{}] } } } },
      { clockMs: 1, sent: { publish: { conversationListReset: { more: true } } } },
      { clockMs: 1, sent: { publish: { conversationListSync: { state: 2 } } } },
      { clockMs: 1, sent: { publish: { sessionChanged: { kind: 6 } } } },
      { clockMs: 1, sent: { publish: { connectionChanged: { status: 0 } } } },
      { clockMs: 1, sent: { publish: { lateResult: { requestId: 5, results: [{ outcome: 1 }] } } } },
      { clockMs: 1, withheld: { reason: 3, direction: 1 }, size: 9999 },
    ];
    const rest = run("inspect", inFile(writeRecording({ ...head, count: frames.length, frames })));
    expect(rest.out.split("\n").map((line) => line.replace("         1 ms  script ", ""))).toEqual([
      "# 17 frames; ids masked",
      "<- plugin  drained  epoch 0  OPEN, 1 frames follow",
      "<- plugin  EventsLost  epoch 2  frame 1  12 events",
      "<- plugin  CoreEvent  epoch 0  frame 0  kTIMConnectFailed code 9508",
      "-> plugin  Attach  returned BRIDGE_ERR_NOT_OWNER (-1019)",
      "-> plugin  CoreCall  call 1  epoch 0  GetSDKVersion",
      "-> plugin  CoreCall  call 2  epoch 0  GetLoginStatus",
      "-> plugin  Cancel  call 2",
      "-> plugin  Claim  request 3",
      "-> plugin  EpochRaised  epoch 4",
      "-> plugin  ConversationsAdded  [c2c_user#1]",
      "-> plugin  ConversationsUpdated  [no conversation]",
      "-> plugin  ConversationListReset  [] and more follows",
      "-> plugin  ConversationListSync  FINISHED",
      "-> plugin  SessionChanged  USER_SIG_EXPIRED",
      "-> plugin  ConnectionChanged  kTIMConnected code 0",
      "-> plugin  LateResult  request 5  no conversation DELETED",
      "-> plugin  not recorded: it is larger than the recording may be  (10240 bytes)",
      "",
    ]);
    const full = { ...head, dropped: 9, count: 1, frames: [{ clockMs: 1, drained: { state: 1 } }] };
    expect(run("inspect", inFile(writeRecording(full))).out).toMatch(/^# 1 frame, after 9 that gave way to them;/);
  });

  test("what a later script may add is named as unknown, and stops nothing", () => {
    const frames = [
      {},
      { sent: { version: 1 } },
      { sent: { coreCall: { callId: 1 } } },
      { sent: { publish: {} } },
      { received: { version: 1 } },
      { received: { result: { callId: 1, source: 9, code: -77 } } },
      { withheld: { reason: 9 } },
    ];
    const file = inFile(
      writeRecording({ format: "tim-chatbridge recording", version: 1, count: frames.length, frames }),
    );
    const { status, out } = run("inspect", file);
    expect(status).toBe(0);
    expect(out.match(/this inspector does not know/g)).toHaveLength(5);
    expect(out).toMatch(/CoreResult {2}call 1 .* 9 -77\n/);
  });
});

describe("ids", () => {
  test("are shown only where the game recorded them and --ids asks for them", () => {
    const [without, with_] = [inFile(recordingOf(ids, false)), inFile(recordingOf(ids, true))];
    const shows = (ran: Ran): boolean => [ids.user, ids.group].some((id) => ran.out.includes(id));
    expect(shows(run("inspect", with_, "--ids"))).toBe(true);
    for (const args of [[with_], [without], [without, "--ids"]])
      expect([args, shows(run("inspect", ...args))]).toEqual([args, false]);
    expect(run("inspect", without, "--ids").err).toMatch(
      /made without ids: connect\(\{ recording: \{ ids: true \} \}\)/,
    );
    expect(run("inspect", with_).out).toBe(run("inspect", without).out);
  });

  test("nor in JSON, nor words that hold one", () => {
    const file = inFile(recordingOf(ids, true));
    const text = jsonTexts(run("inspect", file, "--json").out);
    expect(text).not.toContain(ids.user);
    expect(text).not.toContain("sdkAppId");
    expect(JSON.stringify(JSON.parse(run("inspect", file, "--json", "--ids").out))).toContain("1400");
  });

  test("of a file that says it has none and has some are masked all the same", () => {
    const frames = [{ sent: { coreCall: { callId: 1, convDelete: { convId: utf8("alice"), convType: 1 } } } }];
    const file = inFile(writeRecording({ format: "tim-chatbridge recording", version: 1, count: 1, frames }));
    expect(run("inspect", file).out).not.toContain("alice");
  });

  test("what no recording holds is not shown of a file that somebody else made, whatever is asked for", () => {
    const config = utf8('{"secret":"config-of-mine"}');
    const named = { conversation: { userId: "alice" }, showName: "Name-of-hers" };
    const list = utf8(JSON.stringify([{ conv_id: "alice", conv_type: 1, conv_show_name: "Name-of-hers" }]));
    const frames = [
      { sent: { coreCall: { callId: 1, login: { userId: utf8("me-myself"), userSig: utf8("a-user-sig") } } } },
      { sent: { coreCall: { callId: 2, init: { sdkAppId: 1400, jsonSdkConfig: config } } } },
      { sent: { publish: { conversationsAdded: { conversations: [named] } } } },
      { received: { result: { callId: 3, desc: utf8("words of the core's"), json: list } } },
      { received: { event: { conversation: { type: 0, json: list } } } },
    ];
    const head = { format: "tim-chatbridge recording", version: 1, ids: true, count: frames.length };
    const file = inFile(writeRecording({ ...head, frames }));
    expect(run("inspect", file).out).toMatch(/CoreCall {2}call 1 {2}epoch 0 {2}Login\n/);
    for (const args of [["--json", "--ids"], ["--ids"], ["--json"], []]) {
      const { status, out } = run("inspect", file, ...args);
      expect(status).toBe(0);
      const asked = args.includes("--ids");
      const shown = args.includes("--json") ? jsonTexts(out) : out;
      for (const secret of ["a-user-sig", "me-myself", "config-of-mine", "Name-of-hers"])
        expect(shown).not.toContain(secret);
      for (const word of ["alice", "1400", "words of the core's"])
        expect([args, shown.includes(word)]).toEqual([args, asked]);
    }
  });

  test("whatever they are, the inspector shows the same without them", () => {
    const usual = run("inspect", inFile(recordingOf(ids, true))).out;
    const text = fc.string({ unit: fc.constantFrom(..."abc é会#_1$"), minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(text, text, (user, group) => {
        expect(run("inspect", inFile(recordingOf({ user, group }, true))).out).toBe(usual);
      }),
      { numRuns: 15 },
    );
  });

  test("nor is their length, by the sizes of frames, unless they are", () => {
    const sizes = (length: number, recorded: boolean, ...args: string[]): string => {
      const { out } = run(
        "inspect",
        inFile(recordingOf({ user: "u".repeat(length), group: "guild" }, recorded)),
        ...args,
      );
      return args.includes("--json")
        ? (JSON.parse(out).frames as { size?: number }[]).map(({ size }) => size).join()
        : (out.match(/\(\d+ bytes\)/g) ?? []).join();
    };
    for (const args of [[], ["--json"]]) {
      expect(sizes(3, true, ...args)).toBe(sizes(30, true, ...args));
      expect(sizes(3, false, ...args, "--ids")).toBe(sizes(30, false, ...args, "--ids"));
      expect(sizes(3, true, ...args, "--ids")).not.toBe(sizes(30, true, ...args, "--ids"));
    }
  });

  test("that would steer a terminal are quoted", () => {
    const hostile = { user: 'a\u001b[2J"\u202e\u009bx', group: "a b\n# forged" };
    const { out } = run("inspect", inFile(recordingOf(hostile, true)), "--ids");
    expect(out).toContain('ConvDelete "a\\u001b[2J\\"\\u{202e}\\u{9b}x" kTIMConv_C2C');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).not.toMatch(/^# forged/m);
  });
});

test("--json is proto3 JSON: it makes the recording again, byte for byte", () => {
  const bytes = recordingOf(ids, true);
  const { status, out } = run("inspect", inFile(bytes), "--json", "--ids");
  expect(status).toBe(0);
  const json = JSON.parse(out);
  expect(json.frames[6]).toMatchObject({
    clockMs: "5016",
    sent: { coreCall: { callId: 3, convDelete: { convId: Buffer.from(ids.user).toString("base64"), convType: 1 } } },
    sendResult: 0,
  });
  expect(readRecording(recordingFromJson(json))).toEqual(readRecording(bytes));
  expect(Buffer.from(recordingFromJson(json)).equals(bytes)).toBe(true);
});

describe("what cannot be done ends with 2 and says what to do", () => {
  const refused = (ran: Ran, words: RegExp): void => {
    expect(ran.err).toMatch(words);
    expect([ran.status, ran.out]).toEqual([2, ""]);
    expect(ran.err).not.toMatch(/^ +at /m);
  };

  test("the command line", () => {
    const file = inFile(recordingOf(ids, false));
    refused(run(), /say what to do\.[\s\S]*npx tim-chatbridge inspect FILE/);
    refused(run("record", file), /there is no command "record"/);
    refused(run("inspect"), /say which file/);
    refused(run("inspect", file, file), /one file at a time; 2 were given/);
    refused(run("inspect", file, "--all"), /Unknown option '--all'[\s\S]*npx tim-chatbridge inspect FILE/);
    expect(run("--help")).toMatchObject({ status: 0, out: expect.stringContaining("--ids"), err: "" });
  });

  test("no file, a folder, an empty file, something else", () => {
    mkdirSync(join(folder, "folder"), { recursive: true });
    refused(run("inspect", "nowhere.rec"), /^tim-chatbridge: nowhere\.rec: there is no such file\.$/m);
    refused(run("inspect", "folder"), /folder: it is a folder\./);
    refused(run("inspect", inFile(new Uint8Array(0))), /it is empty/);
    for (const other of ["# a text file\n", "\n\u0018tim-chatbridge recordinG", '{"frames":[]}']) {
      refused(run("inspect", inFile(utf8(other))), /it is not a recording of tim-chatbridge/);
    }
    refused(run("inspect", inFile(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f))), /it is not a recording/);
  });

  test("a file that is larger than any recording, without reading it; a device, which may never end", () => {
    const huge = join(folder, "huge.rec");
    writeFileSync(huge, recordingOf(ids, false));
    truncateSync(huge, 2 ** 33);
    refused(run("inspect", huge), /huge\.rec: it has 8192 MiB, and a recording has at most 64\./);
    rmSync(huge);
    refused(run("inspect", devNull), /it is not a file\.$/m);
  });

  test("whatever else is in the file: words and no stack, or lines", () => {
    const whole = recordingOf(ids, true);
    const spoilt = fc.tuple(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((noise) => Buffer.concat([whole.subarray(0, 32), noise])),
      spoilt.map(([at, noise]) => Buffer.concat([whole.subarray(0, at), noise, whole.subarray(at + noise.length)])),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        const ran = run("inspect", inFile(content), "--ids");
        if (ran.status === 0)
          expect([ran.out.slice(0, 2), ran.err]).toEqual(["# ", expect.not.stringMatching(/^ +at /m)]);
        else refused(ran, /^tim-chatbridge: .*\.rec: it is /m);
      }),
      { numRuns: 30 },
    );
  });

  test("a later version, before anything else of it is read", () => {
    const head = writeRecording({ format: "tim-chatbridge recording", version: 2 });
    const later = Buffer.concat([head, Uint8Array.of(0xff, 0xff, 0xff)]);
    refused(run("inspect", inFile(later)), /a recording of version 2, and this inspector reads version 1/);
  });

  test("a file that was cut, wherever: where it ends, and what to do", () => {
    const bytes = recordingOf(ids, false);
    const cuts = [1, 2, 3, 19, 20, 25, ...Array.from({ length: 8 }, (_, i) => 26 + i)];
    cuts.push(...Array.from({ length: 10 }, (_, i) => bytes.length - 1 - i * 53));
    for (const cut of cuts) {
      const words = new RegExp(`it is cut short: it ends at byte ${cut}, .*\\. Copy it again, whole\\.$`, "m");
      refused(run("inspect", inFile(bytes.subarray(0, cut))), words);
    }
    refused(run("inspect", inFile(bytes.subarray(0, 20))), /before it says its version/);
    refused(run("inspect", inFile(bytes.subarray(0, bytes.length - 1))), /in frame 24 of 24/);
  });

  test("a file with something behind the recording: how much, from where, and what to do", () => {
    const bytes = recordingOf(ids, false);
    for (const behind of [Uint8Array.of(0), Uint8Array.of(0x38, 1), utf8("\n"), utf8("and more words"), bytes]) {
      const { length } = behind;
      const words = `it is too long: its last frame ends at byte ${bytes.length}, and ${length} bytes follow`;
      const ran = run("inspect", inFile(Buffer.concat([bytes, behind])));
      refused(ran, new RegExp(`${words} .*Write what bridge.recording\\(\\) returns into a file of its own`));
    }
  });

  test("a damaged one", () => {
    const bytes = Uint8Array.from(recordingOf(ids, false));
    // A frame's tag becomes one with a wire type that there is none of.
    bytes[bytes.indexOf(0x32, 28)] = 0x3f;
    refused(run("inspect", inFile(bytes)), /it is damaged/);
    const more = { format: "tim-chatbridge recording", version: 1, count: 1, frames: [{}, {}] };
    refused(run("inspect", inFile(writeRecording(more))), /it is damaged: it has 2 frames and should have 1/);
  });
});

describe("as a package's command", () => {
  test("package.json names the file that is built, which starts by itself and needs nothing beside it", () => {
    const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
    expect(manifest.bin).toEqual({ "tim-chatbridge": `dist/${inspectorFile}` });
    const text = readFileSync(program, "utf8");
    expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
    const imported = [...text.matchAll(/^import .*?"([^"]+)";$/gm)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(1);
    expect(imported.filter((name) => !name?.startsWith("node:"))).toEqual([]);
    expect(holds(utf8(text), checkout)).toBe(false);
  });
});

/** The frames of --json, with what stands in their bytes. */
function jsonTexts(out: string): string {
  const readable = (_key: string, value: unknown): unknown =>
    typeof value === "string" ? `${value} ${Buffer.from(value, "base64").toString("utf8")}` : value;
  return JSON.stringify(JSON.parse(out).frames, readable);
}
