import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/docs/*.test.ts"],
    // Compilers and the commands of the documents run in here.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // .NET is loaded into a process of its own, once.
    pool: "forks",
    fileParallelism: false,
  },
});
