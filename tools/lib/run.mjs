import { spawnSync } from "node:child_process";
import { root } from "./root.mjs";

const windows = process.platform === "win32";

/** Runs a command and ends this process with its output if it fails. Quiet unless it fails. */
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
    console.error(`\n${command} ${args.join(" ")}\nfailed in ${cwd}: ${why}`);
    process.exit(1);
  }
  return result.stdout ?? "";
}
