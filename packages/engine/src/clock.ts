/** The time a component sees. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Nanoseconds from an arbitrary start; never goes back. */
  readonly monotonic: () => bigint;
}

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => process.hrtime.bigint(),
};
