// npm run generate: makes the TypeScript and C# code of proto/ anew. With --into DIR it writes there instead.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { protocPath } from "./lib/protoc.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

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
}

function buf(plugin, args = []) {
  const template = JSON.stringify({ version: "v2", plugins: [plugin] });
  run("npx", ["--no-install", "buf", "generate", "proto", "--template", template, ...args], { cwd: root });
}

if (process.argv[1] === import.meta.filename || resolve(process.argv[1]) === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { into: { type: "string" } } });
  generate(resolve(values.into ?? root));
}
