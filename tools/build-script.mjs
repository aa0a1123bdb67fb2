// Builds the shipped script: self-contained ES modules that run where PuerTS runs, their typings, and the inspector.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { buildInspector, inspectorFile } from "./lib/build-inspector.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { shippedSyntax } from "./lib/shipped-syntax.mjs";

/** The shipped files: each is one entry of the package. */
export const entries = { "tim-chatbridge": "src/index.ts", "embedded-core": "src/embedded-core.ts" };

rmSync(join(root, "dist"), { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
  outdir: join(root, "dist"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  ...shippedSyntax,
  charset: "utf8",
  legalComments: "inline",
  logLevel: "warning",
});
await buildInspector(join(root, "dist", inspectorFile));
run("npx", ["--no-install", "tsc", "-p", "tsconfig.json"]);
