import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/*.test.ts"],
    // The real core runs with the network cut off only: see vendor.vitest.config.ts; the fault matrix, see matrix.vitest.config.ts; the
    // plays of users who come and go, see user-model.vitest.config.ts.
    exclude: ["test/e2e/vendor-core.test.ts", "test/e2e/native-matrix*.test.ts", "test/e2e/user-model.test.ts"],
    testTimeout: 120_000,
    // .NET is loaded into a process of its own, once.
    pool: "forks",
    // The host's script environments are modules in contexts of their own.
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
    fileParallelism: false,
  },
});
