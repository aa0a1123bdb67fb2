import { defineConfig } from "vitest/config";

// Apart from the scenarios, which are PuerTS's too, test for test: these plays are the Node host's alone.
export default defineConfig({
  test: {
    include: ["test/e2e/user-model.test.ts"],
    pool: "forks",
    fileParallelism: false,
  },
});
