import type { Value } from "./workload.ts";

/** The value below which that share of all values lies: 0.99 for the one that a hundredth of them exceeds. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * The same for delays that were seen, in microseconds, while something was watched. Where one of them took nearly all that time,
 * nobody else got a turn: then it is that one.
 */
export function delayValue(delays: readonly number[], share: number, watchedMs: number): Value {
  const longest = delays.reduce((one, other) => Math.max(one, other), 0);
  return longest > watchedMs * 900 ? { value: longest, isStarved: true } : { value: quantile(delays, share) };
}
