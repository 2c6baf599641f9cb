import { describe, expect, it } from "vitest";
import { memoryShares } from "../src/memory-shares.ts";

const PAGE = 65_536;
const memory = (
  initialPages: number,
  maximumPages?: number,
): { importName: string; initialPages: number; maximumPages?: number } =>
  maximumPages === undefined ? { importName: "m", initialPages } : { importName: "m", initialPages, maximumPages };

describe("memory shares", () => {
  it("give one memory everything, up to its own maximum", () => {
    expect(memoryShares([memory(1)], 10 * PAGE)).toEqual([10]);
    expect(memoryShares([memory(1, 4)], 10 * PAGE)).toEqual([4]);
    expect(memoryShares([memory(1)], Number.MAX_SAFE_INTEGER)).toEqual([65_536]);
  });

  it("deal out evenly what is left, and what one cannot use goes to the others", () => {
    expect(memoryShares([memory(1), memory(1)], 10 * PAGE)).toEqual([5, 5]);
    expect(memoryShares([memory(1), memory(2, 3), memory(1)], 10 * PAGE)).toEqual([3, 3, 4]);
  });

  it("never sum up to more than the limit, nor to less than the initial sizes", () => {
    for (let pages = 6; pages < 60; pages += 1) {
      const memories = [memory(3, 9), memory(1), memory(2, 2), memory(0, 30)];
      const shares = memoryShares(memories, pages * PAGE + 17) ?? [];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(pages);
      memories.forEach(({ initialPages }, index) => expect(shares[index]).toBeGreaterThanOrEqual(initialPages));
    }
  });

  it("do not exist when the initial sizes exceed the limit", () => {
    expect(memoryShares([memory(2), memory(3)], 5 * PAGE - 1)).toBeUndefined();
  });

  it("are none for a component without memory", () => {
    expect(memoryShares([], 0)).toEqual([]);
  });
});
