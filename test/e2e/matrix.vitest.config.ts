import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/native-matrix*.test.ts"],
    testTimeout: 120_000,
    // A library is loaded once a process: one for each file.
    pool: "forks",
    // The host's script environments are modules in contexts of their own.
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
    isolate: true,
    fileParallelism: false,
  },
});
