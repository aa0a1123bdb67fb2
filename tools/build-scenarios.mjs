// Bundles the end-to-end scenarios beside copies of the shipped script files, which they import as they are.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";

const folder = join(root, ".cache/e2e");
mkdirSync(folder, { recursive: true });

/** The package's names stay imports, of the files beside: what is tested is what is shipped. */
const shipped = {
  name: "shipped script files",
  setup({ onResolve }) {
    onResolve({ filter: /^tim-chatbridge(\/.*)?$/ }, ({ path }) => {
      const file = `${path.split("/")[1] ?? "tim-chatbridge"}.mjs`;
      copyFileSync(join(root, "dist", file), join(folder, file));
      return { path: `./${file}`, external: true };
    });
  },
};

await build({
  entryPoints: {
    scenarios: join(root, "test/e2e/scenarios/index.ts"),
    environment: join(root, "test/e2e/scenarios/environment.ts"),
  },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2020",
  charset: "utf8",
  logLevel: "warning",
  // The package says that its files have no side effects; declaring a scenario is one.
  ignoreAnnotations: true,
  plugins: [shipped],
});

// The names, for the test runners that must know them before any script can run.
const { names } = await import(join(folder, "scenarios.mjs"));
writeFileSync(join(folder, "scenarios.txt"), `${names()}\n`);
