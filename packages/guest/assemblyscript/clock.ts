import * as host from "./host/clock";
import { returnArea } from "./canonical";

/** Nanoseconds since the Unix epoch. May jump when the operator sets the clock. */
export function now(): u64 {
  host.now(returnArea);
  return load<u64>(returnArea) * 1_000_000_000 + load<u32>(returnArea, 8);
}

/** Nanoseconds from an arbitrary start; never goes back. */
export function monotonic(): u64 {
  return host.monotonic();
}

/** Waits so long, and no longer than the call may take. Meanwhile nothing else is handled. */
export function sleepMillis(duration: u32): void {
  host.sleepMillis(duration);
}
