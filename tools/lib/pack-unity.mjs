// The Unity package as it is installed: unity-plugin/ with the packed assemblies, the built script and the legal texts.
import { copyFileSync, cpSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { ownPackage } from "./own-package.mjs";
import { packAssemblies } from "./pack-assemblies.mjs";
import { writeMetas } from "./pack-metas.mjs";
import { root } from "./root.mjs";
import { copyScripts } from "./script-resources.mjs";
import { shippedSyntax } from "./shipped-syntax.mjs";

const source = join(root, "unity-plugin");

/** Makes the package's tree in `folder`. */
export async function stageUnityPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  // What a build of the sources leaves behind is no part of them.
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !["bin", "obj", "node_modules"].includes(basename(path)),
  });
  packAssemblies(join(folder, "Runtime/Plugins"));
  copyScripts(join(folder, "Runtime/Resources"));
  await bundleSamples(join(folder, "Samples~"));
  copyFileSync(join(root, "CHANGELOG.md"), join(folder, "CHANGELOG.md"));
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE.md"));
  writeMetas(folder);
}

// Unity does not compile TypeScript: each sample's game.ts comes as the script file that its C# runs, the bridge in it. Named
// after the sample, for a game that imports two has all their Resources in one.
async function bundleSamples(samples) {
  for (const name of readdirSync(samples)) {
    const folder = join(samples, name);
    if (!readdirSync(folder).includes("game.ts")) continue;
    await build({
      entryPoints: [join(folder, "game.ts")],
      outfile: join(folder, "Resources", `${scriptName(name)}.mjs`),
      bundle: true,
      format: "esm",
      platform: "neutral",
      ...shippedSyntax,
      charset: "utf8",
      legalComments: "inline",
      logLevel: "warning",
      plugins: [ownPackage],
    });
  }
}

const scriptName = (sample) => sample.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
