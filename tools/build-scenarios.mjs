// Bundles the end-to-end scenarios beside copies of the shipped script files, which they import as they are.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { inspectorFile } from "./lib/build-inspector.mjs";
import { root } from "./lib/root.mjs";
import { shippedSyntax } from "./lib/shipped-syntax.mjs";

const folder = join(root, ".cache/e2e");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const selfContained = {
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  ...shippedSyntax,
  charset: "utf8",
  logLevel: "warning",
};

/** The package's names stay imports, of the files beside: what is tested is what is shipped. */
const shipped = {
  name: "shipped script files",
  setup({ onResolve }) {
    onResolve({ filter: /^samples:scenarios$/ }, () => ({ path: join(root, "test/samples/on-the-plugin.ts") }));
    onResolve({ filter: /^tim-chatbridge:copy$/ }, () => {
      copyFileSync(join(root, "dist/tim-chatbridge.mjs"), join(folder, "tim-chatbridge-copy.mjs"));
      return { path: "./tim-chatbridge-copy.mjs", external: true };
    });
    onResolve({ filter: /^tim-chatbridge:speaks\/\d+-\d+$/ }, async ({ path }) => {
      const [min, max] = path.split("/")[1].split("-");
      await buildScriptThatSpeaks(min, max, join(folder, `speaks-${min}-${max}.mjs`));
      return { path: `./speaks-${min}-${max}.mjs`, external: true };
    });
    onResolve({ filter: /^tim-chatbridge(\/.*)?$/ }, ({ path }) => {
      const file = `${path.split("/")[1] ?? "tim-chatbridge"}.mjs`;
      copyFileSync(join(root, "dist", file), join(folder, file));
      return { path: `./${file}`, external: true };
    });
  },
};

/** The script of a release that speaks other protocols. */
async function buildScriptThatSpeaks(min, max, outfile) {
  const otherVersion = {
    name: "another release",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]protocol[\\/]version\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        const contents = text.replace(/(spokenProtocols\b.*= )\{.*\}/, `$1{ min: ${min}, max: ${max} }`);
        if (contents === text) throw new Error("version.ts does not say which protocols are spoken");
        return { contents, loader: "ts" };
      });
    },
  };
  await build({ ...selfContained, entryPoints: [join(root, "src/index.ts")], outfile, plugins: [otherVersion] });
}

await build({
  entryPoints: {
    scenarios: join(root, "test/e2e/scenarios/index.ts"),
    "other-script": join(root, "test/e2e/scenarios/other-script.ts"),
    matrix: join(root, "test/e2e/matrix/today.ts"),
    "matrix-older-core": join(root, "test/e2e/matrix/older-core.ts"),
    "matrix-without-session-slots": join(root, "test/e2e/matrix/without-session-slots.ts"),
  },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  ...selfContained,
  // The package says that its files have no side effects; declaring a scenario is one.
  ignoreAnnotations: true,
  plugins: [shipped],
});

mkdirSync(join(folder, "inspector"), { recursive: true });
copyFileSync(join(root, "dist", inspectorFile), join(folder, "inspector/tim-chatbridge.mjs"));

// The names, for the test runners that must know them before any script can run.
for (const bundle of ["scenarios", "matrix", "matrix-older-core", "matrix-without-session-slots"]) {
  const { names } = await import(join(folder, `${bundle}.mjs`));
  writeFileSync(join(folder, `${bundle}.txt`), `${names()}\n`);
}
