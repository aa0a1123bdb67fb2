// The npm package as it is published: the built script as ES modules and as CommonJS, with typings for both.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { transformSync } from "esbuild";
import { inspectorFile } from "./build-inspector.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { shippedScripts } from "./script-resources.mjs";
import { shippedSyntax } from "./shipped-syntax.mjs";

/** package.json names it among the `files`: npm would leave it out. */
const notices = "THIRD-PARTY-NOTICES.md";

/** Makes the package's tree in `folder`. `csharpTypings` are what script sees of the C# plugin. */
export function stageNpmPackage(folder, csharpTypings) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  copyListedFiles(folder, manifest);
  writeManifest(folder, manifest);
  copyFileSync(join(root, "unity-plugin/Third Party Notices.md"), join(folder, notices));
  // The sources' own README speaks of what npm's users do not have.
  copyFileSync(join(root, "npm/README.md"), join(folder, "README.md"));

  const dist = join(folder, "dist");
  const cjs = join(dist, "cjs");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(cjs, { recursive: true });
  for (const file of shippedScripts()) {
    copyFileSync(join(root, "dist", file), join(dist, file));
    writeFileSync(join(cjs, file.replace(/mjs$/, "cjs")), commonJs(join(root, "dist", file)));
  }
  mkdirSync(dirname(join(dist, inspectorFile)), { recursive: true });
  copyFileSync(join(root, "dist", inspectorFile), join(dist, inspectorFile));
  const typings = publicTypings(join(root, "dist/types"), manifest.exports);
  typings.set("csharp.d.ts", csharpTypings);
  for (const [path, text] of typings) {
    for (const into of [join(dist, "types"), join(cjs, "types")]) {
      mkdirSync(dirname(join(into, path)), { recursive: true });
      writeFileSync(join(into, path), text);
    }
  }
  // Below here, and nowhere else in the package, .d.ts describes CommonJS.
  writeFileSync(join(cjs, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

/** What package.json's `files` names, and what npm takes of its own accord. */
function copyListedFiles(folder, { files }) {
  const listed = JSON.parse(run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"]))[0].files;
  if (listed.length === 0) throw new Error(`npm would pack nothing of ${files}`);
  for (const { path } of listed) {
    if (path.startsWith("dist/") || path === notices) continue;
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
}

/** Users get no scripts and no development dependencies. */
function writeManifest(folder, { scripts: _scripts, devDependencies: _devDependencies, ...published }) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
}

function commonJs(file) {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    format: "cjs",
    platform: "neutral",
    ...shippedSyntax,
    charset: "utf8",
    sourcefile: basename(file),
  });
  return code;
}

/**
 * The typings that the entries reach, without the generated codecs: those are of the bridge's own, and name a package that
 * users do not have.
 */
function publicTypings(folder, exports) {
  const reached = new Map();
  const visit = (path) => {
    if (reached.has(path)) return;
    const text = withoutCodecs(readFileSync(join(folder, path), "utf8"));
    reached.set(path, text);
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
      if (!specifier.startsWith(".")) throw new Error(`dist/types/${path} names ${specifier}, which users do not have`);
      visit(relative(folder, join(folder, dirname(path), specifier.replace(/\.js$/, ".d.ts"))));
    }
  };
  for (const entry of Object.values(exports)) {
    // What C# shows is made at packing: it has no source here.
    if (entry.import?.default !== undefined) visit(relative("dist/types", entry.import.types));
  }
  return reached;
}

function withoutCodecs(text) {
  return text
    .replace(/^import .* from "@bufbuild\/protobuf\/wire";\n/gm, "")
    .replace(/^(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?export declare const \w+: MessageFns<\w+>;\n/gm, "")
    .replace(/^(?:export )?interface MessageFns<T> \{\n[\s\S]*?^\}\n/gm, "");
}
