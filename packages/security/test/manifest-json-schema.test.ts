import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { ManifestError, manifestJsonSchema, parseManifest, printManifest } from "../src/index.ts";
import { randomManifest } from "./random-manifest.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";
import { SeededRandom } from "./seeded-random.ts";

const isValid = new Ajv2020({ strict: true, allowMatchingProperties: false }).compile(manifestJsonSchema());

function isTaken(text: string): boolean {
  try {
    parseManifest(text);
    return true;
  } catch (error) {
    if (error instanceof ManifestError) return false;
    throw error;
  }
}

describe("the JSON Schema of Component.toml", () => {
  it.each([
    ["smallest", SMALLEST],
    ["fullest", FULLEST],
  ])("takes the %s manifest", (_, text) => {
    isValid(parse(text));
    expect(isValid.errors).toBeNull();
  });

  it("takes every manifest that is printed", () => {
    const random = new SeededRandom(21);
    for (let round = 0; round < 300; round += 1) {
      const text = printManifest(randomManifest(random));
      isValid(parse(text));
      expect(isValid.errors, text).toBeNull();
    }
  });

  it.each([
    ["an unknown table", "[colour]\n"],
    ["an unknown key", "[quotas]\nspeed = 1\n"],
    ["a path that goes up", '[capabilities.filesystem]\nread = ["/a/../b"]\n'],
    ["a path that is not absolute", '[capabilities.filesystem]\nwrite = ["a"]\n'],
    ["a host without a port", '[capabilities.network]\noutbound = ["example.com"]\n'],
    ["any host at all", '[capabilities.network]\noutbound = ["*:443"]\n'],
    ["a port that is none", "[capabilities.network]\ninbound = [65536]\n"],
    ["a port in quotes", '[capabilities.network]\ninbound = ["80"]\n'],
    ["a program without a folder", '[capabilities.process]\nspawn = ["convert"]\n'],
    ["programs by pattern", '[capabilities.process]\nspawn = ["/usr/bin/*"]\n'],
    ["a variable with a sign", '[capabilities.environment]\nvariables = ["A=B"]\n'],
    ["a function that is none", '[capabilities.custom]\nfunctions = ["Print"]\n'],
    ["a rate without a unit", '[quotas]\nnetwork = "10MB"\n'],
    ["a time of another unit", '[quotas]\ncpu = "1s/s"\n'],
    ["a strategy that is none", '[deployment]\nstrategy = "red-black"\n'],
    ["a key without a signature", `[security]\npublic_key = "ed25519:${"A".repeat(43)}"\n`],
    ["a signature without a key", `[security]\nsignature = "${"A".repeat(86)}"\n`],
    [
      "a key with bits to spare",
      `[security]\npublic_key = "ed25519:${"A".repeat(42)}B"\nsignature = "${"A".repeat(86)}"\n`,
    ],
  ])("refuses, as the parser does, %s", (_, text) => {
    expect([isTaken(SMALLEST + text), isValid(parse(SMALLEST + text))]).toEqual([false, false]);
  });

  it("raises its limits with the operator's ceilings", () => {
    const text = SMALLEST.replace("1048576", "8388608");
    const ceilings = { memoryBytes: 8_388_608 };
    expect(new Ajv2020().compile(manifestJsonSchema(ceilings))(parse(text))).toBe(true);
    expect(isValid(parse(text))).toBe(false);
  });

  it("says of every field what it is for", () => {
    const described = JSON.stringify(manifestJsonSchema()).match(/"description":"[^"]+"/g) ?? [];
    expect(described.length).toBeGreaterThan(48);
  });
});
