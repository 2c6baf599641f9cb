import type { Timestamp } from "./generated/airssys-core-types-types.ts";

/** Milliseconds since the epoch as the WIT record, rounded down to a nanosecond. */
export function toTimestamp(epochMs: number): Timestamp {
  const seconds = Math.floor(epochMs / 1000);
  const nanoseconds = Math.min(Math.floor((epochMs - seconds * 1000) * 1e6), 999_999_999);
  return { seconds: BigInt(seconds), nanoseconds };
}

/** Milliseconds of a clock that never goes back, as WIT has them. */
export function monotonicNanoseconds(ms: number): bigint {
  return BigInt(Math.floor(ms * 1e6));
}
