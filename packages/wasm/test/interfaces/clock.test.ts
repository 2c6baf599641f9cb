import { describe, expect, it } from "vitest";
import { monotonicNanoseconds, toTimestamp } from "../../src/timestamp.ts";
import { perform, Stage } from "../stage.ts";

describe("the clock", () => {
  it("is the system's: a virtual one moves components too", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "now", "monotonic")).toEqual(["1700000000000000000", "0"]);
    stage.clock.advanceSync(1500.25);
    expect(await perform(puppet, "now", "monotonic")).toEqual(["1700000001500250000", "1500250000"]);
  });
});

describe("a timestamp", () => {
  it("has whole seconds, and nanoseconds from 0 to 999,999,999", () => {
    expect(toTimestamp(0)).toEqual({ seconds: 0n, nanoseconds: 0 });
    expect(toTimestamp(1999.5)).toEqual({ seconds: 1n, nanoseconds: 999_500_000 });
    expect(toTimestamp(999.999_999_9)).toEqual({ seconds: 0n, nanoseconds: 999_999_999 });
  });

  it("of a time that never goes back never goes back", () => {
    expect(monotonicNanoseconds(0.000_000_6)).toBe(0n);
    expect(monotonicNanoseconds(1.5)).toBe(1_500_000n);
  });
});
