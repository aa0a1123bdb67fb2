// How a bundle of this checkout finds "tim-chatbridge": the built files here, as a game finds the installed package.
import { join } from "node:path";
import { root } from "./root.mjs";

/**
 * For esbuild: "tim-chatbridge" and what is below it are the built files of this checkout. The samples lie below the Unity
 * package's package.json, where Node's own rule for a package that names itself finds another name.
 */
export const ownPackage = {
  name: "tim-chatbridge of this checkout",
  setup({ onResolve }) {
    onResolve({ filter: /^tim-chatbridge(\/.*)?$/ }, ({ path }) => ({
      path: join(root, "dist", `${path.split("/")[1] ?? "tim-chatbridge"}.mjs`),
    }));
  },
};
