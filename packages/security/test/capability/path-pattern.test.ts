import { describe, expect, it } from "vitest";
import { CapabilitySet, covers, InvalidCapabilityError } from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";
import { ALL_PATHS, isMatchedBy, randomPattern } from "./random-paths.ts";
import { file } from "./requests.ts";

function matches(pattern: string, path: string): boolean {
  const set = new CapabilitySet();
  set.grant(file(pattern));
  return set.matches(file(path));
}

describe("a path pattern", () => {
  it.each([
    ["/data/in/a.csv", "/data/in/a.csv", true],
    ["/data/in/a.csv", "/data/in/a.csv.bak", false],
    ["/data/*", "/data/a", true],
    ["/data/*", "/data/.hidden", true],
    ["/data/*", "/data/a/b", false],
    ["/data/*", "/database", false],
    ["/data/*", "/data", false],
    ["/data/**", "/data", true],
    ["/data/**", "/data/a", true],
    ["/data/**", "/data/a/b/c", true],
    ["/data/**", "/database", false],
    ["/data/**/x", "/data/x", true],
    ["/data/**/x", "/data/a/b/x", true],
    ["/data/**/x", "/data/a/b/x/y", false],
    ["/**/b/**/d", "/a/b/c/d", true],
    ["/**/b/**/d", "/a/c/d", false],
    ["/**", "/", true],
    ["/", "/", true],
    ["/", "/a", false],
    ["/*.csv", "/a.csv", true],
    ["/*.csv", "/.csv", true],
    ["/*.csv", "/a.csv/b.csv", false],
    ["/a?c", "/abc", true],
    ["/a?c", "/a/c", false],
    ["/a?c", "/a\u{1F600}c", true],
    ["/[ab]x", "/bx", true],
    ["/[ab]x", "/cx", false],
    ["/[a-c]x", "/bx", true],
    ["/[*]", "/*", true],
    ["/[*]", "/a", false],
    ["/a[.-0]b", "/a/b", false],
    ["/a[.-0]b", "/a.b", true],
    ["/a*b*c", "/aXbXbXc", true],
    ["/a*b*c", "/aXbXbX", false],
    ["/Data", "/data", false],
    ["/é", "/é", true],
  ])("%s against %j: %s", (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it.each([
    "",
    "data",
    "./data",
    "/data/",
    "//data",
    "/data/../etc",
    "/data/.",
    "/data/***",
    "/data/a**",
    "/[",
    "/[]",
    "/[^a]",
    "/[!a]",
    "/[z-a]",
    "/[a/b]",
    "/a\\b",
    "/a\0b",
    "/a\nb",
    "/e\u0301",
    "/a\u200Bb",
    "/%2e%2e/a",
    "/\uD800",
  ])("cannot be granted when it is none: %j", (pattern) => {
    expect(() => new CapabilitySet().grant(file(pattern))).toThrow(InvalidCapabilityError);
  });

  it("matches exactly what it says, alone and beside 20 others", () => {
    const random = new SeededRandom(5);
    let matched = 0;
    for (let round = 0; round < 200; round += 1) {
      const patterns = random.list(1, random.pick([1, 20]), () => randomPattern(random));
      const set = new CapabilitySet();
      for (const pattern of patterns) set.grant(file(pattern));
      for (const path of ALL_PATHS) {
        const expected = patterns.some((pattern) => isMatchedBy(pattern, path));
        if (set.matches(file(path)) !== expected) throw new Error(`${patterns.join(" ")} against ${path}`);
        if (expected) matched += 1;
      }
    }
    expect(matched).toBeGreaterThan(1000);
  });

  it("never matches across a separator", () => {
    const random = new SeededRandom(6);
    for (let round = 0; round < 3000; round += 1) {
      const segments = random.list(1, 4, () => random.pick(["a", "*", "?", "[a-z]", "a*", "[.-0]", "*?*"]));
      const path = random.list(segments.length + 1, segments.length + 2, () => random.pick(["a", "b", "ab"])).join("/");
      expect(matches(`/${segments.join("/")}`, `/${path}`), `/${segments.join("/")} against /${path}`).toBe(false);
    }
  });

  it("is at most 1024 characters long", () => {
    new CapabilitySet().grant(file(`/${"a".repeat(1023)}`));
    expect(() => new CapabilitySet().grant(file(`/${"a".repeat(1024)}`))).toThrow(InvalidCapabilityError);
  });

  it("takes a bounded time for a path made to be slow", () => {
    const set = new CapabilitySet();
    set.grant(file(`/${"**/a/".repeat(60)}b`));
    set.grant(file(`/${"*a".repeat(100)}b`));
    expect(set.matches(file(`/${"a/".repeat(200)}c`))).toBe(false);
    expect(set.matches(file(`/${"a".repeat(4000)}`))).toBe(false);
  });
});

describe("a granted path pattern", () => {
  it.each([
    ["/data/**", "/data/**", true],
    ["/data/**", "/data/*/x", true],
    ["/data/**", "/data", true],
    ["/data/*", "/data/**", false],
    ["/data/*", "/data/[ab]", true],
    ["/data/[ab]", "/data/*", false],
    ["/data/[a-f]", "/data/[b-c]", true],
    ["/a*", "/a*b", true],
    ["/a*b", "/a*", false],
    ["/*", "/?", true],
    ["/**/x", "/a/**/x", true],
    ["/a/**/x", "/**/x", false],
    ["/**/**", "/a/b", true],
    ["/*/**", "/**", false],
    ["/**", "/", true],
    ["/a", "/ab", false],
    ["/data/**", "/database/**", false],
    ["/a[.-0]b", "/a/b", false],
  ])("%s covers %s: %s", (granted, requested, expected) => {
    expect(covers(file(granted), file(requested))).toBe(expected);
  });

  it("covers a request exactly when every path of the request is one of its own", () => {
    const random = new SeededRandom(7);
    let covered = 0;
    for (let round = 0; round < 3000; round += 1) {
      const [granted, requested] = [randomPattern(random), randomPattern(random)];
      const isCovered = covers(file(granted), file(requested));
      const stray = ALL_PATHS.find((path) => isMatchedBy(requested, path) && !isMatchedBy(granted, path));
      if (isCovered && stray !== undefined) throw new Error(`${granted} covers ${requested}, but for ${stray}`);
      // Of patterns with "any number of segments" some differ only in paths deeper than those.
      const isTold = !requested.includes("**") && requested.split("/").length <= 4;
      if (!isCovered && isTold && stray === undefined) throw new Error(`${granted} does not cover ${requested}`);
      if (isCovered) covered += 1;
    }
    expect(covered).toBeGreaterThan(200);
  });

  it("does not cover what it would take too long to find out", () => {
    const slow = `/${"*a".repeat(3)}${"?".repeat(30)}`;
    expect(covers(file(`/*a${"?".repeat(40)}`), file(`/*[ab]*a${"?".repeat(40)}`))).toBe(false);
    expect(covers(file("/**"), file(slow))).toBe(true);
  });
});
