// Generated from wit/ by `pnpm generate`. Do not edit.
/// <reference path="./airssys-core-types-types.d.ts" />
declare module 'airssys:core-host/clock@1.0.0' {
  /**
   * The time of day. May jump when the operator sets the clock.
   */
  export function now(): Timestamp;
  /**
   * Nanoseconds from an arbitrary start; never goes back. For measuring how long something took.
   */
  export function monotonic(): bigint;
  /**
   * Waits for so many milliseconds of the clock that `now` reads. The wait is part of the call: at its deadline, `timeout_ms` in
   * Component.toml, the call ends and the instance with it. Meanwhile nothing else is handled, not even a health check. To be
   * called from `init` on: what runs while an instance is being made cannot wait.
   */
  export function sleepMillis(duration: number): void;
  export type Timestamp = import('airssys:core-types/types@1.0.0').Timestamp;
}
