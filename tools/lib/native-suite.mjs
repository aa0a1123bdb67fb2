// The fault matrix of the native path: runs it, and shows it as a table with a line for each fault and a column for each call.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";
import { vitest } from "./runners.mjs";

const recordFile = join(root, ".cache/test-results/native-matrix.jsonl");
const marks = { passed: "ok", failed: "FAIL", began: "DIED", planned: "NONE" };

/** Runs it and prints the table. What it needs (script, C#, the stand-in) must be built. */
export function nativeMatrixSuite() {
  mkdirSync(dirname(recordFile), { recursive: true });
  rmSync(recordFile, { force: true });
  const result = vitest("native-matrix", "test/e2e/matrix.vitest.config.ts", { CHATBRIDGE_MATRIX_RECORD: recordFile });
  const cells = readCells();
  show(cells);
  // vitest knows nothing of the tests of a process that died.
  const lost = cells.filter(({ mark }) => mark === "began" || mark === "planned");
  const leftOut = combinations(cells).filter(
    ([row, call]) => !cells.some((one) => one.row === row && one.call === call),
  );
  const failures = [
    ...result.failures,
    ...lost.map(
      ({ row, call, mark }) => `${row} | ${call}: ${mark === "began" ? "the process died in it" : "not run"}`,
    ),
    ...leftOut.map(([row, call]) => `${row} | ${call}: left out of the matrix`),
    ...cells
      .filter(({ mark, why }) => mark === "spared" && why === "")
      .map(({ row, call }) => `${row} | ${call}: spared for no reason`),
    ...(cells.length === 0 ? ["the fault matrix has no cells"] : []),
  ];
  return { ...result, failed: failures.length, failures };
}

/** Every cell that was planned, with how far it came. */
function readCells() {
  const cells = new Map();
  const lines = existsSync(recordFile) ? readFileSync(recordFile, "utf8").split("\n").filter(Boolean) : [];
  for (const line of lines) {
    const { kind, row, call, calls, mark, why } = JSON.parse(line);
    if (kind === "row")
      for (const one of calls) cells.set(`${row}|${one}`, { row, call: one, mark: "planned", why: "" });
    if (kind === "began") cells.get(`${row}|${call}`).mark = "began";
    if (kind === "ended") Object.assign(cells.get(`${row}|${call}`), { mark, why });
  }
  return [...cells.values()];
}

/** Every fault with every call: there is no other cell. */
function combinations(cells) {
  const calls = [...new Set(cells.map(({ call }) => call))];
  return [...new Set(cells.map(({ row }) => row))].flatMap((row) => calls.map((call) => [row, call]));
}

function show(cells) {
  const calls = [...new Set(cells.map(({ call }) => call))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const having = (...wanted) => cells.filter(({ mark }) => wanted.includes(mark));
  const reasons = [...new Set(having("spared").map(({ why }) => why))];
  const sign = ({ mark, why }) => marks[mark] ?? `-${reasons.indexOf(why) + 1}`;
  const width = Math.max(0, ...rows.map((row) => row.length));
  const line = (head, texts) =>
    `${head.padEnd(width)}  ${texts.map((text, at) => text.padEnd(Math.max(4, calls[at].length))).join("  ")}`;
  console.log(`\n${line("", calls).trimEnd()}`);
  for (const row of rows) {
    const its = calls.map((call) => cells.find((cell) => cell.row === row && cell.call === call));
    console.log(
      line(
        row,
        its.map((cell) => (cell === undefined ? "LEFT OUT" : sign(cell))),
      ).trimEnd(),
    );
  }
  console.log(`\n${having("passed", "spared").length} of ${rows.length * calls.length} cells passed`);
  console.log(`ok    ${having("passed").length}: the fault struck, and all that the cell claims holds`);
  console.log(`-n    ${having("spared").length}: the fault cannot strike here, did not, and all went as ever, because`);
  reasons.forEach((why, index) => {
    console.log(`  -${index + 1}    ${having("spared").filter((cell) => cell.why === why).length}: ${why}`);
  });
}
