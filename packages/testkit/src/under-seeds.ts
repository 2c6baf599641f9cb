import { SeedFailedError } from "./errors.ts";

export interface SeedRange {
  /** The first seed; 1 unless said. */
  readonly from?: number;
  readonly count: number;
}

/**
 * Runs a test once per seed, one after the other. Give it a single seed to replay that one.
 * @throws SeedFailedError, with the seed and the cause, for the first that fails.
 */
export async function underSeeds(
  seeds: number | SeedRange,
  test: (seed: number) => Promise<void> | void,
): Promise<void> {
  const { from = 1, count } = typeof seeds === "number" ? { from: seeds, count: 1 } : seeds;
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      await test(seed);
    } catch (error) {
      throw new SeedFailedError(seed, error);
    }
  }
}
