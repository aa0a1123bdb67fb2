import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    testTimeout: 120_000,
    // .NET is loaded into a process of its own, once.
    pool: "forks",
    fileParallelism: false,
  },
});
