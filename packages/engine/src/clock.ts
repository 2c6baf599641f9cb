import { setTimeout } from "node:timers/promises";

/** The time a component sees. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Nanoseconds from an arbitrary start; never goes back. */
  readonly monotonic: () => bigint;
  /** Resolves when `monotonic` has come to that instant, or is near. Without it, no guest can wait for time to pass. */
  readonly reach?: (instant: bigint, signal: AbortSignal) => Promise<void>;
  /** Stops the thread until `monotonic` has come to that instant. Without it, nothing ever stops the thread. */
  readonly block?: (instant: bigint) => void;
}

const NANOSECONDS_PER_MS = 1_000_000n;

/** The longest that a timer of Node can be set for. */
const MAX_TIMER_MS = 2_147_483_647n;

/** Milliseconds until an instant, never too few, and no more than a timer can be set for. */
function msUntil(instant: bigint): number {
  const left = (instant - process.hrtime.bigint() + NANOSECONDS_PER_MS - 1n) / NANOSECONDS_PER_MS;
  return Number(left > MAX_TIMER_MS ? MAX_TIMER_MS : left);
}

/** Nobody ever wakes who sleeps on it. */
const sleep = new Int32Array(new SharedArrayBuffer(4));

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => process.hrtime.bigint(),
  reach: async (instant, signal) => {
    const ms = msUntil(instant);
    if (ms > 0) await setTimeout(ms, undefined, { signal });
  },
  block: (instant) => {
    while (process.hrtime.bigint() < instant) Atomics.wait(sleep, 0, 0, msUntil(instant));
  },
};
