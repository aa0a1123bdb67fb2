// Compiles the Unity package as Unity does, without Unity: every assembly definition by itself, with its own references,
// defines and csc.rsp, as C# 9 on netstandard 2.1, against the reference declarations in test/unity-api.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isEditorOnly, isForPlatform } from "./definition-platforms.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { versionDefines } from "./version-defines.mjs";

const declarations = join(root, "test/unity-api");
const puertsAssembly = "com.tencent.puerts.core";
const puertsBackends = ["com.tencent.puerts.v8", "com.tencent.puerts.quickjs", "com.tencent.puerts.webgl"];
const wrapperAssembly = "TencentIMSDK";
const unityVersion = ["UNITY_2021_3", "UNITY_2021_3_OR_NEWER", "UNITY_2018_1_OR_NEWER", "UNITY_2020_2_OR_NEWER"];

/** The newest of each API that is declared. */
const puertsVersions = { 2: "2.2.3", 3: "3.0.2" };

/**
 * What Unity compiles for: the platform by an assembly definition's name for it, its symbols, and which PuerTS: 3, as a
 * package, unless it says otherwise.
 * @typedef {{ platform: string, symbols: string[], puerts?: 2 | 3 | false, puertsInAssets?: boolean }} Build
 * @type {Record<string, Build>}
 */
export const builds = {
  "editor, Windows": { platform: "Editor", symbols: ["UNITY_EDITOR", "UNITY_EDITOR_WIN", "UNITY_STANDALONE_WIN"] },
  "editor, Windows, for macOS": {
    platform: "Editor",
    symbols: ["UNITY_EDITOR", "UNITY_EDITOR_WIN", "UNITY_STANDALONE_OSX"],
  },
  "editor, macOS, for iOS": { platform: "Editor", symbols: ["UNITY_EDITOR", "UNITY_EDITOR_OSX", "UNITY_IOS"] },
  "editor, Linux, for WebGL": { platform: "Editor", symbols: ["UNITY_EDITOR", "UNITY_EDITOR_LINUX", "UNITY_WEBGL"] },
  "player, macOS": { platform: "macOSStandalone", symbols: ["UNITY_STANDALONE", "UNITY_STANDALONE_OSX"] },
  "player, Android": { platform: "Android", symbols: ["UNITY_ANDROID", "ENABLE_IL2CPP"] },
  "player, iOS": { platform: "iOS", symbols: ["UNITY_IOS", "ENABLE_IL2CPP"] },
  "player, WebGL": { platform: "WebGL", symbols: ["UNITY_WEBGL", "ENABLE_IL2CPP"] },
  "player, Windows, PuerTS 2": {
    platform: "WindowsStandalone64",
    puerts: 2,
    symbols: ["UNITY_STANDALONE", "TIM_CHATBRIDGE_PUERTS_2"],
  },
  "player, Windows, PuerTS in Assets": {
    platform: "WindowsStandalone64",
    puertsInAssets: true,
    // By PuertsProbe.
    symbols: ["UNITY_STANDALONE", "TIM_CHATBRIDGE_PUERTS"],
  },
  "player, Android, with the vendor's wrapper": {
    platform: "Android",
    symbols: ["UNITY_ANDROID", "ENABLE_IL2CPP", "TIM_CHATBRIDGE_TENCENT_WRAPPER"],
  },
  "player, without PuerTS": {
    platform: "LinuxStandalone64",
    puerts: false,
    symbols: ["UNITY_STANDALONE", "UNITY_STANDALONE_LINUX"],
  },
};

/** Compiles the reference declarations into `output`, once for every build. */
export function compileDeclarations(output, netstandard) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const compile = (folder, name, references, into = output) => {
    mkdirSync(into, { recursive: true });
    const file = join(into, `${name}.dll`);
    const sources = files(join(declarations, folder), ".cs");
    // Unity's own API says nothing about null, and events that nobody raises are no mistake here.
    csc({ file, sources, references: [netstandard, ...references], defines: [], strict: false });
    return file;
  };
  const engine = compile("UnityEngine", "UnityEngine", []);
  const puerts = compile("Puerts", puertsAssembly, []);
  return {
    netstandard,
    engine,
    wrapper: compile("TencentIMSDK", wrapperAssembly, []),
    editor: compile("UnityEditor", "UnityEditor", [engine]),
    puerts: {
      3: puerts,
      2: compile("Puerts2", puertsAssembly, [], join(output, "puerts-2")),
    },
    backends: {
      v8: compile("PuertsV8", "com.tencent.puerts.v8", [puerts]),
      webgl: compile("PuertsWebGL", "com.tencent.puerts.webgl", [puerts]),
    },
  };
}

