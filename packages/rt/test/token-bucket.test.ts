import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../src/index.ts";
import { TokenBucket } from "../src/token-bucket.ts";

describe("a token bucket", () => {
  it("lets a burst through at once, and then the rate", () => {
    const bucket = new TokenBucket({ messagesPerSecond: 10, burst: 2 }, 0);
    expect([0, 0, 0, 99, 100, 100, 200].map((now) => bucket.take(now))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it("never holds more than its burst", () => {
    const bucket = new TokenBucket({ messagesPerSecond: 10, burst: 2 }, 0);
    expect([10_000, 10_000, 10_000].map((now) => bucket.take(now))).toEqual([true, true, false]);
  });

  it("needs a rate above nothing", () => {
    expect(() => new TokenBucket({ messagesPerSecond: 0 }, 0)).toThrow(InvalidOptionError);
    expect(() => new TokenBucket({ messagesPerSecond: 1, burst: 0 }, 0)).toThrow(InvalidOptionError);
  });
});
