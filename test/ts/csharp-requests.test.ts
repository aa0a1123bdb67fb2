import { describe, expect, test } from "vitest";
import type { DeleteCompleted } from "../../src/bridge/deletion.js";
import { TIMResult } from "../../src/core/tim-types.js";
import { Outcome } from "../../src/protocol/gen/chatbridge/v1/conversation.js";
import { idVectors, refusalWords } from "./support/id-vectors.js";
import { utf8 } from "./support/protobufjs-root.js";
import { C2C, makeRig, type Rig, recorder, stillWorks } from "./support/rig.js";

const one = (convId: string, convType = 1): object => ({ convDelete: { convId: utf8(convId), convType } });

function rigWithListener(behindPlugin: boolean): Rig & { completed: { calls: [DeleteCompleted][] } } {
  const rig = makeRig({ plugin: true, behindPlugin });
  const completed = recorder<[DeleteCompleted]>();
  rig.bridge.onDeleteCompleted(completed);
  return { ...rig, completed };
}

describe("a deletion that C# asks for", () => {
  test("on a core in script: leave is asked of the ledger, then it is carried out and completed under its number", () => {
    const { core, host, completed } = rigWithListener(false);
    let callsAtClaim = -1;
    host.answer = (frame) => {
      if (frame.claim !== undefined) callsAtClaim = core.calls.length;
      return 0;
    };
    host.deliver({ request: { requestId: 41, ...one("bob") } });
    expect(host.sent).toMatchObject([{ version: 1, claim: { requestId: 41 } }]);
    expect(callsAtClaim).toBe(0);
    expect(core.last).toMatchObject({
      originRequestId: 41,
      method: { name: "ConvDelete", convId: "bob", convType: 1 },
    });
    expect(completed.calls).toEqual([]);
    core.answer({ code: 0, desc: "gone" });
    expect(completed.calls).toMatchObject([
      [{ requestId: 41, code: 0, desc: "gone", results: [{ outcome: Outcome.DELETED }] }],
    ]);
    expect(host.notices).toEqual([
      {
        deleteCompleted: {
          requestId: 41,
          desc: "gone",
          results: [{ conversation: { userId: "bob" }, outcome: 1 }],
        },
      },
    ]);
  });

  test("the ledger says no: nothing is sent, nothing published, C# has settled it", () => {
    const rig = rigWithListener(false);
    rig.host.answer = () => TIMResult.BRIDGE_ERR_NOT_QUEUED;
    rig.host.deliver({ request: { requestId: 41, ...one("bob") } });
    expect(rig.core.calls).toEqual([]);
    expect(rig.completed.calls).toEqual([]);
    expect(rig.host.notices).toEqual([]);
    expect(stillWorks(rig)).toBe(true);
  });

  test("behind the plugin the ledger is asked at its door, not by a claim; its no is final", () => {
    const { core, host, completed } = rigWithListener(true);
    host.deliver({ request: { requestId: 41, ...one("bob") } });
    expect(host.sent).toEqual([]);
    expect(core.last.originRequestId).toBe(41);
    core.onSend = () => TIMResult.BRIDGE_ERR_NOT_QUEUED;
    host.deliver({ request: { requestId: 42, ...one("bob") } });
    expect(completed.calls).toEqual([]);
    expect(host.notices).toEqual([]);
  });

  test.each([
    [-4, Outcome.FAILED],
    [TIMResult.BRIDGE_ERR_BUSY, Outcome.NOT_SENT],
    [TIMResult.BRIDGE_ERR_STALE_EPOCH, Outcome.NOT_SENT],
  ])("refused with %i it is completed, once", (code, outcome) => {
    const { bridge, core, host, completed } = rigWithListener(true);
    core.onSend = () => code;
    host.deliver({ request: { requestId: 41, ...one("bob") } });
    expect(completed.calls).toMatchObject([[{ requestId: 41, code, results: [{ outcome, error: { code } }] }]]);
    expect(host.notices).toHaveLength(1);
    expect(host.notices[0].deleteCompleted.results).toHaveLength(1);
    // lastError is about script's own calls.
    expect(bridge.lastError).toBeUndefined();
  });

  test("a batch, with its history kept or not as C# said", () => {
    const { core, host, completed } = rigWithListener(false);
    for (const clearMessage of [true, false]) {
      host.deliver({
        request: { requestId: 7, convDeleteList: { convIds: [utf8("c2c_a"), utf8("group_b")], clearMessage } },
      });
      expect(core.last.method).toEqual({
        name: "ConvDeleteConversationList",
        convIds: ["c2c_a", "group_b"],
        clearMessage,
      });
      core.answerBatch();
    }
    expect(completed.calls.map(([{ requestId, results }]) => [requestId, results.length])).toEqual([
      [7, 2],
      [7, 2],
    ]);
  });

  test("C# does not say what its own callback is: script's callbacks hear nothing of it", () => {
    const { bridge, core, host } = rigWithListener(false);
    const heard = recorder<[number, string, unknown]>();
    bridge.ConvDelete("mine", C2C, heard);
    host.deliver({ request: { requestId: 41, ...one("bob") } });
    core.answer();
    expect(heard.calls).toEqual([]);
  });
});

