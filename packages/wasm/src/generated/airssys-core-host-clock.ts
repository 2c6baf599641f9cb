// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/clock@1.0.0 **/
/**
 * The time of day. May jump when the operator sets the clock.
 */
export declare function now(): Timestamp;
/**
 * Nanoseconds from an arbitrary start; never goes back. For measuring how long something took.
 */
export declare function monotonic(): bigint;
export type Timestamp = import('./airssys-core-types-types.ts').Timestamp;
