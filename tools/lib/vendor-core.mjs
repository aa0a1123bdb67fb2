// Brings the vendor's own libImSDK into the git-ignored cache, for tests only: it is no dependency, and nothing of it ships.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const name = "im_electron_sdk";
const version = "8.0.5906";
/** The registry's `dist.integrity` of that version. */
const integrity = "sha512-/Qz86mbM4sfxhVqGhpmTC0vEuJLOHQ9G1Xabs2DzOj5RTS+/3vUkZEzAE8uXntL7UAqP9iDg8+sB9z0pUxqmPg==";
/** The library of each CPU, in the package. The one for arm64 was never run by us. */
const libraries = { x64: "package/lib/linux/lib/libImSDK.so", arm64: "package/lib/linux/lib/libImSDK_arm64.so" };
const downloadMs = 300_000;

/** The real core for this machine: its `path`; or, where it cannot be had, the `reason`. It must only run offline. */
export function vendorCore() {
  const member = process.platform === "linux" ? libraries[process.arch] : undefined;
  if (member === undefined) {
    return {
      reason: `${name} ${version} is used on Linux only (x64, arm64), and this is ${process.platform} ${process.arch}`,
    };
  }
  const folder = join(root, ".cache/vendor");
  const archive = join(folder, `${name}-${version}.tgz`);
  mkdirSync(folder, { recursive: true });
  const problem = download(folder, archive) ?? mismatch(archive);
  if (problem !== undefined) return { reason: problem };
  return unpack(archive, member, join(folder, `${name}-${version}`, process.arch));
}

function download(folder, archive) {
  if (existsSync(archive)) return undefined;
  // `npm pack` of a published package runs no script of it, and neither does unpacking one file.
  const { status, error, stderr } = spawnSync(
    "npm",
    [
      "pack",
      `${name}@${version}`,
      "--ignore-scripts",
      "--loglevel=error",
      "--prefer-offline",
      "--fetch-retries=1",
      "--pack-destination",
      folder,
    ],
    { cwd: folder, encoding: "utf8", timeout: downloadMs },
  );
  if (status === 0 && existsSync(archive)) return undefined;
  rmSync(archive, { force: true });
  const why = error?.message ?? /^npm error (code .*)/m.exec(stderr)?.[1] ?? `exit code ${status}`;
  return `npm pack ${name}@${version} brought nothing (${why}); is the registry within reach?`;
}

/** What is not, to the byte, what was pinned is thrown away and never loaded. */
function mismatch(archive) {
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found === integrity) return undefined;
  rmSync(archive);
  return `${name}-${version}.tgz has the integrity ${found}, and ${integrity} is pinned; it was not unpacked`;
}

function unpack(archive, member, folder) {
  const { status, error, stdout, stderr } = spawnSync("tar", ["-xzOf", archive, member], { maxBuffer: 1 << 28 });
  if (status !== 0 || stdout.length === 0) {
    return {
      reason: `tar cannot unpack ${member}: ${error?.message ?? lastLine(String(stderr)) ?? `exit code ${status}`}`,
    };
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "libImSDK.so");
  // Written beside and moved: a process that has the old one mapped keeps it.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, stdout, { mode: 0o755 });
  renameSync(fresh, path);
  return { path };
}

function lastLine(text) {
  return text?.trim().split("\n").at(-1) || undefined;
}
