import { seededRandom } from "@airssys/storage/conformance";
import { describe, expect, it } from "vitest";
import { compareKeys } from "../src/index.ts";

const characters = ["", "\u0000", "a", "b", "\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff"];
const astral = ["\u{10000}", "\u{103ff}", "\u{10400}", "\u{1f600}", "\u{10ffff}"];

describe("the order of keys", () => {
  it("is that of their bytes in UTF-8", () => {
    const random = seededRandom(7);
    const all = [...characters, ...astral];
    const text = (): string => Array.from({ length: random(5) }, () => all[random(all.length)] ?? "").join("");
    for (let round = 0; round < 20_000; round += 1) {
      const [a, b] = [text(), text()];
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(Math.sign(compareKeys(a, b)), JSON.stringify([a, b])).toBe(expected);
    }
  });

  it("is not that of JavaScript, which puts halves of characters before others", () => {
    expect(["\uffff", "\u{10000}"].toSorted()).toEqual(["\u{10000}", "\uffff"]);
    expect(["\u{10000}", "\uffff"].toSorted(compareKeys)).toEqual(["\uffff", "\u{10000}"]);
  });
});
