import { ErrorSource } from "../protocol/gen/chatbridge/v1/error.js";
import type { CoreResult } from "./core-sdk.js";

/**
 * What is wrong with a core's answer; undefined: nothing. A core that lives in script is anybody's JavaScript, and what the wire
 * cannot carry C# would never hear. No value is shown: it can be anything, an id included.
 */
export function problemOfResult({ source, code, desc, json }: CoreResult): string | undefined {
  if (ErrorSource[source] === undefined) return "its source is no ErrorSource";
  if (typeof code !== "number" || code !== (code | 0)) return "its code is no 32-bit integer";
  if (typeof desc !== "string") return "its desc is no text";
  if (typeof json !== "string") return "its json is no text";
  return undefined;
}
