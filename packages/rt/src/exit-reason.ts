/**
 * Why an actor left. `normal`: it stopped itself. `shutdown`: somebody else stopped it. `error`: it threw, was killed, or
 * failed its health checks; `error` is what it threw.
 */
export type ExitReason =
  | { readonly kind: "normal" }
  | { readonly kind: "shutdown" }
  | { readonly kind: "error"; readonly error: unknown };

export const NORMAL: ExitReason = { kind: "normal" };
export const SHUTDOWN: ExitReason = { kind: "shutdown" };
