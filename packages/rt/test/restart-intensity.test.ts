import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../src/index.ts";
import { RestartIntensity } from "../src/restart-intensity.ts";
import { seededRandom } from "./seeded-random.ts";

describe("restart intensity", () => {
  it("allows as many restarts as it says within the window, and not one more", () => {
    const intensity = new RestartIntensity({ maxRestarts: 3, withinMs: 5000 });
    expect([0, 1, 2, 3].map((now) => intensity.allow(now))).toEqual([true, true, true, false]);
  });

  it("forgets restarts that are older than the window", () => {
    const intensity = new RestartIntensity({ maxRestarts: 1, withinMs: 100 });
    expect([0, 101, 202, 302].map((now) => intensity.allow(now))).toEqual([true, true, true, false]);
  });

  it("may allow none, or any number", () => {
    expect(new RestartIntensity({ maxRestarts: 0, withinMs: 1 }).allow(0)).toBe(false);
    const boundless = new RestartIntensity({ maxRestarts: Number.POSITIVE_INFINITY, withinMs: 1 });
    expect(Array.from({ length: 1000 }, () => boundless.allow(0)).every(Boolean)).toBe(true);
  });

  it("agrees with counting the restarts of the window one by one", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 50; round += 1) {
      const maxRestarts = random(5);
      const withinMs = 1 + random(50);
      const intensity = new RestartIntensity({ maxRestarts, withinMs });
      const times: number[] = [];
      let now = 0;
      for (let step = 0; step < 100; step += 1) {
        now += random(20);
        times.push(now);
        const recent = times.filter((time) => now - time <= withinMs).length;
        expect(intensity.allow(now)).toBe(recent <= maxRestarts);
      }
    }
  });

  it("must be a count and a window", () => {
    expect(() => new RestartIntensity({ maxRestarts: -1, withinMs: 5000 })).toThrow(InvalidOptionError);
    expect(() => new RestartIntensity({ maxRestarts: 1, withinMs: 0 })).toThrow(InvalidOptionError);
  });
});
