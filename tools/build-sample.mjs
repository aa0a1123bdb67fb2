// Bundles the DeleteConversation sample for the Node host, against the built package, as a game's own build would.
import { join } from "node:path";
import { build } from "esbuild";
import { ownPackage } from "./lib/own-package.mjs";
import { root } from "./lib/root.mjs";
import { shippedSyntax } from "./lib/shipped-syntax.mjs";

const folder = join(root, "unity-plugin/Samples~/DeleteConversation");

await build({
  stdin: {
    contents: `
      export * from "tim-chatbridge";
      export * from "tim-chatbridge/embedded-core";
      export * from "./game-logic.js";
      export * from "./second-client.js";
      export * from "./story.js";
    `,
    resolveDir: folder,
  },
  outfile: join(root, ".cache/sample/sample.mjs"),
  bundle: true,
  alias: {
    "tim-chatbridge/embedded-core": join(root, "dist/embedded-core.mjs"),
    "tim-chatbridge": join(root, "dist/tim-chatbridge.mjs"),
  },
  format: "esm",
  platform: "neutral",
  ...shippedSyntax,
  logLevel: "warning",
  plugins: [ownPackage],
});
