import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

export default defineConfig({
  test: {
    include: ["test/ts/**/*.test.ts", "test/samples/**/*.test.ts", "test/tools/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
  resolve: {
    // The samples name the package as a game does.
    alias: [
      { find: /^tim-chatbridge\/embedded-core$/, replacement: source("embedded-core.ts") },
      { find: /^tim-chatbridge$/, replacement: source("index.ts") },
    ],
  },
});
