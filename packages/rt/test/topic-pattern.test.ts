import { describe, expect, it } from "vitest";
import { InvalidTopicError } from "../src/index.ts";
import { checkTopic, TopicPattern } from "../src/topic-pattern.ts";
import { seededRandom } from "./seeded-random.ts";

describe("a topic pattern", () => {
  it.each([
    ["orders.created", "orders.created", true],
    ["orders.created", "orders.paid", false],
    ["orders.*", "orders.paid", true],
    ["orders.*", "orders", false],
    ["orders.*", "orders.paid.late", false],
    ["*.paid", "orders.paid", true],
    ["orders.#", "orders", true],
    ["orders.#", "orders.paid.late", true],
    ["orders.#", "ordersx", false],
    ["#", "anything.at.all", true],
    ["*.*.#", "one", false],
  ])("%s matches %s: %s", (pattern, topic, expected) => {
    expect(new TopicPattern(pattern).matches(topic)).toBe(expected);
  });

  it.each(["", "a..b", "a.", "#.a", "a.b*", "a.#b"])("cannot be %j", (text) => {
    expect(() => new TopicPattern(text)).toThrow(InvalidTopicError);
  });

  it("agrees with the regular expression it stands for", () => {
    const random = seededRandom(11);
    const pick = (from: readonly string[]): string => from[random(from.length)] ?? "a";
    for (let round = 0; round < 2000; round += 1) {
      const segments = Array.from({ length: 1 + random(3) }, () => pick(["a", "b", "*"]));
      const isOpen = random(3) === 0;
      const topic = Array.from({ length: 1 + random(4) }, () => pick(["a", "b"])).join(".");
      const expression = segments.map((segment) => (segment === "*" ? "[^.]+" : segment)).join("\\.");
      const expected = new RegExp(`^${expression}${isOpen ? "(\\..*)?" : ""}$`).test(topic);
      expect(new TopicPattern([...segments, ...(isOpen ? ["#"] : [])].join(".")).matches(topic)).toBe(expected);
    }
  });
});

describe("a topic", () => {
  it.each(["", "a.*", "#", "a..b"])("cannot be %j", (name) => {
    expect(() => checkTopic(name)).toThrow(InvalidTopicError);
  });
});