/**
 * Compiles what `build` takes of the package in `packageFolder` into `output`. Returns the assemblies made, by name, in
 * order: each one's file, and whether a game's scripts see it by themselves.
 * Throws an Error with the compiler's words where one does not compile.
 * @param {string} packageFolder
 * @param {Build} build
 * @param {string} output
 */
export function compileForUnity(packageFolder, build, output, declared) {
  const { platform, symbols, puerts = 3 } = build;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const engine = engineOf(build, declared);
  const precompiled = files(packageFolder, ".dll");
  const made = new Map();
  for (const asmdef of inOrder(readDefinitions(packageFolder))) {
    const defines = [...symbols, ...unityVersion, ...versionDefines(asmdef, packagesOf(build))];
    if (!asmdef.defineConstraints.every((symbol) => defines.includes(symbol))) continue;
    if (!isForPlatform(asmdef, platform)) continue;
    if (!asmdef.overrideReferences) throw new Error(`${asmdef.name}.asmdef would see every assembly that the game has`);
    const reference = (name) => {
      const puertsFile = puerts && name === puertsAssembly ? declared.puerts[puerts] : undefined;
      const wrapperFile = name === wrapperAssembly ? declared.wrapper : undefined;
      const found =
        made.get(name)?.file ?? puertsFile ?? wrapperFile ?? precompiled.find((file) => basename(file) === name);
      // Unity goes without a definition that it does not find, and a game may be without this one.
      if (found === undefined && name === puertsAssembly && !puerts) return [];
      if (found === undefined) throw new Error(`${asmdef.name}.asmdef refers to ${name}, which is not there`);
      return [found];
    };
    const file = join(output, `${asmdef.name}.dll`);
    csc({
      file,
      sources: asmdef.sources,
      references: [
        declared.netstandard,
        ...(asmdef.noEngineReferences ? [] : engine),
        ...[...asmdef.references, ...asmdef.precompiledReferences].flatMap(reference),
      ],
      defines,
      unsafe: asmdef.allowUnsafeCode,
      responseFiles: asmdef.responseFiles,
      documentation: true,
    });
    made.set(asmdef.name, { file, seenByGames: (asmdef.autoReferenced ?? true) && !isEditorOnly(asmdef) });
  }
  if (made.size === 0) throw new Error(`there is no assembly definition to compile in ${packageFolder}`);
  return made;
}

/**
 * Compiles a sample, or a game's own C#, as a game that has it in Assets would: an assembly for each definition that its
 * symbols let in, and the rest into Assembly-CSharp, which sees what is auto-referenced. Returns the assemblies' files.
 * @param {string} sampleFolder
 * @param {Build} build
 * @param {Map<string, { file: string, seenByGames: boolean }>} made
 */
export function compileSample(sampleFolder, build, made, declared) {
  const { platform, symbols, puerts = 3 } = build;
  const plugin = [...made.values()];
  const output = dirname(plugin[0].file);
  const given = [declared.netstandard, ...engineOf(build, declared)];
  const ofPuerts = [...(puerts ? [declared.puerts[puerts]] : []), ...backends(build, declared)];
  const definitions = inOrder(readDefinitions(sampleFolder));
  const compiled = [];
  for (const asmdef of definitions) {
    const defines = [...symbols, ...unityVersion, ...versionDefines(asmdef, packagesOf(build))];
    if (!asmdef.defineConstraints.every((symbol) => defines.includes(symbol))) continue;
    if (!isForPlatform(asmdef, platform)) continue;
    const reference = (name) => {
      const found = made.get(name)?.file ?? ofPuerts.find((file) => basename(file) === `${name}.dll`);
      // Unity goes without a definition that it does not find: nobody installs every backend.
      if (found === undefined && !puertsBackends.includes(name))
        throw new Error(`${asmdef.name}.asmdef refers to ${name}, which is not there`);
      return found === undefined ? [] : [found];
    };
    const file = join(output, `${asmdef.name}.dll`);
    csc({ file, sources: asmdef.sources, references: [...given, ...asmdef.references.flatMap(reference)], defines });
    compiled.push(file);
  }
  const inDefinitions = definitions.flatMap(({ sources }) => sources);
  const sources = files(sampleFolder, ".cs").filter((source) => !inDefinitions.includes(source));
  if (sources.length === 0) return compiled;
  const file = join(output, "Assembly-CSharp.dll");
  const seen = plugin.filter(({ seenByGames }) => seenByGames).map(({ file }) => file);
  csc({
    file,
    sources,
    references: [...given, ...ofPuerts, ...seen, ...compiled],
    defines: [...symbols, ...unityVersion],
  });
  return [...compiled, file];
}

