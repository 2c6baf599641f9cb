import type { Timestamp } from "./generated/airssys-core-types-types.ts";

/** Milliseconds since the epoch as the WIT record. */
export function toTimestamp(epochMs: number): Timestamp {
  const seconds = Math.floor(epochMs / 1000);
  return { seconds: BigInt(seconds), nanoseconds: Math.round((epochMs - seconds * 1000) * 1e6) };
}
