// Does a step of the set-up, and does it again only when what it reads has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const stamps = join(root, ".cache/steps");
const ignored = new Set(["node_modules", "bin", "obj", "dist", ".cache", ".git", "TestResults"]);

function* files(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (!ignored.has(name)) yield* files(join(path, name));
  }
}

/** A hash of the contents of files and folders, given relative to the top folder. */
export function hashOf(inputs, salt = "") {
  const hash = createHash("sha256").update(salt);
  for (const input of inputs) {
    for (const path of files(join(root, input))) hash.update(`${path}\0`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Runs `action` unless it succeeded before with the same inputs and its outputs are all still there. */
export function step(name, { inputs, outputs, salt = "" }, action) {
  const stamp = join(stamps, name);
  // Another Node may need another build; what another .NET may, its salt says.
  const hash = hashOf(inputs, `${salt}\0${process.version}`);
  const done =
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === hash &&
    outputs.every((output) => existsSync(join(root, output)));
  if (done) return;
  console.error(`[set-up] ${name}`);
  action();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
}
