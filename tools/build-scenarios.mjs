// Bundles the end-to-end scenarios beside copies of the shipped script files, which they import as they are.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { inspectorFile } from "./lib/build-inspector.mjs";
import { root } from "./lib/root.mjs";

const folder = join(root, ".cache/e2e");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** The package's names stay imports, of the files beside: what is tested is what is shipped. */
const shipped = {
  name: "shipped script files",
  setup({ onResolve }) {
    onResolve({ filter: /^samples:scenarios$/ }, () => ({ path: join(root, "test/samples/on-the-plugin.ts") }));
    onResolve({ filter: /^tim-chatbridge:copy$/ }, () => {
      copyFileSync(join(root, "dist/tim-chatbridge.mjs"), join(folder, "tim-chatbridge-copy.mjs"));
      return { path: "./tim-chatbridge-copy.mjs", external: true };
    });
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
    "other-script": join(root, "test/e2e/scenarios/other-script.ts"),
    matrix: join(root, "test/e2e/matrix/today.ts"),
    "matrix-older-core": join(root, "test/e2e/matrix/older-core.ts"),
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

mkdirSync(join(folder, "inspector"), { recursive: true });
copyFileSync(join(root, "dist", inspectorFile), join(folder, "inspector/tim-chatbridge.mjs"));

// The names, for the test runners that must know them before any script can run.
for (const bundle of ["scenarios", "matrix", "matrix-older-core"]) {
  const { names } = await import(join(folder, `${bundle}.mjs`));
  writeFileSync(join(folder, `${bundle}.txt`), `${names()}\n`);
}
