// npm run check:proto: lint, no breaking change since the last release, and generated code that is what it should be.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, generatedFolders } from "./generate.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

toolOptions("npm run check:proto", {});

/** The last release's protocol: `npx buf build proto -o proto/released.binpb` at a release. */
const released = "proto/released.binpb";

run("npx", ["--no-install", "buf", "lint", "proto"]);
run("npx", ["--no-install", "buf", "format", "proto", "--diff", "--exit-code"]);
run("npx", ["--no-install", "buf", "breaking", "proto", "--against", released]);

const fresh = mkdtempSync(join(tmpdir(), "chatbridge-generated-"));
try {
  generate(fresh);
  const stale = Object.values(generatedFolders).flatMap((folder) =>
    differences(join(fresh, folder), join(root, folder)),
  );
  if (stale.length > 0) {
    console.error(`Generated code is not what the proto files generate: run npm run generate.\n${stale.join("\n")}`);
    process.exit(1);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
console.log("proto: lint, format, breaking changes and generated code are in order");

/** The files that are not the same, or on one side only. Unity's .meta files lie beside the generated ones. */
function differences(made, committed) {
  const names = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".meta"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  return [...new Set([...names(made), ...names(committed)])].filter((name) => {
    try {
      return readFileSync(join(made, name), "utf8") !== readFileSync(join(committed, name), "utf8");
    } catch {
      return true;
    }
  });
}
