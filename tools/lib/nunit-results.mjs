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

/** The full names of the NUnit tests in a trx file, as NUnit itself writes them. */
export function namesInTrx(trx) {
  return [...trx.matchAll(/<TestMethod\b([^>]*)>/g)].map(
    ([, attributes]) => `${attribute(attributes, "className")}.${attribute(attributes, "name")}`,
  );
}

function attribute(attributes, name) {
  return unescapeXml(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? "?");
}
