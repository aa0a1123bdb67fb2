import type { CoreResult } from "./core-sdk.js";

/**
 * What is wrong with a core's answer; undefined: nothing. A core that lives in script is anybody's JavaScript, and what the wire
 * cannot carry C# would never hear. No value is shown: it can be anything, an id included.
 */
export function problemOfResult({ source, code, desc, json }: CoreResult): string | undefined {
  // One of a later protocol is a number too, and the code stands whoever says it.
  if (!isInt32(source)) return "its source is no 32-bit integer";
  if (!isInt32(code)) return "its code is no 32-bit integer";
  if (typeof desc !== "string") return "its desc is no text";
  if (typeof json !== "string") return "its json is no text";
  return undefined;
}

function isInt32(value: unknown): boolean {
  return typeof value === "number" && value === (value | 0);
}
