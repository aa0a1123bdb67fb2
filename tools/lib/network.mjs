// Whether this process can reach any network, and how to run another that cannot.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Why this process is not cut off from the network; undefined: it has no interface but the loopback. */
export function whyNotCutOff() {
  let devices;
  try {
    // This process's own name space; /sys/class/net shows that of whoever mounted /sys.
    devices = readFileSync("/proc/self/net/dev", "utf8").split("\n").slice(2);
  } catch (error) {
    return `the network interfaces cannot be read (${error.message})`;
  }
  const others = devices.map((line) => line.split(":")[0].trim()).filter((name) => name !== "" && name !== "lo");
  return others.length === 0 ? undefined : `the network is not cut off: there is ${others.join(", ")}`;
}

/** A command's prefix that cuts it off from every network; or the reason why there is none here. */
export function cutOff() {
  if (process.platform !== "linux") return { reason: `unshare is Linux's, and this is ${process.platform}` };
  const prefix = process.getuid() === 0 ? ["unshare", "-n"] : ["unshare", "-rn"];
  const [command, ...args] = prefix;
  const { status, error, stderr } = spawnSync(command, [...args, "true"], { encoding: "utf8" });
  if (status === 0) return { prefix };
  return { reason: `${prefix.join(" ")} does not work here: ${error?.message ?? stderr.trim()}` };
}
