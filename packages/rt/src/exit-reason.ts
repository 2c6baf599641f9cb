/**
 * Why an actor or supervisor left. `normal`: it stopped itself. `shutdown`: somebody else stopped it, or a supervisor ended in good
 * order because of `cause`. `error`: it threw, was killed, or failed its health checks; `error` is what it threw.
 */
export type ExitReason =
  | { readonly kind: "normal" }
  | { readonly kind: "shutdown"; readonly cause?: unknown }
  | { readonly kind: "error"; readonly error: unknown };

export const NORMAL: ExitReason = { kind: "normal" };
export const SHUTDOWN: ExitReason = { kind: "shutdown" };

/** What lies behind it: an error, or else the kind of the reason itself. */
export function causeOf(reason: ExitReason): unknown {
  switch (reason.kind) {
    case "normal":
      return reason.kind;
    case "shutdown":
      return reason.cause ?? reason.kind;
    case "error":
      return reason.error;
  }
}
