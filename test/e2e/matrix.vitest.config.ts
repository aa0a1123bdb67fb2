import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { root } from "../../tools/lib/root.mjs";

export default defineConfig({
  resolve: { alias: { "tim-chatbridge": join(root, "dist/tim-chatbridge.mjs") } },
  test: {
    include: ["test/e2e/native-matrix*.test.ts"],
    testTimeout: 120_000,
    // A library is loaded once a process: one for each file.
    pool: "forks",
    isolate: true,
    fileParallelism: false,
  },
});
