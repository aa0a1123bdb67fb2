// Builds `npx tim-chatbridge`: one file for Node.js, with protobufjs and the .proto files' content in it.
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import protobuf from "protobufjs";
import { root } from "./root.mjs";

/** Where the package has it, below dist. */
export const inspectorFile = "bin/tim-chatbridge.mjs";

/** recording.proto and what it imports, as protobufjs reads them: nothing of the generated code. */
const schema = {
  name: "content of proto/",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^chatbridge:schema$/ }, ({ path }) => ({ path, namespace: "chatbridge" }));
    onLoad({ filter: /.*/, namespace: "chatbridge" }, () => {
      const messages = new protobuf.Root();
      messages.resolvePath = (_origin, target) => join(root, "proto", target);
      messages.loadSync("chatbridge/v1/recording.proto");
      return { contents: JSON.stringify(messages.toJSON()), loader: "json" };
    });
  },
};

export async function buildInspector(outfile) {
  await build({
    entryPoints: [join(root, "tools/inspect/main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    legalComments: "inline",
    logLevel: "warning",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [schema],
  });
  chmodSync(outfile, 0o755);
}
