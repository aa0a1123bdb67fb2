// Runs another program for a tool, quietly unless it fails.
import { spawnSync } from "node:child_process";
import { root } from "./root.mjs";

const windows = process.platform === "win32";

/** Runs a command. Quiet unless it fails: then it prints what the command said, and throws. */
export function run(command, args, { cwd = root, env = {}, inherit = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: inherit ? "inherit" : "pipe",
    maxBuffer: 1 << 28,
    shell: windows,
  });
  if (result.error !== undefined || result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
    const why = result.error?.message ?? `exit code ${result.status ?? result.signal}`;
    throw new Error(`${command} ${args.join(" ")} failed in ${cwd}: ${why}`);
  }
  return result.stdout ?? "";
}
