import { describe, expect, it } from "vitest";
import { Backoff, type BackoffOptions } from "../src/backoff.ts";
import { InvalidOptionError } from "../src/index.ts";

const inTheMiddle = (): number => 0.5;
const options: BackoffOptions = { minMs: 100, maxMs: 1000, factor: 2, jitter: 0.2 };

describe("backoff", () => {
  it("grows by its factor from the shortest delay to the longest", () => {
    const backoff = new Backoff(options, inTheMiddle);
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextDelayMs(0))).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it("adds or takes off its share of jitter", () => {
    expect(new Backoff(options, () => 0).nextDelayMs(0)).toBeCloseTo(80);
    expect(new Backoff(options, () => 1).nextDelayMs(0)).toBeCloseTo(120);
  });

  it("starts again only after a stable run", () => {
    const backoff = new Backoff(options, inTheMiddle);
    expect([0, 999, 999, 1000, 0].map((ranForMs) => backoff.nextDelayMs(ranForMs))).toEqual([100, 200, 400, 100, 200]);
  });

  it("may be told what a stable run is", () => {
    const backoff = new Backoff({ ...options, stableAfterMs: 50 }, inTheMiddle);
    expect([0, 49, 50].map((ranForMs) => backoff.nextDelayMs(ranForMs))).toEqual([100, 200, 100]);
  });

  it.each<Partial<BackoffOptions>>([{ minMs: -1 }, { maxMs: 99 }, { factor: 0.5 }, { jitter: 1.5 }])(
    "cannot be %o",
    (wrong) => {
      expect(() => new Backoff({ ...options, ...wrong }, inTheMiddle)).toThrow(InvalidOptionError);
    },
  );
});
