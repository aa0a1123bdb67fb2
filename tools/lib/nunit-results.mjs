// Reads the tests' names and outcomes from result files: NUnit's own, and those of `dotnet test`.
import { unescapeXml } from "./runners.mjs";

/** Every test case of a result file of NUnit's console runner: its full name, its result and why. */
export function readNUnit(xml) {
  const cases = xml.matchAll(/<test-case\b([^>]*?)(?:\/>|>([\s\S]*?)<\/test-case>)/g);
  return [...cases].map(([, attributes, body = ""]) => ({
    name: attribute(attributes, "fullname"),
    result: attribute(attributes, "result"),
    message: /<message>(?:<!\[CDATA\[)?([\s\S]*?)(?:\]\]>)?<\/message>/.exec(body)?.[1].trim().split("\n")[0] ?? "",
  }));
}

/** Whether a result file of NUnit's console runner was written to its end and says that all of its tests, at least one, passed. */
export function saysAllPassed(xml) {
  const run = /<test-run\b([^>]*)>[\s\S]*<\/test-run>\s*$/.exec(xml)?.[1];
  if (run === undefined || attribute(run, "result") !== "Passed") return false;
  const cases = readNUnit(xml);
  const counts = ["testcasecount", "total", "passed"].map((name) => Number(attribute(run, name)));
  return cases.length > 0 && counts.every((count) => count === cases.length) && cases.every(passed);
}

function passed({ result }) {
  return result === "Passed";
}

/** The full names of the NUnit tests in a trx file, as NUnit itself writes them. */
export function namesInTrx(trx) {
  return [...trx.matchAll(/<TestMethod\b([^>]*)>/g)].map(
    ([, attributes]) => `${attribute(attributes, "className")}.${attribute(attributes, "name")}`,
  );
}

function attribute(attributes, name) {
  return unescapeXml(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? "?");
}
