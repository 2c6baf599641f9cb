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

/** The error behind it, if there is one. */
export function errorBehind(reason: ExitReason): unknown {
  switch (reason.kind) {
    case "normal":
      return undefined;
    case "shutdown":
      return reason.cause;
    case "error":
      return reason.error;
  }
}

/** That somebody is shut down who relied on one that left with this reason: the error behind it is the cause. */
export function shutDownBy(reason: ExitReason): ExitReason {
  const cause = errorBehind(reason);
  return cause === undefined ? SHUTDOWN : { kind: "shutdown", cause };
}

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
