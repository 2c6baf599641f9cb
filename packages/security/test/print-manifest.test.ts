import { describe, expect, it } from "vitest";
import { defineManifest, parseManifest, printManifest } from "../src/index.ts";
import { randomManifest } from "./random-manifest.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";
import { SeededRandom } from "./seeded-random.ts";

describe("a printed manifest", () => {
  it("leaves out what is at its default", () => {
    expect(printManifest(parseManifest(SMALLEST))).toBe(SMALLEST);
  });

  it("has its sections in the order of the schema, and config last", () => {
    expect(printManifest(parseManifest(FULLEST)).match(/^\[.*\]$/gm)).toEqual([
      "[component]",
      "[resources.memory]",
      "[resources.cpu]",
      "[capabilities.filesystem]",
      "[capabilities.network]",
      "[capabilities.messaging]",
      "[capabilities.storage]",
      "[capabilities.process]",
      "[capabilities.environment]",
      "[capabilities.custom]",
      "[quotas]",
      "[supervision]",
      "[supervision.backoff]",
      "[supervision.health]",
      "[deployment]",
      "[security]",
      "[config]",
    ]);
  });

  it("parses to the manifest it was printed from", () => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 2000; round += 1) {
      const manifest = randomManifest(random);
      const printed = printManifest(manifest);
      expect(parseManifest(printed), `from ${printed}`).toEqual(manifest);
      expect(printManifest(parseManifest(printed))).toBe(printed);
    }
  });

  it("keeps keys apart that differ in their dots only", () => {
    const manifest = defineManifest({
      ...parseManifest(SMALLEST),
      config: [
        ["a.b", "1"],
        ["a", "2"],
        ["a.b.c", "3"],
      ],
    });
    expect(parseManifest(printManifest(manifest)).config).toEqual(manifest.config);
  });
});
