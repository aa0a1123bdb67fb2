import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { root } from "../../tools/lib/root.mjs";

// Apart from the other end-to-end tests: this process must be cut off from the network.
export default defineConfig({
  resolve: { alias: { "tim-chatbridge": join(root, "dist/tim-chatbridge.mjs") } },
  test: {
    include: ["test/e2e/vendor-core.test.ts"],
    testTimeout: 120_000,
    pool: "forks",
    fileParallelism: false,
  },
});
