import { describe, expect, it } from "vitest";
import { editDistance, nearestKey } from "../src/nearest-key.ts";
import { SeededRandom } from "./seeded-random.ts";

describe("the distance between two keys", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "abc", 0],
    ["abc", "acb", 1],
    ["abc", "abd", 1],
    ["abc", "abcd", 1],
    ["abc", "bc", 1],
    ["licence", "license", 1],
    ["kitten", "sitting", 3],
  ])("counts the letters to change: %s, %s", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });

  it("is at most the number of changes made, and none only for equal keys", () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 1000; round += 1) {
      const key = random.list(0, 8, () => random.pick(["a", "b", "c"])).join("");
      const at = random.integer(0, key.length);
      const changed = key.slice(0, at) + random.pick(["", "a", "b"]) + key.slice(at + random.integer(0, 1));
      expect(editDistance(key, changed)).toBeLessThanOrEqual(1);
      expect(editDistance(key, changed) === 0).toBe(key === changed);
    }
  });
});

describe("the nearest key", () => {
  const known = ["max_fuel", "timeout_ms", "name", "namespace"];

  it.each([
    ["max_feul", "max_fuel"],
    ["MAX_FUEL", "max_fuel"],
    ["timeout", "timeout_ms"],
    ["timeoutMs", "timeout_ms"],
    ["nmae", "name"],
    ["namespaces", "namespace"],
    ["colour", undefined],
    ["", undefined],
    ["n".repeat(1_000_000), undefined],
  ])("to %s is %s", (written, expected) => {
    expect(nearestKey(written, known)).toBe(expected);
  });
});
