// The fault matrix of the native path: runs it, and shows it as a table with a line for each fault and a column for each call,
// and how the cells that are struck went where limits were reached.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";
import { check, vitest } from "./runners.mjs";
import { combined } from "./suite-result.mjs";

const recordFile = join(root, ".cache/test-results/native-matrix.jsonl");
const marks = { passed: "ok", failed: "FAIL", began: "DIED", planned: "NONE" };
/** Between a fault's name and that of the limits it is played with once more. */
const limitsMark = "; ";

/**
 * Runs the stand-in's self-test, without which the matrix says little, and the matrix, and prints its table. What it needs
 * (script, C#, the stand-in) must be built.
 */
export function nativeMatrixSuite() {
  mkdirSync(dirname(recordFile), { recursive: true });
  rmSync(recordFile, { force: true });
  const selfTest = check("the stand-in's self-test", "sh", ["test/native/selftest.sh", "--plain"]);
  const result = vitest("native-matrix", "test/e2e/matrix.vitest.config.ts", { CHATBRIDGE_MATRIX_RECORD: recordFile });
  const all = readCells();
  const cells = all.filter(({ limits }) => limits === "");
  const again = all.filter(({ limits }) => limits !== "");
  show(cells);
  showAgain(cells, again);
  // vitest knows nothing of the tests of a process that died.
  const lost = all.filter(({ mark }) => mark === "began" || mark === "planned");
  const failures = [
    ...result.failures,
    ...lost.map((cell) => `${nameOf(cell)}: ${cell.mark === "began" ? "the process died in it" : "not run"}`),
    ...[...leftOut(cells), ...leftOutAgain(cells, again)].map((name) => `${name}: left out of the matrix`),
    ...all
      .filter(({ mark, why, limits }) => mark === "spared" && (why === "" || limits !== ""))
      .map((cell) => `${nameOf(cell)}: spared for no reason`),
    ...(cells.length === 0 ? ["the fault matrix has no cells"] : []),
    ...distinct(again, "limits")
      .filter((limits) => !again.some((cell) => cell.limits === limits && cell.full))
      .map((limits) => `${limits}: no cell came to the limit of calls under way`),
    ...(again.length === 0 ? ["no cell was played within limits that are reached"] : []),
  ];
  return combined([selfTest, { ...result, failed: failures.length, failures }]);
}

/** Every cell that was planned, with how far it came. */
function readCells() {
  const cells = new Map();
  const lines = existsSync(recordFile) ? readFileSync(recordFile, "utf8").split("\n").filter(Boolean) : [];
  for (const line of lines) {
    const { kind, row, call, calls, mark, why, full } = JSON.parse(line);
    if (kind === "row") {
      const [fault, limits = ""] = row.split(limitsMark);
      for (const one of calls) cells.set(`${row}|${one}`, { row: fault, limits, call: one, mark: "planned", why: "" });
    }
    if (kind === "began") cells.get(`${row}|${call}`).mark = "began";
    if (kind === "ended") Object.assign(cells.get(`${row}|${call}`), { mark, why, full });
  }
  return [...cells.values()];
}

function nameOf({ row, limits, call }) {
  return `${row}${limits === "" ? "" : limitsMark}${limits} | ${call}`;
}

/** Every fault with every call: there is no other cell. */
function leftOut(cells) {
  const calls = distinct(cells, "call");
  return distinct(cells, "row")
    .flatMap((row) => calls.map((call) => ({ row, limits: "", call })))
    .filter(({ row, call }) => !cells.some((one) => one.row === row && one.call === call))
    .map(nameOf);
}

/** Whatever is struck is struck once more within each of the limits, but for what other libraries lack. */
function leftOutAgain(cells, again) {
  const rows = new Set(distinct(again, "row"));
  const there = new Set(again.map(nameOf));
  const struck = cells.filter(({ row, mark }) => rows.has(row) && mark !== "spared");
  return distinct(again, "limits")
    .flatMap((limits) => struck.map((cell) => nameOf({ ...cell, limits })))
    .filter((name) => !there.has(name));
}

function distinct(cells, key) {
  return [...new Set(cells.map((cell) => cell[key]))];
}

function show(cells) {
  const calls = distinct(cells, "call");
  const rows = distinct(cells, "row");
  const having = (...wanted) => cells.filter(({ mark }) => wanted.includes(mark));
  const reasons = distinct(having("spared"), "why");
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
  const [struck, spared] = [having("passed"), having("spared")];
  console.log(
    `\n${struck.length + spared.length} of ${rows.length * calls.length} cells: ${struck.length} struck, ` +
      `${spared.length} cannot be (each with its reason)`,
  );
  console.log("ok    the fault struck, and all that the cell claims holds");
  console.log("-n    the fault cannot strike here, did not, and all went as ever, because");
  reasons.forEach((why, index) => {
    console.log(`  -${index + 1}    ${spared.filter((cell) => cell.why === why).length}: ${why}`);
  });
}

function showAgain(cells, again) {
  for (const limits of distinct(again, "limits")) {
    const its = again.filter((cell) => cell.limits === limits);
    const rows = new Set(distinct(its, "row"));
    const struck = cells.filter(({ row, mark }) => rows.has(row) && mark !== "spared");
    const held = its.filter(({ mark }) => mark === "passed");
    const full = held.filter((cell) => cell.full).length;
    console.log(
      `${held.length} of ${struck.length} cells struck once more with ${limits}, which held; the limit of calls under way was ` +
        `reached in ${full} of them, in the other ${held.length - full} everything is refused before (closed, or an earlier user's)`,
    );
    for (const cell of its) if (cell.mark !== "passed") console.log(`  ${marks[cell.mark]} ${nameOf(cell)}`);
  }
}
