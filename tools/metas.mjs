// npm run check:metas: every file and folder of the Unity package has its .meta, none is missing, doubled or left over.
// `node tools/metas.mjs --write` writes what is missing and leaves guids as they are.
import { join } from "node:path";
import { metaFaults, writeMetas } from "./lib/pack-metas.mjs";
import { root } from "./lib/root.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const values = toolOptions("node tools/metas.mjs [--check] [--write]", {
  check: { type: "boolean" },
  write: { type: "boolean" },
});
const top = join(root, "unity-plugin");
if (values.write) writeMetas(top);
const faults = metaFaults(top);
if (faults.length > 0) {
  console.error(`unity-plugin/:\n  ${faults.join("\n  ")}`);
  console.error(
    "Missing ones: node tools/metas.mjs --write. Orphaned ones: delete them, or move them with their file.",
  );
  process.exit(1);
}
console.log("unity-plugin: every asset has its .meta");
