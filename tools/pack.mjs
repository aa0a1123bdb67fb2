// npm run pack: both packages, into .cache/pack. With --check what is in them is held against what it should be; --update
// writes the file lists of test/pack anew; --branch NAME commits the Unity package's tree to a branch, for git URLs.
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./lib/root.mjs";
import { buildScript, installNodeModules } from "./lib/set-up.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

const values = toolOptions("npm run pack [-- [--check] [--update] [--branch NAME]]", {
  check: { type: "boolean" },
  update: { type: "boolean" },
  branch: { type: "string" },
});

installNodeModules();
buildScript();
const { buildPackTool, netstandardReference, typingsOf } = await import("./lib/pack-assemblies.mjs");
const { commitToBranch } = await import("./lib/pack-branch.mjs");
const checks = await import("./lib/pack-check.mjs");
const { stageNpmPackage } = await import("./lib/pack-npm.mjs");
const { makeTarball, unpackTarball } = await import("./lib/pack-tarball.mjs");
const { stageUnityPackage } = await import("./lib/pack-unity.mjs");
const { builds, compileDeclarations, compileForUnity } = await import("./lib/unity-compiler.mjs");

const folder = join(root, ".cache/pack");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
buildPackTool();

const unityTree = join(folder, "unity");
await stageUnityPackage(unityTree);
const unityTarball = makeTarball(unityTree, folder);

const declarations = join(folder, "declarations");
const declared = compileDeclarations(declarations, netstandardReference());
// The build that has every assembly of a player.
const wrapped = builds["player, Android, with the vendor's wrapper"];
const forTypings = compileForUnity(unityTree, wrapped, join(folder, "typings"), declared);
const npmTree = join(folder, "npm");
stageNpmPackage(npmTree, typingsOf([...forTypings.values()].map(({ file }) => file)));
const npmTarball = makeTarball(npmTree, folder);
for (const tarball of [unityTarball, npmTarball]) console.log(relative(root, tarball));

if (values.branch !== undefined) commit(values.branch);
if (values.check || values.update) process.exitCode = check();

function commit(branch) {
  try {
    console.log(commitToBranch(branch, unityTree));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function check() {
  const unity = unpackTarball(unityTarball, join(folder, "unpacked/unity"));
  const npm = unpackTarball(npmTarball, join(folder, "unpacked/npm"));
  let player;
  const all = {
    "versions agree": () => checks.checkVersions(),
    "the Unity package asks for Unity 2021.3 and nothing else": () => checks.checkManifest(unity),
    "file list of the Unity package": () => checks.checkFileList("unity", unity, values.update),
    "file list of the npm package": () => checks.checkFileList("npm", npm, values.update),
    "every staged file is in the Unity tarball": () => checks.checkTarball(unityTree, unity),
    "every staged file is in the npm tarball": () => checks.checkTarball(npmTree, npm),
    "links of the Unity package's documents": () => checks.checkLinks(unity),
    "links of the npm package's documents": () => checks.checkLinks(npm),
    "a git URL installs the same files": () => checks.checkBranch(unityTree, unity, folder),
    "script is found by the names that npm gives it": () => checks.checkScriptNames(unity),
    ".meta files of the sources": () => checks.checkMetas(join(root, "unity-plugin")),
    ".meta files of the Unity package": () => checks.checkMetas(unity),
    "package.json offers every sample, and no other": () => checks.checkSamples(unity),
    "games see every assembly, on every platform and beside every PuerTS": () => checks.checkDefinitions(unity),
    "the Unity package compiles for every platform": () => {
      player = checks.checkUnityCompiles(unity, join(folder, "builds"), declared);
    },
    "what script alone reaches is kept by the linker": () => checks.checkLinkerMarks(player),
    "the plugin works beside another Google.Protobuf": () => checks.checkCoexistence(unity, player, declarations),
    "the npm package resolves, with types, as a module and required": () =>
      checks.checkNpmPackage(npmTarball, npm, folder),
    "npx tim-chatbridge, installed elsewhere, reads a recording": () => checks.checkCommand(npmTarball),
    "the script runs where there is nothing but the language": () => checks.checkBareContext(npm),
  };
  let failed = 0;
  for (const [name, one] of Object.entries(all)) {
    try {
      one();
      console.log(`ok     ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}\n${error.message}`);
    }
  }
  console.log(`${Object.keys(all).length - failed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}
