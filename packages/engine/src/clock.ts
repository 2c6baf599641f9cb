import { setTimeout } from "node:timers/promises";

/** The time a component sees. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Nanoseconds from an arbitrary start; never goes back. */
  readonly monotonic: () => bigint;
  /** Resolves when `monotonic` has come to that instant, or is near. Without it, no guest can wait for time to pass. */
  readonly reach?: (instant: bigint, signal: AbortSignal) => Promise<void>;
}

const NANOSECONDS_PER_MS = 1_000_000n;

/** The longest that a timer of Node can be set for. */
const MAX_TIMER_MS = 2_147_483_647n;

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => process.hrtime.bigint(),
  reach: async (instant, signal) => {
    const left = (instant - process.hrtime.bigint() + NANOSECONDS_PER_MS - 1n) / NANOSECONDS_PER_MS;
    if (left > 0n) await setTimeout(Number(left > MAX_TIMER_MS ? MAX_TIMER_MS : left), undefined, { signal });
  },
};
