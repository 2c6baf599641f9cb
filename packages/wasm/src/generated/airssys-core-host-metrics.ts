// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/metrics@1.0.0 **/
/**
 * Adds to a counter. What is below zero is dropped.
 */
export declare function counter(name: string, labels: Array<[string, string]>, add: number): void;
/**
 * Sets a gauge.
 */
export declare function gauge(name: string, labels: Array<[string, string]>, value: number): void;
/**
 * Records one observation.
 */
export declare function histogram(name: string, labels: Array<[string, string]>, value: number): void;
