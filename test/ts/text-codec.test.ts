import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clipped,
  decodeForDisplay,
  decodeUtf8,
  encodeUtf8,
  TextCodecError,
  wellFormed,
} from "../../src/protocol/text-codec.js";
import { idVectors, refusalWords } from "./support/id-vectors.js";

/** Node's own decoder, which neither the codec nor its library knows. */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function nodeDecode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function ourDecode(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(TextCodecError);
    return undefined;
  }
}

describe("strict UTF-8", () => {
  test.each(idVectors.bytes)("vector: $name", ({ hex, refusal }) => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    if (refusal === "not-utf8") expect(() => decodeUtf8(bytes)).toThrow(refusalWords["not-utf8"]);
    else expect(Buffer.from(decodeUtf8(bytes), "utf8").toString("hex")).toBe(hex);
  });

  test("text comes back as it was, in Node's bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (!text.isWellFormed()) return;
        const bytes = encodeUtf8(text);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(text, "utf8"));
        expect(decodeUtf8(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test("any bytes decode exactly where Node's fatal decoder does, and to the same", () => {
    const nearMisses = fc.array(
      fc.constantFrom(
        0x00,
        0x41,
        0x7f,
        0x80,
        0xa0,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xe0,
        0xed,
        0xef,
        0xf0,
        0xf4,
        0xf5,
        0xfb,
        0xff,
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 12 }),
          nearMisses.map((bytes) => Uint8Array.from(bytes)),
        ),
        (bytes) => {
          expect(ourDecode(bytes)).toBe(nodeDecode(bytes));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test("all two-byte and all surrogate-like three-byte sequences", () => {
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const bytes = Uint8Array.of(first, second);
        expect(ourDecode(bytes)).toBe(nodeDecode(bytes));
      }
    }
    for (let second = 0x80; second < 0xc0; second++) {
      for (let third = 0x80; third < 0xc0; third++) {
        const bytes = Uint8Array.of(0xed, second, third);
        expect(ourDecode(bytes)).toBe(nodeDecode(bytes));
      }
    }
  });

  test("a view into a larger buffer reads no further than itself", () => {
    const buffer = Uint8Array.of(0x41, 0xe4, 0xbc, 0x9a);
    expect(() => decodeUtf8(buffer.subarray(0, 3))).toThrow(TextCodecError);
    expect(decodeUtf8(buffer.subarray(1, 4))).toBe("会");
  });

  test("half a character has no bytes", () => {
    for (const text of ["\ud800", "a\udc00", "\udc00\ud800"]) expect(() => encodeUtf8(text)).toThrow(TextCodecError);
  });
});

describe("text for people", () => {
  test("always has a UTF-8 form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(decodeForDisplay(bytes).isWellFormed()).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(decodeForDisplay(Uint8Array.of(0x61, 0xed, 0xa0, 0x80))).toBe("a\ufffd");
    expect(wellFormed("a\ud800b😀")).toBe("a\ufffdb😀");
  });

  test("is cut where it is too long for a frame, and never in half a character", () => {
    expect(clipped("short")).toBe("short");
    const long = clipped(`${"x".repeat(3999)}😀${"y".repeat(1_000_000)}`);
    expect(long.length).toBeLessThan(4100);
    expect(long.isWellFormed()).toBe(true);
  });
});