/** The packages of a project, each one's version. What was copied into Assets is none. */
function packagesOf({ puerts = 3, puertsInAssets = false }) {
  return puerts && !puertsInAssets ? { [puertsAssembly]: puertsVersions[puerts] } : {};
}

const engineOf = ({ platform }, { engine, editor }) => (platform === "Editor" ? [engine, editor] : [engine]);

/** The editor has the classes of V8's package and of WebGL's, a WebGL player the latter's only, any other player V8's. */
function backends({ platform, puerts = 3 }, { backends: { v8, webgl } }) {
  if (puerts !== 3) return [];
  if (platform === "Editor") return [v8, webgl];
  return platform === "WebGL" ? [webgl] : [v8];
}

/** The assembly definitions of a package, each with what it is made of. */
export function readDefinitions(packageFolder) {
  const definitions = files(packageFolder, ".asmdef").map((file) => ({
    file,
    folder: dirname(file),
    ...JSON.parse(readFileSync(file, "utf8")),
  }));
  const folders = definitions.map(({ folder }) => folder);
  return definitions.map((definition) => ({
    ...definition,
    // A definition owns what lies below it, but for what lies below another one in there.
    sources: files(definition.folder, ".cs").filter(
      (source) =>
        !folders.some(
          (other) => within(other, source) && within(definition.folder, other) && other !== definition.folder,
        ),
    ),
    responseFiles: [join(definition.folder, "csc.rsp")].filter((file) => existsSync(file)),
  }));
}

const within = (folder, path) => !relative(folder, path).startsWith("..");

function inOrder(definitions) {
  const names = definitions.map(({ name }) => name);
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  if (doubled.length > 0) throw new Error(`two assembly definitions are called ${doubled.join(", ")}`);
  const ordered = [];
  const waiting = [...definitions];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ references }) =>
      references.every((name) => !names.includes(name) || ordered.some((done) => done.name === name)),
    );
    if (next < 0)
      throw new Error(`assembly definitions refer to each other: ${waiting.map(({ name }) => name).join(", ")}`);
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** The files below `folder` that end in `extension`, as Unity sees them: nothing hidden. */
function files(folder, extension) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !name.endsWith("~"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return files(path, extension);
      return entry.name.endsWith(extension) ? [path] : [];
    });
}

let compiler;

function compilerPath() {
  if (compiler !== undefined) return compiler;
  const version = run("dotnet", ["--version"]).trim();
  const line = run("dotnet", ["--list-sdks"])
    .split("\n")
    .find((one) => one.startsWith(`${version} `));
  compiler = join(/\[(.*)\]/.exec(line)[1], version, "Roslyn/bincore/csc.dll");
  return compiler;
}

function csc({
  file,
  sources,
  references,
  defines,
  unsafe = false,
  responseFiles = [],
  documentation = false,
  strict = true,
}) {
  const quoted = (path) => `"${path}"`;
  const response = `${file}.rsp`;
  const lines = [
    "-nologo",
    "-nostdlib+",
    "-target:library",
    "-langversion:9",
    "-deterministic",
    "-debug-",
    "-optimize+",
    `-out:${quoted(file)}`,
    ...references.map((path) => `-r:${quoted(path)}`),
    ...(strict ? ["-warnaserror+"] : ["-nowarn:0067,0649,0169"]),
    ...(documentation ? [`-doc:${quoted(file.replace(/dll$/, "xml"))}`] : []),
    ...(unsafe ? ["-unsafe+"] : []),
    ...(defines.length > 0 ? [`-define:${defines.join(";")}`] : []),
    ...responseFiles.map((path) => readFileSync(path, "utf8").trim()),
    ...sources.map(quoted),
  ];
  writeFileSync(response, lines.join("\n"));
  const { status, stdout, stderr } = spawnSync("dotnet", ["exec", compilerPath(), "-noconfig", `@${response}`], {
    encoding: "utf8",
  });
  rmSync(response);
  if (status !== 0) throw new Error(`${relative(dirname(file), file)} does not compile:\n${stdout}${stderr}`);
}
