import { defineConfig } from "vitest/config";

/** What takes long: whole attacks, other toolchains, thousands of generated cases. `npm test` runs them, `pnpm check` does not. */
const proofs = "packages/*/test/**/*.proof.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "test/{architecture,linked-tests}.test.ts"],
          exclude: [proofs],
        },
      },
      { extends: true, test: { name: "proofs", include: [proofs] } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts", "bench/test/**/*.test.ts"],
          exclude: ["test/{architecture,linked-tests}.test.ts"],
        },
      },
    ],
    setupFiles: ["test/compile-cache.ts"],
    // What actors that fail on purpose have to say is of interest where a test fails.
    silent: "passed-only",
    // By default one core is left free, which is half of a machine that has two.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
