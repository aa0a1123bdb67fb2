// Holds C# to dotnet_sort_system_directives_first of .editorconfig, which neither the compiler's analysers nor `dotnet format`
// by folder look at: usings of System first, each part in alphabetical order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

/** The using directives of a C# source that do not stand where they belong, by name; undefined where all do. */
export function misplacedUsing(source) {
  const names = [...source.matchAll(/^using ([\w.]+);/gm)].map(([, name]) => name);
  const sorted = [...names].sort(inOrder);
  return names.find((name, index) => name !== sorted[index]);
}

const ofSystem = (name) => (name === "System" || name.startsWith("System.") ? 0 : 1);
const inOrder = (a, b) => ofSystem(a) - ofSystem(b) || a.localeCompare(b, "en");

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.cs"])
    .split("\n")
    .filter(Boolean);
  const faults = files
    .filter((file) => !file.includes("/Gen/"))
    .map((file) => [file, misplacedUsing(readFileSync(join(root, file), "utf8"))])
    .filter(([, name]) => name !== undefined);
  for (const [file, name] of faults)
    console.error(`${file}: using ${name} is out of order (System first, then by name)`);
  process.exit(faults.length > 0 || files.length === 0 ? 1 : 0);
}
