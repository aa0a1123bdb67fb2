// Compiles the Unity package as Unity does, without Unity: every assembly definition by itself, with its own references,
// defines and csc.rsp, as C# 9 on netstandard 2.1, against the reference declarations in test/unity-api.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

const declarations = join(root, "test/unity-api");
const unityVersion = ["UNITY_2021_3", "UNITY_2021_3_OR_NEWER", "UNITY_2018_1_OR_NEWER", "UNITY_2020_2_OR_NEWER"];

/** The symbols that Unity sets, by what is built. */
export const builds = {
  "editor, Windows": { editor: true, symbols: ["UNITY_EDITOR", "UNITY_EDITOR_WIN", "UNITY_STANDALONE_WIN"] },
  "editor, macOS, for iOS": { editor: true, symbols: ["UNITY_EDITOR", "UNITY_EDITOR_OSX", "UNITY_IOS"] },
  "editor, Linux, for WebGL": { editor: true, symbols: ["UNITY_EDITOR", "UNITY_EDITOR_LINUX", "UNITY_WEBGL"] },
  "player, Windows": { editor: false, symbols: ["UNITY_STANDALONE", "UNITY_STANDALONE_WIN"] },
  "player, macOS": { editor: false, symbols: ["UNITY_STANDALONE", "UNITY_STANDALONE_OSX"] },
  "player, Android": { editor: false, symbols: ["UNITY_ANDROID", "ENABLE_IL2CPP"] },
  "player, iOS": { editor: false, symbols: ["UNITY_IOS", "ENABLE_IL2CPP"] },
  "player, WebGL": { editor: false, symbols: ["UNITY_WEBGL", "ENABLE_IL2CPP"] },
  "player, without PuerTS": { editor: false, puerts: false, symbols: ["UNITY_STANDALONE", "UNITY_STANDALONE_LINUX"] },
};

/**
 * Compiles what `build` names of the package in `packageFolder` into `output`. `netstandard` is the reference assembly.
 * Returns the names of the assemblies made, in order. Throws an Error with the compiler's words where one does not compile.
 */
export function compileForUnity(packageFolder, { editor, symbols, puerts = true }, output, netstandard) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const engine = compileDeclarations(["UnityEngine"], output, netstandard);
  if (editor) engine.push(...compileDeclarations(["UnityEditor"], output, netstandard, engine));
  const others = puerts ? compileDeclarations(["Puerts"], output, netstandard) : [];
  const precompiled = files(packageFolder, ".dll");

  const made = new Map();
  for (const asmdef of inOrder(readDefinitions(packageFolder))) {
    const defines = [...symbols, ...unityVersion, ...versionDefines(asmdef, puerts)];
    if (!asmdef.defineConstraints.every((symbol) => defines.includes(symbol))) continue;
    if (asmdef.includePlatforms.length > 0 && !(editor && asmdef.includePlatforms.includes("Editor"))) continue;
    const references = [
      ...(asmdef.noEngineReferences ? [] : engine),
      ...asmdef.references.map((name) => made.get(name) ?? others.find((file) => file.endsWith(`/${name}.dll`))),
      ...asmdef.precompiledReferences.map((name) => precompiled.find((file) => file.endsWith(`/${name}`))),
    ];
    const missing = [...asmdef.references, ...asmdef.precompiledReferences].filter(
      (name) => !references.some((file) => file?.endsWith(`/${name}.dll`) || file?.endsWith(`/${name}`)),
    );
    if (missing.length > 0)
      throw new Error(`${asmdef.name}.asmdef refers to ${missing.join(", ")}, which is not there`);
    if (!asmdef.overrideReferences) throw new Error(`${asmdef.name}.asmdef would see the game's own assemblies`);
    const file = join(output, `${asmdef.name}.dll`);
    csc({
      file,
      sources: asmdef.sources,
      references: [netstandard, ...references],
      defines,
      unsafe: asmdef.allowUnsafeCode,
      responseFiles: asmdef.responseFiles,
    });
    made.set(asmdef.name, file);
  }
  if (made.size === 0) throw new Error(`there is no assembly definition to compile in ${packageFolder}`);
  return [...made.keys()];
}

/** Compiles a sample as a game that imported it would: into Assembly-CSharp, which sees every auto-referenced assembly. */
export function compileSample(sampleFolder, { editor, symbols }, output, netstandard) {
  const references = readdirSync(output)
    .filter((name) => name.endsWith(".dll") && !/^(Assembly-|TimChatBridge\.Editor)/.test(name))
    .map((name) => join(output, name));
  const file = join(output, "Assembly-CSharp.dll");
  csc({
    file,
    sources: files(sampleFolder, ".cs"),
    references: [netstandard, ...references],
    defines: [...symbols, ...unityVersion],
  });
  return editor ? "Assembly-CSharp, in the editor" : "Assembly-CSharp";
}

function compileDeclarations(names, output, netstandard, references = []) {
  return names.map((name) => {
    const file = join(output, `${name === "Puerts" ? "com.tencent.puerts.core" : name}.dll`);
    csc({
      file,
      sources: files(join(declarations, name), ".cs"),
      references: [netstandard, ...references, ...engineOf(name, output)],
      defines: [],
      strict: false,
    });
    return file;
  });
}

const engineOf = (name, output) => (name === "UnityEditor" ? [join(output, "UnityEngine.dll")] : []);

function readDefinitions(packageFolder) {
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

const versionDefines = ({ versionDefines: defines }, puerts) =>
  defines.filter(({ name }) => puerts && name === "com.tencent.puerts.core").map(({ define }) => define);

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

function csc({ file, sources, references, defines, unsafe = false, responseFiles = [], strict = true }) {
  const quoted = (path) => `"${path}"`;
  const response = `${file}.rsp`;
  const lines = [
    "-nologo",
    "-noconfig",
    "-nostdlib+",
    "-target:library",
    "-langversion:9",
    "-deterministic",
    "-debug-",
    "-optimize+",
    `-out:${quoted(file)}`,
    ...references.map((path) => `-r:${quoted(path)}`),
    ...(strict ? ["-warnaserror+"] : ["-nowarn:0067,0649,0169"]),
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
