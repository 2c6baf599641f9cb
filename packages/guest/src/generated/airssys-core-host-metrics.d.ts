// Generated from wit/ by `pnpm generate`. Do not edit.
declare module 'airssys:core-host/metrics@1.0.0' {
  /**
   * Adds to a counter. What is below zero is dropped.
   */
  export function counter(name: string, labels: Array<[string, string]>, add: number): void;
  /**
   * Sets a gauge.
   */
  export function gauge(name: string, labels: Array<[string, string]>, value: number): void;
  /**
   * Records one observation.
   */
  export function histogram(name: string, labels: Array<[string, string]>, value: number): void;
}
