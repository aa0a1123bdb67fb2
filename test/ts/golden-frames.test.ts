import { readFileSync } from "node:fs";
import "../../src/protocol/text-codec.js";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { fromGenerated, generatedMessage, toGenerated } from "./support/proto-json.js";
import { allMessageNames, messageType, type Plain } from "./support/protobufjs-root.js";

interface Vector {
  readonly name: string;
  readonly message: string;
  readonly hex: string;
  readonly json: Plain;
}

const { vectors } = JSON.parse(readFileSync(new URL("../golden/frames.json", import.meta.url), "utf8")) as {
  readonly vectors: readonly Vector[];
};
const bytesOf = ({ hex }: Vector): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** protobufjs's own proto3 JSON, with zeros left out. */
function protobufjsJson(message: string, bytes: Uint8Array): Plain {
  const type = messageType(message);
  return type.toObject(type.decode(bytes), { longs: String, enums: String, bytes: String });
}

/** The same message with its fields in the order of their numbers, as protobufjs and Google.Protobuf write. */
function canonical(message: string, bytes: Uint8Array): Uint8Array {
  const type = messageType(message);
  return type.encode(type.decode(bytes)).finish();
}

/** Messages whose first declared field is not the one of the lowest number: ts-proto writes as declared. */
const declaredOutOfOrder = allMessageNames().filter((name) => {
  const ids = messageType(name).fieldsArray.map((field) => field.id);
  return ids.some((id, i) => i > 0 && id < (ids[i - 1] as number));
});

describe.each(vectors)("$message: $name", (vector) => {
  const { message, json, hex } = vector;

  test("protobufjs writes and reads it", () => {
    const type = messageType(message);
    expect(hexOf(type.encode(type.fromObject(json)).finish())).toBe(hex);
    expect(protobufjsJson(message, bytesOf(vector))).toEqual(json);
  });

  test("the generated code writes and reads it", () => {
    const ours = generatedMessage(message).encode(toGenerated(message, json)).finish();
    expect(hexOf(declaredOutOfOrder.includes(message) ? canonical(message, ours) : ours)).toBe(hex);
    expect(ours).toHaveLength(hex.length / 2);
    expect(fromGenerated(message, generatedMessage(message).decode(bytesOf(vector)))).toEqual(json);
  });
});

describe("the vectors", () => {
  test("hold by hand", () => {
    const byName = (name: string): string | undefined => vectors.find((vector) => vector.name === name)?.hex;
    //                                      core_call   call_id  conv_delete  conv_id "alice"   type 1 version
    expect(byName("ConvDelete")).toBe("0a0d" + "0801" + "5209" + "0a05616c696365" + "1002" + "7801");
    expect(byName("ConvDelete of a negative type")).toBe("0a09" + "0801" + "5205" + "0a0161" + "1001" + "7801");
    expect(byName("ConvDelete of type 0, present")).toBe("0a09" + "0801" + "5205" + "0a0161" + "1000" + "7801");
    expect(byName("ConvDelete without a type")).toBe("0a07" + "0801" + "5203" + "0a0161" + "7801");
    expect(byName("ConvDeleteList that keeps")).toMatch(/10007801$/);
    expect(byName("Claim of 0")).toBe("2200" + "7801");
    expect(byName("a batch")).toBe(
      "08ffffffffffffff0f" + "1001" + "1a080801" + "1a020805" + "7801" + "1a00" + "1a01ff" + "2007",
    );
  });

  test("reach every message and every field, and every optional one present with its zero", () => {
    const seen = new Set<string>();
    const zeros = new Set<string>();
    const visit = (name: string, json: Plain): void => {
      seen.add(name);
      for (const field of messageType(name).fieldsArray.map((each) => each.resolve())) {
        const given = json[field.name];
        if (given === undefined) continue;
        seen.add(`${name}.${field.name}`);
        if (given === "" || given === 0 || given === "0" || given === false) zeros.add(`${name}.${field.name}`);
        const type = field.resolvedType;
        if (type instanceof protobuf.Type) for (const each of [given].flat()) visit(type.name, each);
      }
    };
    for (const { message, json } of vectors) visit(message, json);
    const fields = allMessageNames().flatMap((name) => messageType(name).fieldsArray.map((field) => ({ name, field })));
    expect(fields.map(({ name, field }) => `${name}.${field.name}`).filter((path) => !seen.has(path))).toEqual([]);
    expect(allMessageNames().filter((name) => !seen.has(name))).toEqual([]);
    const optional = fields.filter(({ field }) => (field.options as Plain)?.proto3_optional === true);
    expect(optional.length).toBeGreaterThan(5);
    expect(optional.map(({ name, field }) => `${name}.${field.name}`).filter((path) => !zeros.has(path))).toEqual([]);
  });

  test("names are unique within a message", () => {
    const names = vectors.map(({ name, message }) => `${message} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
