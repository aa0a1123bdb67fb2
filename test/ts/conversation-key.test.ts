import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConversationKey,
  ConversationKeyError,
  isTopic,
  keyOf,
  keyString,
  parseConversation,
  sameConversation,
  toBareId,
  toConvID,
  toWebConversationID,
} from "../../src/conversation/conversation-key.js";
import { TIMConvType } from "../../src/core/tim-types.js";
import { idVectors, refusalWords, textOf } from "./support/id-vectors.js";

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** Ids that look like the notations themselves. */
const trickyPart = fc.constantFrom("c2c_", "group_", "C2C", "GROUP", "_", "@TIM#SYSTEM", "@TGS#_", "a", "会", "😀");
const anyId = (maxBytes: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.array(trickyPart, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary", minLength: 1, maxLength: 32 }),
    )
    .filter(
      (id) =>
        id !== "" && !id.includes("\0") && !id.includes("@TOPIC#_") && utf8Length(id) <= maxBytes && id.isWellFormed(),
    );
const topicId = fc
  .tuple(anyId(48), anyId(32))
  .map(([group, topic]) => `${group}@TOPIC#_${topic}`)
  .filter((id) => utf8Length(id) <= 96);

const anyKey: fc.Arbitrary<ConversationKey> = fc.oneof(
  anyId(32).map((userId) => ({ userId })),
  anyId(48).map((groupId) => ({ groupId })),
  topicId.map((groupId) => ({ groupId })),
  fc.constant({ systemId: "@TIM#SYSTEM" }),
);

describe("the shared id vectors", () => {
  test.each(idVectors.text)("$name", (vector) => {
    const id = textOf(vector);
    if (vector.refusal === undefined) {
      const key = keyOf(id, vector.type);
      expect(toBareId(key)).toEqual({ convId: id, convType: vector.type });
      expect(parseConversation(toConvID(key))).toEqual(key);
      return;
    }
    const refused = () => keyOf(id, vector.type);
    expect(refused).toThrow(ConversationKeyError);
    expect(refused).toThrow(refusalWords[vector.refusal]);
  });

  test.each(idVectors.text.filter(({ refusal }) => refusal !== undefined && refusal !== "bad-type"))(
    "$name is refused in every notation",
    (vector) => {
      const id = textOf(vector);
      const notations =
        vector.type === TIMConvType.kTIMConv_C2C
          ? [`c2c_${id}`, `C2C${id}`, { userId: id }]
          : [`group_${id}`, `GROUP${id}`, { groupId: id }];
      for (const notation of notations) {
        expect(() => parseConversation(notation)).toThrow(refusalWords[vector.refusal as "nul"]);
      }
    },
  );
});

describe("every notation round-trips", () => {
  test("native, Web and bare, for any id", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseConversation(toWebConversationID(key))).toEqual(key);
        expect(parseConversation(key)).toEqual(key);
        expect(parseConversation(toConvID(key))).toEqual(key);
        if ("systemId" in key) return;
        const { convId, convType } = toBareId(key);
        expect(keyOf(convId, convType)).toEqual(key);
      }),
      { numRuns: 2000 },
    );
  });

  test("the id is what follows the prefix, to the letter", () => {
    fc.assert(
      fc.property(anyId(32), (id) => {
        expect(parseConversation(`c2c_${id}`)).toEqual({ userId: id });
        expect(parseConversation(`C2C${id}`)).toEqual({ userId: id });
        expect(parseConversation(`group_${id}`)).toEqual({ groupId: id });
        expect(parseConversation(`GROUP${id}`)).toEqual({ groupId: id });
      }),
      { numRuns: 1000 },
    );
  });

  test("different conversations never print, or compare, the same", () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(sameConversation(a, b)).toBe(same);
        expect(keyString(a) === keyString(b)).toBe(same);
        expect(toConvID(a) === toConvID(b)).toBe(same);
        expect(toWebConversationID(a) === toWebConversationID(b)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("keys", () => {
  test("a bare id that names no kind is refused, with what to write instead", () => {
    for (const bare of ["alice", "_", "c2c", "group", "C2c_x", "Groupx", "system", " c2c_x"]) {
      expect(() => parseConversation(bare)).toThrow(
        /does not say what it names; write c2c_<userID> or group_<groupID>/,
      );
    }
    expect(() => parseConversation("")).toThrow(/the conversation id is empty/);
  });

  test.each([
    [null, /a conversation is a string or a key, not null/],
    [undefined, /not undefined/],
    [7, /not 7/],
    [() => 0, /not a function/],
    [{}, /exactly one of userId, groupId and systemId; this one has none/],
    [[], /this one has none/],
    [{ userId: "a", groupId: "b" }, /this one has userId and groupId/],
    [{ userId: null }, /the userID is null, not a string/],
    [{ userId: 7 }, /the userID is 7, not a string/],
    [{ groupId: ["@TOPIC#_"] }, /the groupID is an object, not a string/],
    [{ systemId: "@TIM#OTHER" }, /"@TIM#OTHER" is no system conversation/],
  ])("%j is no key", (given, message) => {
    expect(() => parseConversation(given as never)).toThrow(message);
  });

  test("what was checked is what is kept: a key that changes when read again is read once", () => {
    let reads = 0;
    const shifty = {
      get groupId(): string {
        return reads++ === 0 ? "good" : "bad\0";
      },
    };
    expect(parseConversation(shifty)).toEqual({ groupId: "good" });
    expect(reads).toBe(1);
  });

  test("a wrong type is shown, whatever it is", () => {
    expect(() => keyOf("a", 3)).toThrow(/type 3 \(kTIMConv_System\) is not deletable/);
    for (const type of [0, -1, 9, Number.NaN, "1", null, undefined, {}]) {
      expect(() => keyOf("a", type as never)).toThrow(/unknown conversation type/);
    }
  });

  test("long ids are cut in messages", () => {
    const text = "x".repeat(100_000);
    const message = (() => {
      try {
        parseConversation(text);
        return "";
      } catch (error) {
        return String(error);
      }
    })();
    expect(message.length).toBeGreaterThan(50);
    expect(message.length).toBeLessThan(300);
  });

  test("topics are told from groups", () => {
    expect(isTopic({ groupId: "@TGS#_c@TOPIC#_t" })).toBe(true);
    expect(isTopic({ groupId: "@TGS#_c" })).toBe(false);
    expect(isTopic({ userId: "@TOPIC#_t" })).toBe(false);
  });
});
