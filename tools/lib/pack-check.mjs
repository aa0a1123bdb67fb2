// What `npm run pack -- --check` holds the two tarballs to. Each check throws an Error that says what is wrong.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadLinks } from "./markdown-links.mjs";
import { linkerMarks } from "./pack-assemblies.mjs";
import { commitToBranch } from "./pack-branch.mjs";
import { definitionFaults } from "./pack-definitions.mjs";
import { metaFaults } from "./pack-metas.mjs";
import { sampleFaults } from "./pack-samples.mjs";
import { fileList } from "./pack-tarball.mjs";
import { root } from "./root.mjs";
import { tarballNames } from "./tarball-names.mjs";
import { builds, compileForUnity, compileSample } from "./unity-compiler.mjs";

const snapshots = join(root, "test/pack");

/** Both packages, the changelog and the tarballs' names in the documents are of one version. */
export function checkVersions() {
  const json = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { name, version } = json("package.json");
  const lock = json("package-lock.json");
  const unity = json("unity-plugin/package.json");
  const changelog = /^## \[([^\]]+)\]/m.exec(readFileSync(join(root, "CHANGELOG.md"), "utf8"))?.[1];
  const found = {
    "package-lock.json": lock.version,
    'packages[""] of package-lock.json': lock.packages[""].version,
    "unity-plugin/package.json": unity.version,
    "the newest entry of CHANGELOG.md": changelog,
  };
  const tarballs = [name, unity.name].map((one) => `${one}-${version}.tgz`);
  const faults = [
    ...Object.entries(found)
      .filter(([, one]) => one !== version)
      .map(([file, one]) => `${file} is ${one}`),
    ...tarballNames(root)
      .filter(({ tarball }) => !tarballs.includes(tarball))
      .map(({ file, tarball }) => `${file} names ${tarball}, and there are ${tarballs.join(" and ")}`),
  ];
  if (faults.length > 0) throw new Error(`package.json is ${version}:\n  ${faults.join("\n  ")}`);
}

/**
 * What the Unity package asks of a project: Unity 2021.3, and no other package. PuerTS is in no registry of Unity's, and is
 * copied into Assets as well: a dependency on it could not be resolved.
 */
export function checkManifest(tree) {
  const { unity, dependencies } = JSON.parse(readFileSync(join(tree, "package.json"), "utf8"));
  if (unity !== "2021.3") throw new Error(`package.json asks for Unity ${unity}, and 2021.3 is what is promised`);
  const names = Object.keys(dependencies ?? {});
  if (names.length > 0)
    throw new Error(`package.json depends on ${names.join(", ")}, which projects may not be able to resolve`);
}

/** Every sample of the package is offered, and what is offered is there. */
export function checkSamples(tree) {
  const faults = sampleFaults(tree);
  if (faults.length > 0) throw new Error(`package.json's samples:\n  ${faults.join("\n  ")}`);
}

