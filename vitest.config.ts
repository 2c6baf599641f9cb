import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
    ],
    // What actors that fail on purpose have to say is of interest where a test fails.
    silent: "passed-only",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
