import { kindOf } from "../../errors/kind-of.js";

/** What was given to EmbeddedCore or EmbeddedServer is wrong. Nothing was changed. */
export class EmbeddedDataError extends Error {
  /** Where the fault is, such as `conversations[3].conv_id`. */
  readonly path: string;

  /** `problem` says what is wrong there and what to do. */
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = "EmbeddedDataError";
    this.path = path;
  }
}

/** A JSON object whose fields have not been looked at yet. */
export type JsonObject = { readonly [field: string]: unknown };

/** A deep copy of a JSON value. Throws an EmbeddedDataError where `value` cannot be written as JSON. */
export function cloneJson<T>(value: T, path: string): T {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new EmbeddedDataError(path, `cannot be written as JSON (${String(error)})`);
  }
  if (text === undefined) throw new EmbeddedDataError(path, `is ${kindOf(value)}; JSON was expected`);
  return JSON.parse(text) as T;
}

/** A value given parsed or as JSON text, as a value of its own that nobody else holds. */
export function parseJson(value: unknown, path: string): unknown {
  if (typeof value !== "string") return cloneJson(value, path);
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    throw new EmbeddedDataError(path, `is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Reads an object. */
export function readObject(value: unknown, path: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EmbeddedDataError(path, `is ${kindOf(value)}; an object was expected`);
  }
  return value as JsonObject;
}

/** Reads an object that has these fields and no others. */
export function readExactObject(value: unknown, path: string, fields: readonly string[]): JsonObject {
  const object = readObject(value, path);
  const present = Object.keys(object);
  for (const field of fields) {
    if (!present.includes(field)) throw new EmbeddedDataError(`${path}.${field}`, "is missing");
  }
  for (const field of present) {
    if (!fields.includes(field)) {
      throw new EmbeddedDataError(`${path}.${field}`, `is not known; the fields here are ${fields.join(", ")}`);
    }
  }
  return object;
}

/** Reads an array. */
export function readArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new EmbeddedDataError(path, `is ${kindOf(value)}; an array was expected`);
  return value as readonly unknown[];
}

/** Reads true or false. */
export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") {
    throw new EmbeddedDataError(path, `is ${kindOf(value)}; true or false was expected`);
  }
  return value;
}

/** Reads a whole number of at least `min`. */
export function readInteger(value: unknown, path: string, min: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min) {
    const shown = typeof value === "number" ? String(value) : kindOf(value);
    throw new EmbeddedDataError(path, `is ${shown}; a whole number from ${min} up was expected`);
  }
  return value;
}