/** Every assembly is there for a game's scripts, on every platform and beside every PuerTS. */
export function checkDefinitions(tree) {
  const faults = definitionFaults(tree);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/** The exact file list of a package, as test/pack holds it. `update` writes it anew. */
export function checkFileList(name, tree, update) {
  const snapshot = join(snapshots, `${name}.txt`);
  const files = fileList(tree);
  if (update) writeFileSync(snapshot, `${files.join("\n")}\n`);
  const expected = existsSync(snapshot) ? readFileSync(snapshot, "utf8").trim().split("\n") : [];
  const faults = [
    ...files.filter((file) => !expected.includes(file)).map((file) => `+ ${file}`),
    ...expected.filter((file) => !files.includes(file)).map((file) => `- ${file}`),
  ];
  if (faults.length > 0) {
    throw new Error(
      `not the files of test/pack/${name}.txt:\n  ${faults.join("\n  ")}\nIf they should be: npm run pack -- --update`,
    );
  }
}

/** Nothing that was staged was left out by npm, by whatever rule of its own. */
export function checkTarball(tree, unpacked) {
  const staged = fileList(tree);
  const packed = fileList(unpacked);
  const faults = [
    ...staged.filter((file) => !packed.includes(file)).map((file) => `left out: ${file}`),
    ...packed.filter((file) => !staged.includes(file)).map((file) => `never staged: ${file}`),
  ];
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/** The documents of a package link to nothing that its users do not have. */
export function checkLinks(tree) {
  const documents = fileList(tree).filter((file) => file.endsWith(".md"));
  if (!documents.some((file) => /^README.md$|\/index.md$/.test(file)))
    throw new Error("there is no document to begin with");
  const dead = deadLinks(tree, documents);
  if (dead.length > 0) throw new Error(`links that lead nowhere:\n  ${dead.join("\n  ")}`);
}

/** What a git URL installs is what the tarball installs, by whatever npm leaves out. */
export function checkBranch(tree, unpacked, folder) {
  const repository = join(folder, "branch");
  rmSync(repository, { recursive: true, force: true });
  mkdirSync(repository, { recursive: true });
  const git = (...args) => command("git", ["-C", repository, ...args]);
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "pack");
  git("config", "user.email", "pack@localhost");
  git("commit", "--quiet", "--allow-empty", "--message=sources");
  commitToBranch("upm", tree, repository);
  const files = git("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "upm").trim().split("\n").sort();
  const expected = fileList(unpacked);
  if (files.join("\n") !== expected.join("\n")) {
    const only = (these, those) => these.filter((file) => !those.includes(file)).join(", ") || "none";
    throw new Error(`only on the branch: ${only(files, expected)}; only in the tarball: ${only(expected, files)}`);
  }
}

/** What npm's users import by a name, script in Unity imports by the same: PuerTS's default loader asks Resources for it. */
export function checkScriptNames(tree) {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [subpath, { import: entry }] of Object.entries(exports)) {
    if (entry?.default === undefined) continue;
    const resource = join(tree, "Runtime/Resources", `${name}${subpath.slice(1)}.mjs`);
    if (!existsSync(resource)) throw new Error(`nothing in Resources is found as ${name}${subpath.slice(1)}`);
    if (!readFileSync(resource).equals(readFileSync(join(root, entry.default))))
      throw new Error(`${resource} is not ${entry.default}`);
  }
}

/** No .meta is missing, doubled or orphaned in a Unity package's tree. */
export function checkMetas(tree) {
  const faults = metaFaults(tree);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/**
 * Unity strips an assembly that no scene refers to before it looks at what is marked inside, unless it says otherwise.
 * TimChatBridge itself is reached from these two. Read in what was compiled, for a mark can be there and not be compiled.
 */
export function checkLinkerMarks(build) {
  const assemblies = ["TimChatBridge.Puerts", "TimChatBridge.Unity"];
  const marks = linkerMarks(assemblies.map((name) => join(build, `${name}.dll`)));
  const port = "TimChatBridge.Puerts TimChatBridge.ScriptPort";
  const wanted = [
    ...assemblies.map((name) => `${name}: AlwaysLinkAssemblyAttribute`),
    ...["", ".Capabilities", ".Open", ".SetWake", ".SetEnvironment", ".Send", ".Drain", ".Close"].map(
      (member) => `${port}${member}: PreserveAttribute`,
    ),
  ];
  const missing = wanted.filter((line) => !marks.includes(line));
  if (missing.length > 0) throw new Error(`managed stripping drops what is not marked:\n  ${missing.join("\n  ")}`);
}

/** As the vendor ships it: what its own Unity package names. */
function libraryOf({ platform, symbols }) {
  if (platform === "WebGL") return [];
  if (platform === "iOS") return ["__Internal"];
  const onMac = symbols.includes("UNITY_EDITOR_OSX") || platform === "macOSStandalone";
  return [onMac ? "libImSDKForMac_C" : "ImSDK"];
}

/** The native libraries that an assembly binds to, by its metadata's names. */
function librariesIn(assembly) {
  const names = readFileSync(assembly, "latin1");
  return ["__Internal", "ImSDK", "libImSDKForMac_C"].filter((name) => names.includes(`\0${name}\0`));
}

/** The package compiles as Unity compiles it, everywhere, its samples included. Returns where the last player's lie. */
export function checkUnityCompiles(tree, folder, declared) {
  for (const [name, build] of Object.entries(builds)) {
    const output = join(folder, name.replaceAll(/\W+/g, "-"));
    try {
      const made = compileForUnity(tree, build, output, declared);
      const wanted = ["TimChatBridge", "TimChatBridge.Unity"];
      if (build.platform === "Editor") wanted.push("TimChatBridge.Editor");
      if (build.puerts !== false) wanted.push("TimChatBridge.Puerts");
      if (build.symbols.includes("TIM_CHATBRIDGE_TENCENT_WRAPPER")) wanted.push("TimChatBridge.TencentWrapper");
      const names = [...made.keys()].sort();
      if (names.join() !== wanted.sort().join())
        throw new Error(`compiled ${names.join(", ")} and not ${wanted.join(", ")}`);
      const libraries = librariesIn(made.get("TimChatBridge").file);
      if (libraries.join() !== libraryOf(build).join())
        throw new Error(
          `it binds to ${libraries.join(", ") || "nothing"} and not to ${libraryOf(build).join(", ") || "nothing"}`,
        );
      for (const sample of readdirSync(join(tree, "Samples~"))) {
        compileSample(join(tree, "Samples~", sample), build, made, declared);
      }
      // A game may import them all.
      compileSample(join(tree, "Samples~"), build, made, declared);
    } catch (error) {
      throw new Error(`for ${name}: ${error.message}`);
    }
  }
  return join(folder, "player-Android");
}

/** The plugin works beside a game's own, older Google.Protobuf, in one process. */
export function checkCoexistence(tree, build, declarations) {
  const project = join(root, "test/pack/coexist/Coexist.csproj");
  const properties = [
    `-p:PackedAssemblies=${join(tree, "Runtime/Plugins")}`,
    `-p:PackedBuild=${build}`,
    `-p:PackedDeclarations=${declarations}`,
  ];
  command("dotnet", ["restore", project, "--locked-mode", "--nologo", "-v", "q"]);
  command("dotnet", [
    "build",
    project,
    "--no-restore",
    "--no-incremental",
    "--nologo",
    "-v",
    "q",
    "-c",
    "Release",
    ...properties,
  ]);
  const said = command("dotnet", [join(root, "test/pack/coexist/bin/Release/net8.0/Coexist.dll")]);
  if (!said.trimEnd().endsWith("\nok")) throw new Error(said);
}

/** The npm package as its users' tools see it: by publint, by are-the-types-wrong, and by strict programs of both kinds. */
export function checkNpmPackage(tarball, tree, folder) {
  command("npx", ["--no-install", "publint", "run", tarball, "--strict"]);
  // TypeScript's node10 resolution knows no exports, and Node 10 is long gone.
  command("npx", ["--no-install", "attw", tarball, "--profile", "node16"]);
  const consumer = join(folder, "consumer");
  rmSync(consumer, { recursive: true, force: true });
  cpSync(join(root, "test/pack/consumer"), consumer, { recursive: true });
  mkdirSync(join(consumer, "node_modules"), { recursive: true });
  cpSync(tree, join(consumer, "node_modules/tim-chatbridge"), { recursive: true });
  command("npx", ["--no-install", "tsc", "-p", consumer]);
}

/** The script files run where there is nothing but the language. */
export function checkBareContext(tree) {
  const program = join(root, "test/pack/consumer/bare-context.mjs");
  for (const format of ["esm", "cjs"]) {
    command(process.execPath, ["--experimental-vm-modules", "--no-warnings", program, join(tree, "dist"), format]);
  }
}

/** `npx tim-chatbridge`, installed from the tarball where there is nothing else, reads what the installed script recorded. */
export function checkCommand(tarball) {
  const folder = mkdtempSync(join(tmpdir(), "chatbridge-installed-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    command("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], folder);
    cpSync(join(root, "test/pack/consumer/record.mjs"), join(folder, "record.mjs"));
    command(process.execPath, ["record.mjs", "game.rec"], folder);
    const shown = command("npx", ["--no-install", "tim-chatbridge", "inspect", "game.rec"], folder);
    for (const words of ["ids masked", "Login  (never recorded", "ConvDelete user#1 kTIMConv_C2C"]) {
      if (!shown.includes(words)) throw new Error(`inspect does not say "${words}":\n${shown}`);
    }
    for (const secret of ["alice", "UserSig-of-mine"]) {
      if (shown.includes(secret)) throw new Error(`inspect shows "${secret}":\n${shown}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function command(program, args, cwd = root) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stdout ?? ""}${stderr ?? ""}`);
  return stdout;
}