describe("a request that cannot be read is completed as not sent, and reaches no core", () => {
  const bad: [string, object, RegExp][] = [
    ["no id", { convDelete: { convType: 1 } }, /request 5 from C#: conv_id is missing. Nothing was deleted/],
    ["no type", { convDelete: { convId: utf8("a") } }, /conv_type is missing/],
    ["type 0", one("a", 0), /unknown conversation type 0/],
    ["type 3", one("a", 3), /conversation type 3 \(kTIMConv_System\)/],
    ["an empty id", one(""), /the userID is empty/],
    ["a NUL", one("a\0b"), /NUL character at index 1/],
    ["no clear_message", { convDeleteList: { convIds: [utf8("c2c_a")] } }, /clear_message is missing/],
    ["no ids", { convDeleteList: { clearMessage: true } }, /list of conversations is empty/],
    [
      "101 ids",
      { convDeleteList: { convIds: Array.from({ length: 101 }, (_, i) => utf8(`c2c_${i}`)), clearMessage: true } },
      /101 conversations are more than the 100/,
    ],
    ["a bare id in a batch", { convDeleteList: { convIds: [utf8("a")], clearMessage: true } }, /does not say what/],
    [
      "the system conversation in a batch",
      { convDeleteList: { convIds: [utf8("@TIM#SYSTEM")], clearMessage: true } },
      /cannot be deleted in a batch/,
    ],
    ["no method", {}, /asks for something that this script does not know/],
  ];

  test.each(bad)("%s", (_what, method, words) => {
    const rig = rigWithListener(false);
    const { bridge, core, host, completed, errors } = rig;
    host.deliver({ request: { requestId: 5, ...method } });
    expect(core.calls).toEqual([]);
    expect(host.sent.some((frame) => frame.claim !== undefined)).toBe(false);
    expect(completed.calls).toMatchObject([[{ requestId: 5, code: TIMResult.TIM_ERR_PARAM }]]);
    expect(completed.calls[0]?.[0].desc).toMatch(words);
    expect(host.notices).toMatchObject([{ deleteCompleted: { requestId: 5, code: TIMResult.TIM_ERR_PARAM } }]);
    expect(bridge.counters.malformed).toBe(1);
    expect(String(errors[0])).toMatch(words);
    expect(stillWorks(rig)).toBe(true);
  });

  test.each(idVectors.bytes.filter(({ refusal }) => refusal !== undefined))(
    "vector: $name",
    ({ hex, type, refusal }) => {
      const rig = rigWithListener(false);
      const convId = Uint8Array.from(Buffer.from(hex, "hex"));
      rig.host.deliver({ request: { requestId: 5, convDelete: { convId, convType: type } } });
      expect(rig.core.calls).toEqual([]);
      expect(rig.completed.calls[0]?.[0].desc).toMatch(refusalWords[refusal as "nul"]);
    },
  );

  test("one without a number can be completed by nobody: reported, and that is all", () => {
    const rig = rigWithListener(false);
    rig.host.deliver({ request: one("a") });
    expect(rig.core.calls).toEqual([]);
    expect(rig.completed.calls).toEqual([]);
    expect(rig.host.sent).toEqual([]);
    expect(String(rig.errors[0])).toMatch(/request 0 from C#: it has no request id/);
    expect(stillWorks(rig)).toBe(true);
  });

  test("a bad one right after a good one leaves nothing of the good one behind", () => {
    const { core, host } = rigWithListener(false);
    host.deliver({ request: { requestId: 5, ...one("alice") } });
    host.deliver({ request: { requestId: 6, convDelete: { convType: 1 } } });
    expect(core.calls).toHaveLength(1);
  });
});
