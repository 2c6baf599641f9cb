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
  export type Timestamp = import('airssys:core-types/types@1.0.0').Timestamp;
}
