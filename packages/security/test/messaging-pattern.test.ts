import { describe, expect, it } from "vitest";
import { coversComponent, coversTopic, matchesComponent, matchesTopic } from "../src/index.ts";
import { SeededRandom } from "./seeded-random.ts";

describe("a component pattern", () => {
  it.each([
    ["shop/order-parser", "shop/order-parser", true],
    ["shop/order-parser", "shop/order-parser2", false],
    ["shop/*", "shop/x", true],
    ["shop/*", "shop/x/y", false],
    ["shop/*", "shop", false],
    ["shop/*", "shop/", false],
    ["shop/*", "shopping/x", false],
    ["shop/*", "workshop/x", false],
    ["*/printer", "shop/printer", true],
    ["*/*", "a/b", true],
    ["*/*", "a/b/c", false],
    ["shop/*", "shop/*", false],
    ["shop/*", "shop/a b", false],
    ["shop/*", "shop/a\n", false],
    ["shop/*", "SHOP/a", false],
    ["shop/*", "shop/../bank", false],
  ])("%s against %j: %s", (pattern, id, expected) => {
    expect(matchesComponent(pattern, id)).toBe(expected);
  });

  it.each(["", "*", "shop", "shop*", "shop/ord*", "shop/**", "shop/", "/x", "shop/x/*", "shop/[a]", "#", "a.b"])(
    "matches nothing when it is none: %j",
    (pattern) => {
      for (const id of ["shop/x", "shop", "x", "", pattern]) expect(matchesComponent(pattern, id)).toBe(false);
    },
  );
});

describe("a topic pattern", () => {
  it.each([
    ["orders", "orders", true],
    ["orders", "orders.created", false],
    ["orders.*", "orders.created", true],
    ["orders.*", "orders", false],
    ["orders.*", "orders.created.eu", false],
    ["*.created", "orders.created", true],
    ["orders.#", "orders", true],
    ["orders.#", "orders.created.eu", true],
    ["orders.#", "ordersx", false],
    ["orders.#", "reorders.created", false],
    ["orders.*.#", "orders", false],
    ["orders.*.#", "orders.created", true],
    ["#", "anything.at.all", true],
    ["#", "", false],
    ["#", "a..b", false],
    ["#", "a.*", false],
    ["#", "a.#", false],
    ["#", "a b", false],
    ["#", "a\n", false],
  ])("%s against %j: %s", (pattern, topic, expected) => {
    expect(matchesTopic(pattern, topic)).toBe(expected);
  });

  it.each(["", ".", "a.", ".a", "a..b", "#.a", "a.#.b", "a*", "a#", "a.**", "a b", "a/*", ">"])(
    "matches and covers nothing when it is none: %j",
    (pattern) => {
      for (const topic of ["a", "a.b", "", pattern]) {
        expect(matchesTopic(pattern, topic)).toBe(false);
        expect(coversTopic(pattern, topic)).toBe(false);
        expect(coversTopic("#", pattern)).toBe(false);
      }
    },
  );
});

describe("a granted topic pattern", () => {
  it.each([
    ["orders.#", "orders.#", true],
    ["orders.#", "orders.*", true],
    ["orders.#", "orders", true],
    ["orders.#", "orders.created", true],
    ["orders.#", "orders.*.#", true],
    ["orders.#", "#", false],
    ["orders.#", "*", false],
    ["orders.*", "orders.created", true],
    ["orders.*", "orders.#", false],
    ["orders.*", "orders.*.*", false],
    ["orders.created", "orders.*", false],
    ["*.created", "orders.created", true],
    ["*.*", "orders.*", true],
    ["#", "#", true],
    ["*.#", "#", true],
    ["*.*.#", "#", false],
  ])("%s covers %s: %s", (granted, requested, expected) => {
    expect(coversTopic(granted, requested)).toBe(expected);
  });

  // Every topic of up to four segments over an alphabet with one letter no pattern has: enough to tell any two patterns of
  // up to three segments apart.
  const letters = ["a", "b", "z"];
  const topics = [1, 2, 3].reduce(
    (all) => [...new Set([...all, ...all.flatMap((topic) => letters.map((letter) => `${topic}.${letter}`))])],
    letters,
  );

  it("covers a request exactly when every topic of the request is one of its own", () => {
    const random = new SeededRandom(1);
    let covered = 0;
    for (let round = 0; round < 2000; round += 1) {
      const granted = randomTopicPattern(random);
      const requested = randomTopicPattern(random);
      const requestedTopics = topics.filter((topic) => matchesTopic(requested, topic));
      const isWithin = requestedTopics.every((topic) => matchesTopic(granted, topic));
      expect(coversTopic(granted, requested), `${granted} covers ${requested}`).toBe(isWithin);
      if (isWithin) covered += 1;
    }
    expect(covered).toBeGreaterThan(100);
  });

  it("covers itself, and what is covered by what it covers", () => {
    const random = new SeededRandom(2);
    let chains = 0;
    for (let round = 0; round < 5000; round += 1) {
      const [one, two, three] = [randomTopicPattern(random), randomTopicPattern(random), randomTopicPattern(random)];
      expect(coversTopic(one, one)).toBe(true);
      if (!coversTopic(one, two) || !coversTopic(two, three)) continue;
      expect(coversTopic(one, three), `${one} ⊇ ${two} ⊇ ${three}`).toBe(true);
      chains += 1;
    }
    expect(chains).toBeGreaterThan(50);
  });

  it("never lets one segment stand for two", () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 2000; round += 1) {
      const pattern = random.list(1, 3, () => random.pick(["a", "b", "*"])).join(".");
      const depth = pattern.split(".").length;
      const topic = random.list(depth + 1, depth + 2, () => random.pick(["a", "b"])).join(".");
      expect(matchesTopic(pattern, topic), `${pattern} against ${topic}`).toBe(false);
    }
  });
});

function randomTopicPattern(random: SeededRandom): string {
  const segments = random.list(1, 3, () => random.pick(["a", "b", "*"]));
  if (random.isLucky(0.4)) segments[segments.length - 1] = "#";
  return segments.join(".");
}

describe("a granted component pattern", () => {
  it.each([
    ["*/*", "shop/*", true],
    ["shop/*", "shop/*", true],
    ["shop/*", "shop/orders", true],
    ["*/orders", "shop/orders", true],
    ["shop/orders", "shop/*", false],
    ["shop/*", "*/orders", false],
    ["shop/*", "shopping/orders", false],
    ["shop/*", "shop", false],
    ["shop", "shop", false],
    ["*/*", "shop/a/b", false],
  ])("%s covers %s: %s", (granted, requested, expected) => {
    expect(coversComponent(granted, requested)).toBe(expected);
  });

  it("covers exactly what it matches among ids", () => {
    for (const pattern of ["*/*", "a/*", "*/b", "a/b"]) {
      for (const id of ["a/b", "a/c", "c/b", "c/d", "a", "a/b/c"]) {
        expect(coversComponent(pattern, id)).toBe(matchesComponent(pattern, id));
      }
    }
  });
});
