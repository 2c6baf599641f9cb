import { ActorSystem, type ActorRef } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { SeedFailedError, seededDispatch, seededRandom, settled, underSeeds } from "../src/index.ts";

/** In which order ten actors that send to each other handle what they get. */
async function interleaving(seed: number): Promise<string> {
  await using system = new ActorSystem("test", { dispatcher: seededDispatch(seed), random: seededRandom(seed) });
  const steps: string[] = [];
  const refs: ActorRef<number>[] = Array.from({ length: 10 }, (_, index) =>
    system.spawn<number>(() => ({
      receive: async (left) => {
        steps.push(`${index}:${left}`);
        if (left % 3 === 0) await Promise.resolve();
        if (left > 0) refs[(index + left) % 10]?.tell(left - 1);
      },
    })),
  );
  for (const ref of refs) ref.tell(5);
  await settled(system);
  return steps.join(" ");
}

describe("a seed", () => {
  it("gives the same interleaving every time, and another seed another", async () => {
    const runs = await Promise.all([1, 1, 2, 3].map((seed) => interleaving(seed)));
    expect(runs[0]).toBe(runs[1]);
    expect(new Set(runs).size).toBe(3);
    expect(runs[0]?.split(" ").length).toBe(60);
  });

  it("that fails is named, and can be replayed", async () => {
    const tried: number[] = [];
    const test = (seed: number): void => {
      tried.push(seed);
      if (seed === 7) throw new RangeError("lost an order");
    };
    const failure: unknown = await underSeeds({ count: 100 }, test).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SeedFailedError);
    expect(failure).toMatchObject({ seed: 7, code: "TESTKIT_SEED_FAILED", cause: { message: "lost an order" } });
    expect(tried).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await expect(underSeeds(7, test)).rejects.toThrow("under seed 7");
    expect(tried.at(-1)).toBe(7);
  });

  it("makes numbers from 0 to below 1 that look like chance", () => {
    const random = seededRandom(5);
    const numbers = Array.from({ length: 10_000 }, () => random());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(Math.abs(numbers.reduce((sum, number) => sum + number, 0) / 10_000 - 0.5)).toBeLessThan(0.02);
  });
});
