import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/webgl/*.test.ts"],
    testTimeout: 120_000,
    // .NET is loaded into a process of its own, once.
    pool: "forks",
    // The host's script environments are modules in contexts of their own.
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
  },
});
