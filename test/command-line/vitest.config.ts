import { defineConfig } from "vitest/config";

// What a user types: programs of Node.js, each in a process of its own.
export default defineConfig({
  test: { include: ["test/command-line/*.test.ts"], testTimeout: 120_000 },
});
