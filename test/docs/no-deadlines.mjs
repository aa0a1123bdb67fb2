// Loaded before an example runs: what takes a second or longer never comes. So a callback that only its deadline would bring stays
// away, and a deadline that is left behind, which would keep Node.js from ending, is an error.
const shortest = 1000;
const { setTimeout, clearTimeout } = globalThis;
const left = new Set();

globalThis.setTimeout = (job, ms, ...given) => {
  if (!(ms >= shortest)) return setTimeout(job, ms, ...given);
  const never = { ms };
  left.add(never);
  return never;
};
globalThis.clearTimeout = (timer) => {
  if (!left.delete(timer)) clearTimeout(timer);
};
process.on("exit", () => {
  for (const { ms } of left) console.error(`a timer of ${ms} ms is left behind`);
  if (left.size > 0) process.exitCode = 1;
});
