// A test that cannot run on this machine is skipped with its reason, which `npm test` prints and counts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestOptions } from "vitest";
import { root } from "../../tools/lib/root.mjs";

declare module "vitest" {
  interface TaskMeta {
    /** Why it was skipped. */
    reason?: string;
  }
}

/** The stand-in for libImSDK, where it is built. */
export const standInLibrary = join(root, ".cache/native/libImSDK.so");

/** Why there is no stand-in for libImSDK here; undefined: there is. */
export function standInMissing(): string | undefined {
  if (existsSync(standInLibrary)) return undefined;
  return process.env["CHATBRIDGE_STAND_IN_MISSING"] ?? "the stand-in for libImSDK is not built: test/native/build.sh";
}

/** A test's or describe's options; without a reason it runs. */
export function unless(reason: string | undefined): TestOptions {
  return reason === undefined ? {} : { skip: true, meta: { reason } };
}
