// npm run generate: makes the TypeScript and C# code of proto/ anew. With --into DIR it writes there instead.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { protocPath } from "./lib/protoc.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { toolOptions } from "./lib/tool-options.mjs";

export const generatedFolders = { typescript: "src/protocol/gen", csharp: "unity-plugin/Runtime/Core/Protocol/Gen" };

/** A recording is made in script and read by the inspector: C# has no use for it, and players need not carry its code. */
const notInCSharp = ["proto/chatbridge/v1/recording.proto"];

/** Generates both languages' code below `base`, in the folders named above. */
export function generate(base) {
  const out = (language) => join(base, generatedFolders[language]);
  // C# files keep the metas that lie beside them: only the generated ones are cleared.
  rmSync(out("typescript"), { recursive: true, force: true });
  for (const language of Object.keys(generatedFolders)) mkdirSync(out(language), { recursive: true });
  buf({
    local: join(root, "node_modules/.bin/protoc-gen-ts_proto"),
    out: out("typescript"),
    opt: [
      "oneof=unions-value",
      "forceLong=number",
      "env=browser",
      "importSuffix=.js",
      "outputJsonMethods=false",
      "outputPartialMethods=false",
      "unrecognizedEnum=false",
      "removeEnumPrefix=true",
      "useDate=false",
    ],
  });
  buf(
    { protoc_builtin: "csharp", protoc_path: protocPath(), out: out("csharp"), opt: ["internal_access"] },
    notInCSharp.flatMap((path) => ["--exclude-path", path]),
  );
  checkEnds(out("typescript"));
}

function buf(plugin, args = []) {
  const template = JSON.stringify({ version: "v2", plugins: [plugin] });
  run("npx", ["--no-install", "buf", "generate", "proto", "--template", template, ...args], { cwd: root });
}

/** Makes each decoder see that its message ends where its length says (src/protocol/whole-message.ts). */
function checkEnds(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"))) {
    const path = join(folder, name);
    const up = relative(dirname(name), "..").replaceAll(sep, "/");
    const checked = readFileSync(path, "utf8")
      .replaceAll(/^( +)return message;\n +\} finally \{/gm, "$1checkEnd(reader, end);\n$&")
      .replaceAll(/\(tag & 7\) === 4 \|\| tag === 0\) \{\n( +)/g, "$&refuseEarlyEnd(reader, end);\n$1")
      .replace(
        /^import \{ BinaryReader.*\n/m,
        `$&import { checkEnd, refuseEarlyEnd } from "${up}/whole-message.js";\n`,
      );
    const count = (text) => checked.split(text).length - 1;
    const decoders = count("const end = length");
    const done = ["checkEnd(reader, end);", "refuseEarlyEnd(reader, end);"].every((text) => count(text) === decoders);
    if (!done || count("import { checkEnd, refuseEarlyEnd }") !== 1) {
      throw new Error(`${name}: ts-proto's decoders are not as they were; see checkEnds in tools/generate.mjs`);
    }
    writeFileSync(path, checked);
  }
}

if (process.argv[1] === import.meta.filename || resolve(process.argv[1]) === new URL(import.meta.url).pathname) {
  const values = toolOptions("npm run generate [-- --into FOLDER]", { into: { type: "string" } });
  generate(resolve(values.into ?? root));
}
